import type { Points } from "../data/points.js";
import { unavailableError } from "../errors.js";
import { pixelsOf, type Shape, type Stage, stagesOf } from "../model/layers/stages.js";
import { lossOf } from "../model/losses/index.js";
import {
  hasMovingAverages,
  movingTensors,
  type NetworkSpec,
  type Normalization,
  norms,
  slotName,
  trainedTensors,
} from "../model/network.js";
import { normalizerOf } from "../model/normalizers/index.js";
import { RENORM_MAX, RENORM_SHIFT } from "../model/normalizers/renorm.js";
import { BETA1, BETA2 } from "../model/optimizers/adam.js";
import { optimizerOf } from "../model/optimizers/index.js";
import { MOMENTUM } from "../model/optimizers/momentum.js";
import { at } from "../model/rows.js";
import { t } from "../text/language.js";
import {
  type Advance,
  type ArmTask,
  costsIn,
  type Engine,
  type EngineArm,
  type Evaluation,
  isFrozen,
  type LayerObservation,
  type Moments,
  type NormObservation,
  type ObservedPoints,
  requireSample,
  updateSize,
  withoutGhostBatches,
} from "./engine.js";
import { buildImages } from "./fused-images.js";
import {
  copyOf,
  FLOAT,
  inputForm,
  type Place,
  type PlacedPoints,
  placePoints,
  placesOf,
  readTensors,
  requireMemory,
  requireStatisticsMemory,
  SLACK,
  samplesAtOnce,
  writeRows,
  writeTensors,
} from "./fused-memory.js";
import {
  ACTIVATION_NUMBERS,
  type Address,
  floats,
  instantiateKernel,
  type Kernel,
  MODE_NUMBERS,
  TRANSFORM_NUMBERS,
} from "./kernel-module.js";

/**
 * The `fused` engine: hand-derived passes in WebAssembly SIMD (`src/kernel/`), every operation in a fixed order, so the
 * same task gives the same bytes on every machine. This file does not need Node; the host compiles the module.
 *
 * Each arm has its own instance and memory, which are freed with the arm.
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
  const stages = stagesOf(spec);
  const depth = stages.length;
  const form = inputForm(spec);
  const inputs = form.channels * form.pixels;
  const atOnce = samplesAtOnce(form);
  const outputs = spec.sizes[depth] ?? 1;
  const { classes } = lossOf(spec);
  const hasModes = hasMovingAverages(spec);
  const batchSize = Math.min(task.batchSize, training.samples);
  const size = updateSize(task);
  const updatesPerPass = Math.ceil(training.samples / size);
  const accumulate = Math.ceil(size / batchSize);
  requireMemory(task, size);

  const net = buildNet(kernel, spec, Math.max(size, evaluation.samples, sample?.samples ?? 0), { accumulate });
  configure(kernel, net, spec, task.initial.update);
  const normUnits = new Map(norms(spec).map(({ index, units }) => [index, units]));
  const parameterPlaces = placesOf(trainedTensors(spec));
  const movingPlaces = placesOf(movingTensors(spec));
  writeTensors(kernel, kernel.parametersOf(net), parameterPlaces, task.initial.tensors);
  writeTensors(kernel, kernel.movingOf(net), movingPlaces, task.initial.tensors);
  const slots = optimizerOf(spec.optimization ?? {}).slots.map((slot, i) => ({
    block: kernel.slotsOf(net) + i * kernel.slotBytesOf(net),
    places: parameterPlaces.map((place) => ({ ...place, name: slotName(slot, place.name) })),
  }));
  for (const { block, places } of slots) writeTensors(kernel, block, places, task.initial.tensors);

  const placedTraining = placePoints(kernel, training, form);
  const placed = (points: Points) => (points === training ? placedTraining : placePoints(kernel, points, form));
  const placedEvaluation = placed(evaluation);
  const placedSample = sample === undefined ? undefined : placed(sample);
  kernel.setTraining(net, placedTraining.x, placedTraining.y, training.samples, batchSize);
  const chunkX = kernel.allocate((inputs * atOnce + SLACK) * FLOAT);
  const chunkOut = kernel.allocate(outputs * atOnce * FLOAT);

  /** The points to look at, as a pass takes them. */
  function chosen(points: ObservedPoints): PlacedPoints & { readonly batch: number } {
    lastPass = "other";
    if (points === "evaluation") return { ...placedEvaluation, batch: placedEvaluation.samples };
    if (points === "sample") {
      requireSample(task);
      const placed = placedSample ?? placedEvaluation;
      return { ...placed, batch: placed.samples };
    }
    const first = (kernel.updateOf(net) % updatesPerPass) * size;
    return {
      x: placedTraining.x + first * form.pixels * FLOAT,
      xRow: placedTraining.xRow,
      pixels: form.pixels,
      y: placedTraining.y + first * FLOAT,
      samples: Math.min(size, training.samples - first),
      batch: batchSize,
    };
  }

  function evaluate(mode: keyof typeof MODE_NUMBERS): Evaluation {
    lastPass = "other";
    const { x, xRow, y, samples } = placedEvaluation;
    const cost = kernel.cost(net, x, xRow, y, samples, MODE_NUMBERS[mode]);
    return classes ? { cost, accuracy: kernel.correctOf(net) / samples } : { cost };
  }

  /** Moments of the norms over points that may be more than any pass of the arm takes, in one batch. */
  function momentsOver({ samples, x }: Omit<Points, "y">, population: boolean): Map<number, Moments> {
    if (!hasModes) return new Map();
    if (statistics === undefined || statistics.capacity < samples)
      statistics = createStatisticsNet(module, spec, samples);
    const floatsOf = (block: Address, places: readonly Place[]) =>
      floats(
        kernel,
        block,
        places.reduce((sum, { length }) => sum + length, 0),
      );
    return statistics.measure(
      {
        update: kernel.updateOf(net),
        parameters: floatsOf(kernel.parametersOf(net), parameterPlaces),
        moving: floatsOf(kernel.movingOf(net), movingPlaces),
      },
      { x, samples },
      population,
    );
  }

  /** What each batch of the last update put into the moving averages. */
  function lastMoves(): Map<number, Moments>[] {
    const first = ((kernel.updateOf(net) - 1) % updatesPerPass) * size;
    const batches = Math.ceil(Math.min(size, training.samples - first) / batchSize);
    if (accumulate === 1)
      return [new Map(norms(spec).map(({ index, units }) => [index, batchMoments(kernel, net, index, units)]))];
    return Array.from(
      { length: batches },
      (_, batch) =>
        new Map(
          norms(spec).map(({ index, units: length }) => [
            index,
            {
              mean: Float64Array.from({ length }, (_value, f) => kernel.movedMean(net, index, batch, f)),
              variance: Float64Array.from({ length }, (_value, f) => kernel.movedVariance(net, index, batch, f)),
            },
          ]),
        ),
    );
  }

  /** Statistics of norm `index` in the last pass, which was in training mode. */
  function normObservation(index: number): NormObservation {
    const divisor = kernel.movingDivisor(net);
    const moving = (suffix: string) => {
      const place = movingPlaces.find(({ name }) => name === `norms.${index}.${suffix}`) as Place;
      return Float64Array.from(copyOf(kernel, kernel.movingOf(net), place), (value) => value / divisor);
    };
    const units = normUnits.get(index) ?? 0;
    const { mean, variance } = batchMoments(kernel, net, index, units);
    return {
      batchMean: mean,
      batchVariance: variance,
      movingMean: moving("moving_mean"),
      movingVariance: moving("moving_variance"),
    };
  }

  function layerObservation(layer: number, samples: number): LayerObservation {
    const stage = stages[layer] as Stage;
    const rows = (address: Address, shape: Shape) =>
      floats(kernel, address, shape.channels * pixelsOf(shape) * samples).slice();
    const kernelPlace = parameterPlaces.find(({ name }) => name === `layers.${layer}.kernel`) as Place;
    return {
      preActivation: rows(kernel.seenPreActivation(net, layer), stage.to),
      layerInput: rows(kernel.seenInput(net, layer), stage.from),
      gradientNorms: {
        kernel: euclideanNorm(copyOf(kernel, kernel.gradientsOf(net), kernelPlace)),
        preActivation: Math.sqrt(kernel.gradientSquares(net, layer)),
      },
      ...(hasModes && normUnits.has(layer + 1) ? { norm: normObservation(layer + 1) } : {}),
    };
  }

  let statistics: StatisticsNet | undefined;
  /** Whether the last pass in training mode was that of the last update. */
  let lastPass: "update" | "frozen update" | "other" = "other";

  return {
    get update() {
      return kernel.updateOf(net);
    },
    advance(target): Advance {
      const before = kernel.updateOf(net);
      const update = kernel.advance(net, target);
      const hasDiverged = kernel.hasDiverged(net) !== 0;
      if (hasDiverged) lastPass = "other";
      else if (update > before) lastPass = isFrozen(spec, update - 1) ? "frozen update" : "update";
      return { status: hasDiverged ? "diverged" : "reached", update };
    },
    averaged() {
      if (!hasModes) return [];
      if (lastPass === "other") throw new Error("the arm has looked at other points since its last update");
      return lastPass === "update" ? lastMoves() : [];
    },
    costs() {
      const train = evaluate("training");
      if (!hasModes) return costsIn(train, train);
      return costsIn(train, kernel.updateOf(net) === 0 ? undefined : evaluate("inference"));
    },
    recalibrated() {
      if (!hasModes) return undefined;
      for (const [index, { mean, variance }] of momentsOver(training, true))
        for (const [f, value] of mean.entries()) kernel.setPopulation(net, index, f, value, at(variance, f));
      return evaluate("recalibrated");
    },
    populationMoments: () => momentsOver(training, true),
    observe(points, mode = "training") {
      const { x, xRow, y, samples, batch } = chosen(points);
      const { normalization } = spec;
      const isFrozenHere = mode === "inference" && hasModes && normalization !== undefined;
      if (isFrozenHere) setNormalizer(kernel, net, frozenAt(normalization, kernel.updateOf(net)));
      const cost = kernel.observePass(net, x, xRow, y, samples, batch);
      const observation = {
        update: kernel.updateOf(net),
        cost,
        ...(hasModes && normUnits.has(0) ? { inputNorm: normObservation(0) } : {}),
        layers: Array.from({ length: depth }, (_, layer) => layerObservation(layer, samples)),
      };
      if (isFrozenHere) setNormalizer(kernel, net, normalization);
      return observation;
    },
    gradients(points) {
      const { x, xRow, y, samples, batch } = chosen(points);
      kernel.gradientPass(net, x, xRow, y, samples, batch);
      return readTensors(kernel, kernel.gradientsOf(net), parameterPlaces);
    },
    state() {
      const held = new Map([
        ...readTensors(kernel, kernel.parametersOf(net), parameterPlaces),
        ...readTensors(kernel, kernel.movingOf(net), movingPlaces),
        ...slots.flatMap(({ block, places }) => [...readTensors(kernel, block, places)]),
      ]);
      // In the order of the initial state: a digest of a state runs over its tensors in order.
      const names = [...task.initial.tensors.keys()];
      const tensors = new Map(
        names.flatMap((name) => {
          const tensor = held.get(name);
          return tensor === undefined ? [] : [[name, tensor] as const];
        }),
      );
      return { update: kernel.updateOf(net), tensors };
    },
    predict({ samples, x }) {
      const predictions = new Float32Array(outputs * samples);
      for (let first = 0; first < samples; first += atOnce) {
        const count = Math.min(atOnce, samples - first);
        writeRows(floats(kernel, chunkX, inputs * atOnce), x, form, first, count, atOnce);
        kernel.predict(net, chunkX, atOnce * form.pixels * FLOAT, count, chunkOut, atOnce * FLOAT);
        for (let output = 0; output < outputs; output++)
          predictions.set(floats(kernel, chunkOut + output * atOnce * FLOAT, count), output * samples + first);
      }
      return predictions;
    },
    normStatistics: (points) => momentsOver(points, false),
    dispose() {},
  };
}

/** Measures norms on points that may be more than any pass of the arm takes. */
interface StatisticsNet {
  readonly capacity: number;
  /** Of an arm's state, `x` row-major, in one batch; `population`: as inference would use them. */
  measure(
    state: { readonly update: number; readonly parameters: Float32Array; readonly moving: Float32Array },
    points: { readonly x: Float32Array; readonly samples: number },
    population: boolean,
  ): Map<number, Moments>;
}

/** In an instance of its own: one that has become too small is dropped with its memory. */
function createStatisticsNet(module: WebAssembly.Module, spec: NetworkSpec, capacity: number): StatisticsNet {
  requireStatisticsMemory(spec, capacity);
  const kernel = instantiateKernel(module);
  const net = buildNet(kernel, withoutGhostBatches(spec), capacity, { forwardOnly: true });
  const form = inputForm(spec);
  const inputs = form.channels * form.pixels;
  const rows = kernel.allocate((inputs * capacity + SLACK) * FLOAT);
  return {
    capacity,
    measure({ update, parameters, moving }, { x, samples }, population) {
      configure(kernel, net, spec, update);
      floats(kernel, kernel.parametersOf(net), parameters.length).set(parameters);
      floats(kernel, kernel.movingOf(net), moving.length).set(moving);
      writeRows(floats(kernel, rows, inputs * samples), x, form, 0, samples, samples);
      kernel.statisticsPass(net, rows, samples * form.pixels * FLOAT, samples, population ? 1 : 0);
      return new Map(norms(spec).map(({ index, units }) => [index, batchMoments(kernel, net, index, units)]));
    },
  };
}

/** Hyperparameters, and the update that the state in memory belongs to. */
function configure(kernel: Kernel, net: Address, spec: NetworkSpec, update: number): void {
  const { epsilon, decay, debias } = spec.normalization ?? { epsilon: 0, decay: 0, debias: false };
  kernel.configure(net, spec.learningRate, epsilon, decay, debias ? 1 : 0, update);
}

/** Moments of norm `index` in the last pass in training mode. */
function batchMoments(kernel: Kernel, net: Address, index: number, units: number): Moments {
  return {
    mean: Float64Array.from({ length: units }, (_, f) => kernel.batchMean(net, index, f)),
    variance: Float64Array.from({ length: units }, (_, f) => kernel.batchVariance(net, index, f)),
  };
}

function buildNet(
  kernel: Kernel,
  spec: NetworkSpec,
  capacity: number,
  { forwardOnly = false, accumulate = 1 }: { readonly forwardOnly?: boolean; readonly accumulate?: number },
): Address {
  const activation = required(ACTIVATION_NUMBERS[spec.activation], spec.activation);
  const net = kernel.createNet(spec.sizes.length - 1, activation);
  if (spec.normalization !== undefined) setNormalization(kernel, net, spec, spec.normalization, capacity);
  setObjective(kernel, net, spec);
  kernel.setAccumulation(net, accumulate);
  if (hasSteps(spec)) {
    const places = { trained: placesOf(trainedTensors(spec)), moving: placesOf(movingTensors(spec)) };
    buildImages(kernel, net, spec, capacity, forwardOnly, places);
    return net;
  }
  const sizes = kernel.allocate(spec.sizes.length * FLOAT);
  new Int32Array(kernel.memory.buffer, sizes, spec.sizes.length).set(spec.sizes);
  kernel.buildNet(net, sizes, capacity, forwardOnly ? 1 : 0);
  return net;
}

/** Whether the kernel takes the network as a list of steps: what its passes over dense layers do not know. */
function hasSteps({ images, normalization }: NetworkSpec): boolean {
  return images !== undefined || normalization?.normalizeOutput === true;
}

function setNormalization(
  kernel: Kernel,
  net: Address,
  spec: NetworkSpec,
  normalization: Normalization,
  capacity: number,
): void {
  const { transform = "standardize", affine = true, position = "before", ghostBatchSize = 0 } = normalization;
  const indices = norms(spec).map(({ index }) => index);
  kernel.setNormalization(
    net,
    indices.includes(0) ? 1 : 0,
    indices.some((index) => index > 0) ? 1 : 0,
    position === "before" ? 0 : 1,
    affine ? 1 : 0,
    TRANSFORM_NUMBERS[transform],
    Math.min(ghostBatchSize, capacity),
  );
  setNormalizer(kernel, net, normalization);
}

function setNormalizer(kernel: Kernel, net: Address, normalization: Normalization): void {
  const { groups = 1, renormMax = RENORM_MAX, renormShift = RENORM_SHIFT, frozenFrom = -1 } = normalization;
  const { kernel: number, label } = normalizerOf(normalization);
  kernel.setNormalizer(net, required(number, label), groups, renormMax, renormShift, frozenFrom);
}

/** With the moving averages after `update` updates as constants, whatever training does with a batch's own. */
function frozenAt(normalization: Normalization, update: number): Normalization {
  const { frozenFrom = update } = normalization;
  return { ...normalization, normalizer: "batch", frozenFrom: Math.min(frozenFrom, update) };
}

function setObjective(kernel: Kernel, net: Address, spec: NetworkSpec): void {
  const { optimization = {} } = spec;
  const [loss, optimizer] = [lossOf(spec), optimizerOf(optimization)];
  const { momentum = MOMENTUM, beta1 = BETA1, beta2 = BETA2, weightDecay = 0, decayNorms = false } = optimization;
  kernel.setObjective(
    net,
    required(loss.kernel, loss.label),
    required(optimizer.kernel, optimizer.label),
    optimizer.options.includes("momentum") ? momentum : beta1,
    beta2,
    weightDecay,
    decayNorms ? 1 : 0,
  );
}

/** A kernel's number; throws an unavailable error where a definition has none. */
function required(number: number | undefined, what: string): number {
  if (number === undefined)
    throw unavailableError(t`the engine fused has no kernel for ${what}; use --engine tfjs or reference`);
  return number;
}

/** √Σ v², in double and in order; the square root is exact in every JavaScript engine. */
function euclideanNorm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
