import { unavailableError } from "../errors.js";
import { parameterNames } from "../model/network.js";
import type { Tensor } from "../model/tensors.js";
import type {
  Advance,
  ArmTask,
  Costs,
  Engine,
  EngineArm,
  LayerObservation,
  NormObservation,
  ObservedPoints,
} from "./engine.js";
import {
  CHUNK,
  copyOf,
  FLOAT,
  movingNames,
  type Place,
  type PlacedPoints,
  placePoints,
  placesOf,
  readTensors,
  requireMemory,
  SLACK,
  writeRows,
  writeTensors,
} from "./fused-memory.js";
import { ACTIVATION_NUMBERS, type Address, floats, instantiateKernel, type Kernel } from "./kernel-module.js";

/**
 * The engine `fused`: hand-derived passes in WebAssembly SIMD (`src/kernel/`), every operation in a fixed order, so the
 * same task gives the same bytes on every machine. This file needs nothing of Node; the host compiles the module.
 *
 * Each arm has an instance with a memory of its own: dropping the arm frees it.
 */
export function createFusedEngine(module: WebAssembly.Module): Engine {
  return {
    info: { name: "fused", backend: "wasm-simd", reproducible: "everywhere", libraries: {} },
    createArm: (task) => createFusedArm(instantiateKernel(module), task),
    dispose() {},
  };
}

function createFusedArm(kernel: Kernel, task: ArmTask): EngineArm {
  const { spec, training, evaluation } = task;
  const depth = spec.sizes.length - 1;
  const inputs = spec.sizes[0] as number;
  const norm = spec.normalization;
  const batchSize = Math.min(task.batchSize, training.samples);
  const batches = Math.ceil(training.samples / batchSize);
  requireMemory(task, batchSize);

  const net = buildNet(kernel, task, Math.max(batchSize, evaluation.samples));
  const parameterPlaces = placesOf(parameterNames(spec), spec.sizes);
  const movingPlaces = placesOf(movingNames(spec), spec.sizes);
  writeTensors(kernel, kernel.parametersOf(net), parameterPlaces, task.initial.tensors);
  writeTensors(kernel, kernel.movingOf(net), movingPlaces, task.initial.tensors);

  const placedTraining = placePoints(kernel, training, inputs);
  const placedEvaluation = evaluation === training ? placedTraining : placePoints(kernel, evaluation, inputs);
  kernel.setTraining(net, placedTraining.x, placedTraining.y, training.samples, batchSize);
  const chunkX = kernel.allocate((inputs * CHUNK + SLACK) * FLOAT);
  const chunkOut = kernel.allocate(CHUNK * FLOAT);

  /** The points to look at, as a pass takes them. */
  function chosen(points: ObservedPoints): PlacedPoints {
    if (points === "evaluation") return placedEvaluation;
    const first = (kernel.updateOf(net) % batches) * batchSize;
    return {
      x: placedTraining.x + first * FLOAT,
      xRow: placedTraining.xRow,
      y: placedTraining.y + first * FLOAT,
      samples: Math.min(batchSize, training.samples - first),
    };
  }

  function evaluationCost(inference: boolean): number {
    const { x, xRow, y, samples } = placedEvaluation;
    return kernel.cost(net, x, xRow, y, samples, inference ? 1 : 0);
  }

  /** Statistics of norm `index` in the last pass, which was in training mode. */
  function normObservation(index: number): NormObservation {
    const units = spec.sizes[index] as number;
    const divisor = kernel.movingDivisor(net);
    const moving = (suffix: string) => {
      const place = movingPlaces.find(({ name }) => name === `norms.${index}.${suffix}`) as Place;
      return Float64Array.from(copyOf(kernel, kernel.movingOf(net), place), (value) => value / divisor);
    };
    return {
      batchMean: Float64Array.from({ length: units }, (_, f) => kernel.batchMean(net, index, f)),
      batchVariance: Float64Array.from({ length: units }, (_, f) => kernel.batchVariance(net, index, f)),
      movingMean: moving("moving_mean"),
      movingVariance: moving("moving_variance"),
    };
  }

  function layerObservation(layer: number, samples: number): LayerObservation {
    const rows = (address: Address, count: number) => floats(kernel, address, count * samples).slice();
    const kernelPlace = parameterPlaces.find(({ name }) => name === `layers.${layer}.kernel`) as Place;
    return {
      preActivation: rows(kernel.seenPreActivation(net, layer), spec.sizes[layer + 1] as number),
      layerInput: rows(kernel.seenInput(net, layer), spec.sizes[layer] as number),
      gradientNorms: {
        kernel: euclideanNorm(copyOf(kernel, kernel.gradientsOf(net), kernelPlace)),
        preActivation: Math.sqrt(kernel.gradientSquares(net, layer)),
      },
      ...(norm !== undefined && layer + 1 < depth ? { norm: normObservation(layer + 1) } : {}),
    };
  }

  return {
    get update() {
      return kernel.updateOf(net);
    },
    advance(target): Advance {
      const update = kernel.advance(net, target);
      return { status: kernel.hasDiverged(net) ? "diverged" : "reached", update };
    },
    costs(): Costs {
      const train = evaluationCost(false);
      if (norm === undefined) return { train, inference: train };
      return { train, inference: kernel.updateOf(net) === 0 ? null : evaluationCost(true) };
    },
    observe(points) {
      const { x, xRow, y, samples } = chosen(points);
      const cost = kernel.observePass(net, x, xRow, y, samples);
      return {
        update: kernel.updateOf(net),
        cost,
        ...(norm === undefined ? {} : { inputNorm: normObservation(0) }),
        layers: Array.from({ length: depth }, (_, layer) => layerObservation(layer, samples)),
      };
    },
    gradients(points) {
      const { x, xRow, y, samples } = chosen(points);
      kernel.gradientPass(net, x, xRow, y, samples);
      return readTensors(kernel, kernel.gradientsOf(net), parameterPlaces);
    },
    state() {
      const parameters = readTensors(kernel, kernel.parametersOf(net), parameterPlaces);
      const moving = readTensors(kernel, kernel.movingOf(net), movingPlaces);
      // In the order of the initial state: a digest of a state runs over its tensors in order.
      const names = [...task.initial.tensors.keys()];
      const tensors = new Map(names.map((name) => [name, (parameters.get(name) ?? moving.get(name)) as Tensor]));
      return { update: kernel.updateOf(net), tensors };
    },
    predict({ samples, x }) {
      const predictions = new Float32Array(samples);
      for (let first = 0; first < samples; first += CHUNK) {
        const count = Math.min(CHUNK, samples - first);
        writeRows(floats(kernel, chunkX, inputs * CHUNK), x, inputs, first, count, CHUNK);
        kernel.predict(net, chunkX, CHUNK * FLOAT, count, chunkOut);
        predictions.set(floats(kernel, chunkOut, count), first);
      }
      return predictions;
    },
    dispose() {},
  };
}

function buildNet(kernel: Kernel, { spec, initial }: ArmTask, capacity: number): Address {
  const sizes = kernel.allocate(spec.sizes.length * FLOAT);
  new Int32Array(kernel.memory.buffer, sizes, spec.sizes.length).set(spec.sizes);
  const norm = spec.normalization;
  const activation = ACTIVATION_NUMBERS[spec.activation];
  if (activation === undefined) {
    throw unavailableError(`the engine fused has no kernel for ${spec.activation}; use --engine tfjs or reference`);
  }
  const net = kernel.createNet(sizes, spec.sizes.length - 1, activation, norm === undefined ? 0 : 1, capacity);
  const { epsilon, decay, debias } = norm ?? { epsilon: 0, decay: 0, debias: false };
  kernel.configure(net, spec.learningRate, epsilon, decay, debias ? 1 : 0, initial.update);
  return net;
}

/** √Σ v², in double and in order; the square root is exact in every JavaScript engine. */
function euclideanNorm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
