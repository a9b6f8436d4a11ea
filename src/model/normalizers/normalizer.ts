import type { T, TF } from "../tensorflow.js";
import type { Tensor } from "../tensors.js";

/**
 * The definition of a normalization. To add one, write a file beside this one and list it in `index.ts`: the engines
 * `reference` and `tfjs`, the flag, the checks, the texts and the gradient tests use it from there. The `fused` engine
 * also needs a kernel, and refuses the normalizer until it has one.
 */
export type Normalizer = ActivationNormalizer | KernelNormalizer;

/** The settings of normalizers; each definition lists those that it uses. */
export interface NormalizerOptions {
  /** Added to the variance under the root. */
  readonly epsilon: number;
  /** `moving ← decay · moving + (1 − decay) · batch`. */
  readonly decay: number;
  /** Divide the moving averages by `1 − decayᵗ`, where t counts their updates. */
  readonly debias: boolean;
  /**
   * `standardize` (the standard): (z − μ)/√(σ² + ε); `center`: z − μ; `scale`: z/√(m + ε) with m the second moment about
   * zero, the mean of z², which then takes the variance's place everywhere (Daneshmand et al. 2020, section 2).
   */
  readonly transform?: Transform;
  /** Whether gamma and beta exist and are trained (default: true). Without them, gamma is 1 and beta 0. */
  readonly affine?: boolean;
  /**
   * In training mode, statistics of that many consecutive samples of the batch at a time instead of the whole batch
   * (ghost batch normalization, Hoffer et al. 2017); the gradient is still the whole batch's, and the moving averages
   * move by the mean of the groups' statistics. The last group is smaller where the division leaves a remainder.
   */
  readonly ghostBatchSize?: number;
  /** Number of groups of units, of equal size, that share a sample's statistics. */
  readonly groups?: number;
  /** Bounds of r, [1/renormMax, renormMax], and of d, ±renormShift; default: 3 and 5. */
  readonly renormMax?: number;
  readonly renormShift?: number;
  /** The update from which training uses the moving averages, which are then no longer updated. */
  readonly frozenFrom?: number;
  /** For images: what gets its own batch statistics; default: `channel`. */
  readonly axes?: Axes;
}

/**
 * Over samples, height and width: a statistic for each channel. Over samples: one for each channel of each pixel. Over
 * samples, width and channels: one for each row, as happens with an axis meant for channels-first images.
 */
export const AXES = ["channel", "position", "height"] as const;
export type Axes = (typeof AXES)[number];

export const TRANSFORMS = ["standardize", "center", "scale"] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** The settings that only some normalizers use; `decay` and `epsilon` may always be shared. */
export type NormalizerOption = "position" | Exclude<keyof NormalizerOptions, "epsilon" | "decay">;

/** A trained tensor of a normalization, named `norms.I.NAME`, or `layers.I.NAME` if it scales a kernel. */
export interface NormalizerParameter {
  readonly name: string;
  /** One entry for each normalized unit or feature, or one for the layer. */
  readonly per: "unit" | "layer";
  /** The value of every entry before the first update; for a parameter of a kernel, computed from the kernel `[in][out]`. */
  readonly start: number | ((kernel: Tensor) => Float32Array);
  /** Absent from the network if `affine` is false. */
  readonly affine?: true;
}

interface Definition {
  /** In a sentence: "layer normalization". */
  readonly label: string;
  /** As printed in the help and the documents. */
  readonly formula: string;
  readonly source: string;
  readonly options: readonly NormalizerOption[];
  readonly parameters: readonly NormalizerParameter[];
  /** The number in `src/kernel/network.ts`; a normalizer without one runs on the other engines. */
  readonly kernel?: number;
}

/** An entry of `[units][samples]`. */
export interface Entry {
  readonly unit: number;
  readonly sample: number;
  readonly units: number;
  readonly options: Pick<NormalizerOptions, "groups">;
}

/** A normalizer of what an activation function receives or outputs. */
export interface ActivationNormalizer extends Definition {
  readonly acts: "activations";
  /**
   * What shares a statistic: the samples of a batch, feature by feature, the features of a sample, or nothing. A
   * normalizer that depends on the batch has moving averages and so two modes, may normalize the network's input, and
   * knows ghost batches.
   */
  readonly dependsOn: "batch" | "sample" | "nothing";
  /**
   * Which entries of `[units][samples]` share a statistic: those with the same number. Absent where nothing has statistics.
   */
  readonly statisticOf?: (entry: Entry) => number;
  /**
   * Whether training uses the moving averages of before the update, too. Then several batches an update are refused: each
   * would be corrected by averages that the others move.
   */
  readonly trainsWithAverages?: true;
  /** It normalizes only images, and leaves vectors unchanged. */
  readonly imagesOnly?: true;
  /** The moving variance before the first update (the moving mean is 0), for normalizers that depend on the batch. */
  readonly movingVariance?: number;
  /** Why it cannot normalize this many units with these options; undefined if it can. */
  readonly fault?: (units: number, options: NormalizerOptions) => string | undefined;
  /** Float64, z `[units][samples]`: the samples of one group, or all where nothing depends on the batch. */
  readonly forward: (z: Float64Array, site: Site) => NormalizerPass;
  /** The same on z `[samples, units]` as differentiable TensorFlow.js operations. */
  readonly tfjs: (tf: TF, z: T, site: TensorSite) => TensorPass;
}

/** A normalizer of the kernels before the activations; of the last layer's kernel only with `normalizeOutput`. */
export interface KernelNormalizer extends Definition {
  readonly acts: "kernels";
  /** Float64, the kernel `[in][out]`. */
  readonly forward: (kernel: Float64Array, units: number, parameter: Parameters) => KernelPass;
  readonly tfjs: (tf: TF, kernel: T, parameter: TensorParameters) => T;
}

/** Whether a normalizer's statistics are those of a batch, so that it has moving averages and two modes. */
export function dependsOnBatch(normalizer: Normalizer): boolean {
  return normalizer.acts === "activations" && normalizer.dependsOn === "batch";
}

/** A trained tensor by its name, or undefined if the network does not have it. */
export type Parameters = (name: string) => Float64Array | undefined;
export type TensorParameters = (name: string) => T | undefined;

/** Mean and biased variance per unit; with `transform: scale` the second moment about zero instead of the variance. */
export interface Moments<V = Float64Array> {
  readonly mean: V;
  readonly variance: V;
}

/**
 * The mode of a normalizer that depends on the batch. `own`: training mode, the statistics of z. `moving`: inference mode,
 * or training with frozen averages: the moving averages as constants. `population`: inference mode with the statistics of
 * z, which is the whole training set.
 */
export type StatisticsUsed = "own" | "moving" | "population";

/** Where a normalizer is applied, and in which mode. */
interface SiteOf<V, P> {
  readonly units: number;
  /** Consecutive units that are the pixels of one channel; default: 1. */
  readonly pixels?: number;
  readonly options: NormalizerOptions;
  readonly parameter: P;
  /** The statistics that normalize. */
  readonly statistics: StatisticsUsed;
  /** The moving averages as inference mode uses them; absent if there are none. */
  readonly moving?: Moments<V>;
}

export interface Site extends SiteOf<Float64Array, Parameters> {
  readonly samples: number;
}

export type TensorSite = SiteOf<T, TensorParameters>;

/** The result of a forward pass; `backward` takes ∂C/∂output and closes over what it needs. */
export interface NormalizerPass {
  readonly output: Float64Array;
  /** The statistics of z itself, if the normalizer depends on the batch. */
  readonly moments?: Moments;
  readonly backward: (gradient: Float64Array) => {
    readonly input: Float64Array;
    /** By the parameter's own name; those that the network does not train are ignored. */
    readonly parameters: Readonly<Record<string, Float64Array>>;
  };
}

export interface TensorPass {
  readonly output: T;
  readonly moments?: Moments<T>;
}

/** The kernel that is used instead of the trained one. */
export interface KernelPass {
  readonly output: Float64Array;
  readonly backward: NormalizerPass["backward"];
}

/** gamma and beta; 1 and 0 if the network does not have them. */
export function affineOf({ units, parameter }: Site): { readonly gamma: Float64Array; readonly beta: Float64Array } {
  return {
    gamma: parameter("gamma") ?? new Float64Array(units).fill(1),
    beta: parameter("beta") ?? new Float64Array(units),
  };
}

/** gamma · ẑ + beta, as far as the network has them. */
export function affineTensor(tf: TF, normalized: T, parameter: TensorParameters): T {
  const [gamma, beta] = [parameter("gamma"), parameter("beta")];
  const scaled = gamma === undefined ? normalized : tf.mul(gamma, normalized);
  return beta === undefined ? scaled : tf.add(scaled, beta);
}

/** The moving averages, which a normalizer must have if it is to use them. */
export function movingOf<V>({ moving }: { readonly moving?: Moments<V> }): Moments<V> {
  if (moving === undefined) throw new Error("the network has no moving averages");
  return moving;
}
