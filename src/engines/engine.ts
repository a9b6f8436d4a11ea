import type { Points } from "../data/points.js";
import type { NetworkSpec } from "../model/network.js";
import type { TensorMap } from "../model/tensors.js";
import type { EngineName } from "./names.js";

/** What computed a result: goes into `result.json`, so that two results are compared knowing what made them. */
export interface EngineInfo {
  readonly name: EngineName;
  /** What the engine ran on, where it has a choice (`wasm`, `tensorflow`, …). */
  readonly backend: string;
  /** Where the same experiment gives the same bytes: on every machine, on this one, or nowhere for certain. */
  readonly reproducible: "everywhere" | "here" | "no";
  /** Versions of the libraries that did the arithmetic. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** Everything an arm is trained on. The order of `training` is the order of its batches. */
export interface ArmTask {
  readonly spec: NetworkSpec;
  /** Parameters and, in a bn arm, moving statistics, at `update`. */
  readonly initial: ArmState;
  readonly training: Points;
  /**
   * Samples per update. Batch `u mod ⌈samples / batchSize⌉` makes update u; the last batch of a pass is smaller where
   * the division leaves a rest.
   */
  readonly batchSize: number;
  /** The points that costs are measured on. */
  readonly evaluation: Points;
  /** The training points that `observe("sample")` sees, where it will be asked for. */
  readonly sample?: Points;
}

/** A network's state after `update` updates: every trained tensor, and the moving statistics of a bn arm. */
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
  /** `null` in a bn arm before its first update, where the moving averages are still zero. */
  readonly inference: number | null;
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

/** One layer's forward pass and gradients; `norm` is that of the BN behind it, absent for the output layer. */
export interface LayerObservation {
  /** What the activation function receives, `[units][samples]`; the prediction in the output layer. */
  readonly preActivation: Values;
  /** What the kernel is multiplied with, `[inputs][samples]`. */
  readonly layerInput: Values;
  /** ‖∂C/∂W‖ (Frobenius) and ‖∂C/∂(pre-activation)‖ over all units and samples. */
  readonly gradientNorms: { readonly kernel: number; readonly preActivation: number };
  readonly norm?: NormObservation;
}

/** A state seen on one set of points in training mode. */
export interface Observation {
  readonly update: number;
  /** Mean squared error on the points observed. */
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

/**
 * One network in training. Only `advance` changes its state; every other method leaves parameters and moving
 * statistics bit for bit as they were. Methods are synchronous: an arm that should run elsewhere is put there whole,
 * together with the loop that asks it.
 */
export interface EngineArm {
  readonly update: number;
  /**
   * Performs updates until `target`, or until a state's cost on its next batch exceeds float32's largest number or
   * anything in the state is NaN: that state is kept and no update is made from it. The state at `target` itself is not
   * checked; asking for its cost does that.
   */
  advance(target: number): Advance;
  /**
   * What the last update put into the moving averages, by the norm's index: its batch's statistics, with ghost batches
   * the mean of theirs, as precise as the engine has them. To be asked right after `advance` made an update, before the
   * arm looks at other points. Empty in an arm without BN.
   */
  averaged(): ReadonlyMap<number, Moments>;
  costs(): Costs;
  observe(points: ObservedPoints): Observation;
  /** ∂C/∂parameter for every name of `parameterNames`, in training mode. */
  gradients(points: ObservedPoints): TensorMap;
  state(): ArmState;
  /** The network's outputs `[samples]` in inference mode. */
  predict(points: Omit<Points, "y">): Values;
  /**
   * What every BN sees when these points go through as one batch in training mode under the current parameters, by the
   * norm's index; whatever the ghost batches of training are. Empty in an arm without BN.
   */
  normStatistics(points: Omit<Points, "y">): ReadonlyMap<number, Moments>;
  dispose(): void;
}

/** A way to compute: builds arms, and says what it is. */
export interface Engine {
  readonly info: EngineInfo;
  createArm(task: ArmTask): EngineArm;
  dispose(): void;
}

/** The points an observation is made on; the batch of update `update + 1` shares memory with the training points. */
export function pointsAt(task: ArmTask, update: number, which: ObservedPoints): Points {
  if (which === "evaluation") return task.evaluation;
  if (which === "sample") return requireSample(task);
  const { samples, inputs, x, y } = task.training;
  const from = (update % Math.ceil(samples / task.batchSize)) * task.batchSize;
  const to = Math.min(from + task.batchSize, samples);
  return { samples: to - from, inputs, x: x.subarray(from * inputs, to * inputs), y: y.subarray(from, to) };
}

/** The task's sample; a task without one cannot be observed on it. */
export function requireSample({ sample }: ArmTask): Points {
  if (sample === undefined) throw new Error("the arm was created without a sample of its training points");
  return sample;
}

/** The same network with the whole batch's statistics, as `normStatistics` wants them. */
export function withoutGhostBatches({ normalization, ...spec }: NetworkSpec): NetworkSpec {
  if (normalization === undefined) return spec;
  const { ghostBatchSize: _, ...whole } = normalization;
  return { ...spec, normalization: whole };
}

/** Largest finite float32. A cost beyond it counts as diverged in every engine, whatever its precision. */
export const FLOAT32_MAX = 3.4028234663852886e38;

/** The criterion of SEMANTICS for a state's cost: beyond float32's largest number, or NaN. */
export function isDivergedCost(cost: number): boolean {
  return !(Math.abs(cost) <= FLOAT32_MAX);
}
