import type { Points } from "../data/points.js";
import type { NetworkSpec } from "../model/network.js";
import type { StatisticsUsed } from "../model/normalizers/normalizer.js";
import type { TensorMap } from "../model/tensors.js";
import type { EngineName } from "./names.js";

/** What computed a result. It is part of `result.json`, so that a comparison of two results can take it into account. */
export interface EngineInfo {
  readonly name: EngineName;
  /** What the engine ran on, if it has a choice (`wasm`, `tensorflow`, …). */
  readonly backend: string;
  /** Where the same experiment gives the same bytes: on every machine, on this one, or not reliably anywhere. */
  readonly reproducible: "everywhere" | "here" | "no";
  /** Versions of the libraries that did the arithmetic. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** Everything an arm is trained on. The order of `training` is the order of its batches. */
export interface ArmTask {
  readonly spec: NetworkSpec;
  /** Parameters, and if the arm has them, moving statistics and the optimizer's state, at `update`. */
  readonly initial: ArmState;
  readonly training: Points;
  /**
   * Samples per batch. Update u + 1 uses batch `u mod ⌈samples / batchSize⌉`; the last batch of a pass is smaller if the
   * division leaves a remainder.
   */
  readonly batchSize: number;
  /**
   * Consecutive batches per update (the last update of a pass may have fewer); default 1. Each batch has its own
   * statistics, and the moving averages are updated once per batch. The gradient is that of the mean over all their
   * samples, under the weights and moving averages before the update. Update u + 1 starts at batch u · accumulate of the
   * pass.
   */
  readonly accumulate?: number;
  /** The points that costs are measured on. */
  readonly evaluation: Points;
  /** The training points that `observe("sample")` uses; required for such an observation. */
  readonly sample?: Points;
}

/** A network's state after `update` updates: every trained tensor, the moving statistics, the optimizer's state. */
export interface ArmState {
  readonly update: number;
  readonly tensors: TensorMap;
}

/** Where `advance` stopped: at the target, or at the first state that had diverged. */
export type Advance =
  | { readonly status: "reached"; readonly update: number }
  | { readonly status: "diverged"; readonly update: number };

/** Cost on the evaluation points: with their own statistics, and with the moving averages. */
export interface Costs {
  readonly train: number;
  /** `null` in a bn arm before its first update, when the moving averages still have their initial values. */
  readonly inference: number | null;
  /** With a loss over classes, the share of samples that are classified correctly in each mode. */
  readonly accuracy?: { readonly train: number; readonly inference: number | null };
}

/** The evaluation points in one mode. */
export interface Evaluation {
  readonly cost: number;
  /** With a loss over classes. */
  readonly accuracy?: number;
}

/** Statistics of one BN at a state, one entry per feature. */
export interface NormObservation {
  readonly batchMean: Values;
  /** Biased: divided by the number of samples. */
  readonly batchVariance: Values;
  /** As inference mode uses them: debiased where the spec says so (and update > 0). */
  readonly movingMean: Values;
  readonly movingVariance: Values;
}

/** One layer's forward pass and gradients; `norm` is of the BN that follows it, absent for the output layer. */
export interface LayerObservation {
  /** What the activation function receives, `[units][samples]`; the prediction in the output layer. */
  readonly preActivation: Values;
  /** What the kernel is multiplied by, `[inputs][samples]`. */
  readonly layerInput: Values;
  /** ‖∂C/∂W‖ (Frobenius) and ‖∂C/∂(pre-activation)‖ over all units and samples. */
  readonly gradientNorms: { readonly kernel: number; readonly preActivation: number };
  readonly norm?: NormObservation;
}

/** What an arm computes in one state on one set of points. */
export interface Observation {
  readonly update: number;
  /** The loss on the points observed. */
  readonly cost: number;
  /** The BN in front of the first layer, in a bn arm. */
  readonly inputNorm?: NormObservation;
  readonly layers: readonly LayerObservation[];
}

export type Values = Float32Array | Float64Array;

/** Statistics of one BN's input, one entry per feature. */
export interface Moments {
  readonly mean: Values;
  /** Biased: divided by the number of samples. With `transform: scale` the second moment about zero. */
  readonly variance: Values;
}

/**
 * Which points an observation is made on: the batch that update u + 1 will use, the evaluation points, or the task's
 * sample of the training points.
 */
export type ObservedPoints = "next-batch" | "evaluation" | "sample";

/** How a network normalizes: by the batch's own statistics, or by its moving averages. */
export type ModeName = "training" | "inference";

/**
 * One network in training. Only `advance` changes its state; all other methods leave parameters and moving statistics
 * bit for bit unchanged. Methods are synchronous: to run an arm elsewhere, move the whole arm there, together with the
 * loop that calls it.
 */
export interface EngineArm {
  readonly update: number;
  /**
   * Performs updates until `target`, or until the cost of a state on its next batch exceeds float32's largest number or
   * anything in the state is NaN; that state is kept and no update is made from it. The state at `target` itself is not
   * checked until its cost is requested.
   */
  advance(target: number): Advance;
  /**
   * What the last update put into the moving averages, one entry per batch, by the norm's index: the batch's statistics,
   * or with ghost batches the mean of theirs, in the engine's precision. Call it right after `advance` has made an update,
   * before the arm evaluates other points. Empty in an arm without moving averages, and while they are frozen.
   */
  averaged(): readonly ReadonlyMap<number, Moments>[];
  costs(): Costs;
  /**
   * The evaluation points with the moving averages replaced by the population's statistics (Wu & Johnson 2021, "precise
   * BN"): those of the whole training set in one pass under the current weights, layer by layer, each computed after the
   * layers before it use theirs. Undefined in an arm without moving averages.
   */
  recalibrated(): Evaluation | undefined;
  /** Those statistics, by the norm's index; empty in an arm without moving averages. */
  populationMoments(): ReadonlyMap<number, Moments>;
  /**
   * In inference mode the moving averages are constants, as when they are frozen. In an arm without moving averages, both
   * modes are the same.
   */
  observe(points: ObservedPoints, mode?: ModeName): Observation;
  /** ∂C/∂parameter for every name of `parameterNames`, in training mode. */
  gradients(points: ObservedPoints): TensorMap;
  state(): ArmState;
  /** The network's outputs `[outputs][samples]` in inference mode. */
  predict(points: Omit<Points, "y">): Values;
  /**
   * The statistics of every BN's input when these points are one batch in training mode under the current parameters, by
   * the norm's index, regardless of ghost batches in training. Empty in an arm without moving averages.
   */
  normStatistics(points: Omit<Points, "y">): ReadonlyMap<number, Moments>;
  dispose(): void;
}

/** An implementation of the computations: creates arms, and describes itself. */
export interface Engine {
  readonly info: EngineInfo;
  createArm(task: ArmTask): EngineArm;
  dispose(): void;
}

/** Samples of one update: those of all its batches. */
export function updateSize({ training, batchSize, accumulate = 1 }: Omit<ArmTask, "spec" | "initial">): number {
  return Math.min(batchSize * accumulate, training.samples);
}

/** The points of an observation; the batches of update `update + 1` share memory with the training points. */
export function pointsAt(task: ArmTask, update: number, which: ObservedPoints): Points {
  if (which === "evaluation") return task.evaluation;
  if (which === "sample") return requireSample(task);
  const { samples, inputs, x, y } = task.training;
  const size = updateSize(task);
  const from = (update % Math.ceil(samples / size)) * size;
  const to = Math.min(from + size, samples);
  const targets = y.length / samples;
  return {
    samples: to - from,
    inputs,
    x: x.subarray(from * inputs, to * inputs),
    y: y.subarray(from * targets, to * targets),
  };
}

/** Consecutive samples `[from, to)` that share their statistics in training mode, and the batch they belong to. */
export interface SampleGroup {
  readonly from: number;
  readonly to: number;
  readonly batch: number;
}

/** How `samples` points in training mode share statistics: by batches of `batchSize`, each in ghost batches. */
export function sampleGroups({ normalization }: NetworkSpec, samples: number, batchSize = samples): SampleGroup[] {
  const ghost = normalization?.ghostBatchSize ?? batchSize;
  const groups: SampleGroup[] = [];
  for (let start = 0, batch = 0; start < samples; start += batchSize, batch++) {
    const end = Math.min(start + batchSize, samples);
    for (let from = start; from < end; from += ghost) groups.push({ from, to: Math.min(from + ghost, end), batch });
  }
  return groups;
}

/** The groups of the chosen points: only the points of an update can be several batches. */
export function groupsOf(task: ArmTask, samples: number, which: ObservedPoints): SampleGroup[] {
  return sampleGroups(task.spec, samples, which === "next-batch" ? Math.min(task.batchSize, samples) : samples);
}

/** Whether update `update + 1` trains with the moving averages, which it then leaves as they are. */
export function isFrozen({ normalization }: NetworkSpec, update: number): boolean {
  return normalization?.frozenFrom !== undefined && update >= normalization.frozenFrom;
}

/** Where normalizers get their statistics, and which samples share them. */
export interface PassMode<M> {
  readonly statistics: StatisticsUsed;
  /** By the norm's index, as inference mode uses them. */
  readonly moving: ReadonlyMap<number, M>;
  readonly groups: readonly SampleGroup[];
}

/** Both modes at an arm's state, with moments `M` as the engine keeps them. */
export function modesOf<M>(task: ArmTask, update: () => number, moving: () => ReadonlyMap<number, M>) {
  const inference = (samples: number, averages = moving()): PassMode<M> => ({
    statistics: "moving",
    moving: averages,
    groups: sampleGroups(withoutGhostBatches(task.spec), samples),
  });
  const trainingMode = (samples: number, which: ObservedPoints): PassMode<M> => ({
    statistics: isFrozen(task.spec, update()) ? "moving" : "own",
    moving: moving(),
    groups: groupsOf(task, samples, which),
  });
  return {
    /** Training mode on the points chosen. */
    trainingMode,
    /** Inference mode, with the moving averages or others in their place. */
    inference,
    /** Either of them on the points chosen. */
    modeNamed: (mode: ModeName, samples: number, which: ObservedPoints) =>
      mode === "inference" ? inference(samples) : trainingMode(samples, which),
  };
}

/** The divisor of the moving averages when they are used: 1 − decayᵗ if debiased, where t counts their updates. */
export function movingCorrection({ spec, ...task }: ArmTask, update: number): number {
  const { debias, decay, frozenFrom = update } = spec.normalization ?? { debias: false, decay: 0 };
  if (!debias || update === 0) return 1;
  return 1 - decay ** movesAfter(task, Math.min(update, frozenFrom));
}

/** How often the moving averages have been updated after this many updates: once per batch. */
export function movesAfter(task: Omit<ArmTask, "spec" | "initial">, updates: number): number {
  const { training, batchSize, accumulate = 1 } = task;
  const batches = Math.ceil(training.samples / batchSize);
  const perPass = Math.ceil(training.samples / updateSize(task));
  return Math.floor(updates / perPass) * batches + Math.min((updates % perPass) * accumulate, batches);
}

/** The task's sample; without one, an arm cannot be observed on it. */
export function requireSample({ sample }: ArmTask): Points {
  if (sample === undefined) throw new Error("the arm was created without a sample of its training points");
  return sample;
}

/** The same network with statistics of the whole batch, for `normStatistics`. */
export function withoutGhostBatches({ normalization, ...spec }: NetworkSpec): NetworkSpec {
  if (normalization === undefined) return spec;
  const { ghostBatchSize: _, ...whole } = normalization;
  return { ...spec, normalization: whole };
}

/** Costs of both modes, and with a loss over classes their accuracies. */
export function costsIn(train: Evaluation, inference: Evaluation | undefined): Costs {
  const costs = { train: train.cost, inference: inference?.cost ?? null };
  return train.accuracy === undefined
    ? costs
    : { ...costs, accuracy: { train: train.accuracy, inference: inference?.accuracy ?? null } };
}

/** Largest finite float32. A cost beyond it counts as diverged in every engine, whatever its precision. */
export const FLOAT32_MAX = 3.4028234663852886e38;

/** Whether a state's cost counts as diverged (docs/semantics.md): beyond float32's largest number, or NaN. */
export function isDivergedCost(cost: number): boolean {
  return !(Math.abs(cost) <= FLOAT32_MAX);
}
