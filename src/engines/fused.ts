import type { Points } from "../data/points.js";
import { unavailableError } from "../errors.js";
import { lossOf } from "../model/losses/index.js";
import { movingTensors, type NetworkSpec, norms, trainedTensors } from "../model/network.js";
import { normalizerOf } from "../model/normalizers/index.js";
import { optimizerOf } from "../model/optimizers/index.js";
import type { Tensor } from "../model/tensors.js";
import {
  type Advance,
  type ArmTask,
  type Costs,
  type Engine,
  type EngineArm,
  type LayerObservation,
  type Moments,
  type NormObservation,
  type ObservedPoints,
  requireSample,
  withoutGhostBatches,
} from "./engine.js";
import {
  CHUNK,
  copyOf,
  FLOAT,
  type Place,
  type PlacedPoints,
  placePoints,
  placesOf,
  readTensors,
  requireMemory,
  requireStatisticsMemory,
  SLACK,
  writeRows,
  writeTensors,
} from "./fused-memory.js";
import {
  ACTIVATION_NUMBERS,
  type Address,
  floats,
  instantiateKernel,
  type Kernel,
  TRANSFORM_NUMBERS,
} from "./kernel-module.js";

/**
 * The engine `fused`: hand-derived passes in WebAssembly SIMD (`src/kernel/`), every operation in a fixed order, so the
 * same task gives the same bytes on every machine. This file needs nothing of Node; the host compiles the module.
 *
 * Each arm has an instance with a memory of its own: dropping the arm frees it.
 */
export function createFusedEngine(module: WebAssembly.Module): Engine {
  return {
    info: { name: "fused", backend: "wasm-simd", reproducible: "everywhere", libraries: {} },
    createArm: (task) => createFusedArm(module, task),
    dispose() {},
  };
}

function createFusedArm(module: WebAssembly.Module, task: ArmTask): EngineArm {
  const kernel = instantiateKernel(module);
  const { spec, training, evaluation, sample } = task;
  const depth = spec.sizes.length - 1;
  const inputs = spec.sizes[0] as number;
  const norm = spec.normalization;
  const batchSize = Math.min(task.batchSize, training.samples);
  const batches = Math.ceil(training.samples / batchSize);
  requireMemory(task, batchSize);

  const net = buildNet(kernel, spec, Math.max(batchSize, evaluation.samples, sample?.samples ?? 0));
  const { epsilon, decay, debias } = norm ?? { epsilon: 0, decay: 0, debias: false };
  kernel.configure(net, spec.learningRate, epsilon, decay, debias ? 1 : 0, task.initial.update);
  const normIndices = new Set(norms(spec).map(({ index }) => index));
  const parameterPlaces = placesOf(trainedTensors(spec));
  const movingPlaces = placesOf(movingTensors(spec));
  writeTensors(kernel, kernel.parametersOf(net), parameterPlaces, task.initial.tensors);
  writeTensors(kernel, kernel.movingOf(net), movingPlaces, task.initial.tensors);

  const placedTraining = placePoints(kernel, training, inputs);
  const placed = (points: Points) => (points === training ? placedTraining : placePoints(kernel, points, inputs));
  const placedEvaluation = placed(evaluation);
  const placedSample = sample === undefined ? undefined : placed(sample);
  kernel.setTraining(net, placedTraining.x, placedTraining.y, training.samples, batchSize);
  const chunkX = kernel.allocate((inputs * CHUNK + SLACK) * FLOAT);
  const chunkOut = kernel.allocate(CHUNK * FLOAT);

  /** The points to look at, as a pass takes them. */
  function chosen(points: ObservedPoints): PlacedPoints {
    isUpdates = false;
    if (points === "evaluation") return placedEvaluation;
    if (points === "sample") {
      requireSample(task);
      return placedSample as PlacedPoints;
    }
    const first = (kernel.updateOf(net) % batches) * batchSize;
    return {
      x: placedTraining.x + first * FLOAT,
      xRow: placedTraining.xRow,
      y: placedTraining.y + first * FLOAT,
      samples: Math.min(batchSize, training.samples - first),
    };
  }

  function evaluationCost(inference: boolean): number {
    isUpdates = false;
    const { x, xRow, y, samples } = placedEvaluation;
    return kernel.cost(net, x, xRow, y, samples, inference ? 1 : 0);
  }

  /** Statistics of norm `index` in the last pass, which was in training mode. */
  function normObservation(index: number): NormObservation {
    const divisor = kernel.movingDivisor(net);
    const moving = (suffix: string) => {
      const place = movingPlaces.find(({ name }) => name === `norms.${index}.${suffix}`) as Place;
      return Float64Array.from(copyOf(kernel, kernel.movingOf(net), place), (value) => value / divisor);
    };
    const { mean, variance } = batchMoments(kernel, net, index, spec.sizes[index] as number);
    return {
      batchMean: mean,
      batchVariance: variance,
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
      ...(normIndices.has(layer + 1) ? { norm: normObservation(layer + 1) } : {}),
    };
  }

  let statistics: StatisticsNet | undefined;
  /** Whether the last pass in training mode was that of the last update. */
  let isUpdates = false;

  return {
    get update() {
      return kernel.updateOf(net);
    },
    advance(target): Advance {
      const before = kernel.updateOf(net);
      const update = kernel.advance(net, target);
      const hasDiverged = kernel.hasDiverged(net) !== 0;
      isUpdates = !hasDiverged && (isUpdates || update > before);
      return { status: hasDiverged ? "diverged" : "reached", update };
    },
    averaged() {
      if (!isUpdates) throw new Error("the arm has looked at other points since its last update");
      if (normIndices.size === 0) return [];
      return [new Map(norms(spec).map(({ index, units }) => [index, batchMoments(kernel, net, index, units)]))];
    },
    recalibrated: () => undefined,
    populationMoments: () => new Map(),
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
        ...(normIndices.has(0) ? { inputNorm: normObservation(0) } : {}),
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
    normStatistics({ samples, x }) {
      if (normIndices.size === 0) return new Map();
      if (statistics === undefined || statistics.capacity < samples)
        statistics = createStatisticsNet(module, spec, samples);
      const parameters = parameterPlaces.reduce((sum, { length }) => sum + length, 0);
      return statistics.measure(floats(kernel, kernel.parametersOf(net), parameters), x, samples);
    },
    dispose() {},
  };
}

/** Measures norms on points that may be more than any pass of the arm takes. */
interface StatisticsNet {
  readonly capacity: number;
  /** `x` row-major, in one batch. */
  measure(parameters: Float32Array, x: Float32Array, samples: number): Map<number, Moments>;
}

/** In an instance of its own: one that has become too small is dropped with its memory. */
function createStatisticsNet(module: WebAssembly.Module, spec: NetworkSpec, capacity: number): StatisticsNet {
  requireStatisticsMemory(spec, capacity);
  const kernel = instantiateKernel(module);
  const net = buildNet(kernel, withoutGhostBatches(spec), capacity, true);
  kernel.configure(net, 0, spec.normalization?.epsilon ?? 0, 0, 0, 0);
  const inputs = spec.sizes[0] as number;
  const rows = kernel.allocate((inputs * capacity + SLACK) * FLOAT);
  return {
    capacity,
    measure(parameters, x, samples) {
      floats(kernel, kernel.parametersOf(net), parameters.length).set(parameters);
      writeRows(floats(kernel, rows, inputs * samples), x, inputs, 0, samples, samples);
      kernel.statisticsPass(net, rows, samples * FLOAT, samples);
      return new Map(norms(spec).map(({ index, units }) => [index, batchMoments(kernel, net, index, units)]));
    },
  };
}

/** Moments of norm `index` in the last pass in training mode. */
function batchMoments(kernel: Kernel, net: Address, index: number, units: number): Moments {
  return {
    mean: Float64Array.from({ length: units }, (_, f) => kernel.batchMean(net, index, f)),
    variance: Float64Array.from({ length: units }, (_, f) => kernel.batchVariance(net, index, f)),
  };
}

function buildNet(kernel: Kernel, spec: NetworkSpec, capacity: number, forwardOnly = false): Address {
  const activation = ACTIVATION_NUMBERS[spec.activation];
  if (activation === undefined) {
    throw unavailableError(`the engine fused has no kernel for ${spec.activation}; use --engine tfjs or reference`);
  }
  requireKernels(spec);
  const net = kernel.createNet(spec.sizes.length - 1, activation);
  if (spec.normalization !== undefined) {
    const { where = "all", transform = "standardize", affine = true, position = "before" } = spec.normalization;
    kernel.setNormalization(
      net,
      where === "hidden" ? 0 : 1,
      where === "input" ? 0 : 1,
      position === "after" ? 1 : 0,
      affine ? 1 : 0,
      TRANSFORM_NUMBERS[transform],
      Math.min(spec.normalization.ghostBatchSize ?? 0, capacity),
    );
  }
  const sizes = kernel.allocate(spec.sizes.length * FLOAT);
  new Int32Array(kernel.memory.buffer, sizes, spec.sizes.length).set(spec.sizes);
  kernel.buildNet(net, sizes, capacity, forwardOnly ? 1 : 0);
  return net;
}

/** Throws an unavailable error where a definition that the network uses has no kernel. */
function requireKernels(spec: NetworkSpec): void {
  const { normalization = { epsilon: 0, decay: 0, debias: false }, optimization = {} } = spec;
  const missing = [normalizerOf(normalization), optimizerOf(optimization), lossOf(spec)].find(
    ({ kernel }) => kernel === undefined,
  );
  if (missing !== undefined)
    throw unavailableError(`the engine fused has no kernel for ${missing.label}; use --engine tfjs or reference`);
  if (normalization.frozenFrom !== undefined || (optimization.weightDecay ?? 0) > 0)
    throw unavailableError("the engine fused has no kernel for it; use --engine tfjs or reference");
}

/** √Σ v², in double and in order; the square root is exact in every JavaScript engine. */
function euclideanNorm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
