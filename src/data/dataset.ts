import { noisyPoints } from "./datasets/definition.js";
import { type DatasetName, datasets } from "./datasets/index.js";
import { float32Digest, indexDigest } from "./digest.js";
import { type ImageForm, type Points, samplesAt } from "./points.js";
import {
  type Standardization,
  type StandardizationWishes,
  standardizationOf,
  standardizedPoints,
} from "./standardize.js";
import { randomStream } from "./streams.js";

/** Points generated from a seed. */
export interface Generated {
  readonly kind: DatasetName;
  /** Input columns, of a dataset that has any number of them; 1 where it is absent. */
  readonly inputs?: number;
  readonly samples: number;
  readonly testSamples: number;
  /** Standard deviation of the noise on y. */
  readonly noise: number;
}

/** Where the points come from. */
export type DataSource = Generated | { readonly kind: "given"; readonly training: Points; readonly test?: Points };

/** The points both arms see, and their order. */
export interface Dataset {
  readonly inputs: number;
  /** In the order in which batches are taken, as the networks see them: standardized where that was asked for. */
  readonly training: Points;
  /** What costs are measured on, as the networks see it: points of their own, or the training points. */
  readonly evaluation: Points;
  /** The same points in their own units; the very same objects where nothing is standardized. */
  readonly original: { readonly training: Points; readonly evaluation: Points };
  /** Absent where nothing is standardized. */
  readonly standardization?: Standardization;
  readonly hasTestPoints: boolean;
  /** `data`: the training points in their own units, before shuffling; `evaluation`: as the networks see it. */
  readonly digests: { readonly data: string; readonly evaluation: string; readonly batchOrder: string };
  /** Absent on given data: its noise is not known. */
  readonly noise?: { readonly variance: number; readonly realized: number };
}

/** How many points a source makes or holds, before they are made; test points of their own only. */
export interface Amounts {
  readonly samples: number;
  readonly testSamples: number;
  readonly inputs: number;
  /** Numbers of a sample's target. */
  readonly targets: number;
  /** Where a sample is an image; its `inputs` are height × width × channels. */
  readonly image?: ImageForm;
}

export function amountsOf(source: DataSource): Amounts {
  if (source.kind === "given") {
    const { samples, inputs, y, image } = source.training;
    const amounts = { samples, testSamples: source.test?.samples ?? 0, inputs, targets: y.length / samples };
    return image === undefined ? amounts : { ...amounts, image };
  }
  const { samples, testSamples, inputs = 1 } = source;
  return { samples, testSamples, inputs, targets: 1 };
}

const AS_GIVEN: StandardizationWishes = { inputs: false, targets: false };

/**
 * Makes or takes the points, shuffles them once if asked, and standardizes them by the training set's moments if asked,
 * which do not depend on the order. Noise, test noise and shuffling draw from streams of their
 * own, so each stays the same whatever the others do.
 */
export function buildDataset(source: DataSource, seed: number, shuffle: boolean, standardize = AS_GIVEN): Dataset {
  const { given, evaluation, noise } = source.kind === "given" ? givenPoints(source) : generated(source, seed);
  const order = shuffle
    ? randomStream(seed, "shuffle").permutation(given.samples)
    : Int32Array.from({ length: given.samples }, (_, i) => i);
  const original = shuffle ? samplesAt(given, order) : given;
  const standardization = standardizationOf(given, standardize);
  const training = standardizedPoints(original, standardization);
  // The training points in the batches' order, so that groups of them mean the same in measuring as in training.
  const measured = evaluation === undefined ? training : standardizedPoints(evaluation, standardization);
  return {
    inputs: given.inputs,
    training,
    evaluation: measured,
    original: { training: original, evaluation: evaluation ?? original },
    ...(standardization === undefined ? {} : { standardization }),
    hasTestPoints: evaluation !== undefined,
    digests: {
      data: float32Digest(given.x, given.y),
      evaluation: float32Digest(measured.x, measured.y),
      batchOrder: indexDigest(order),
    },
    ...(noise === undefined ? {} : { noise }),
  };
}

interface Sourced {
  readonly given: Points;
  readonly evaluation?: Points;
  readonly noise?: { readonly variance: number; readonly realized: number };
}

function givenPoints(source: Extract<DataSource, { kind: "given" }>): Sourced {
  return { given: source.training, ...(source.test === undefined ? {} : { evaluation: source.test }) };
}

function generated({ kind, inputs = 1, samples, testSamples, noise }: Generated, seed: number): Sourced {
  const training = noisyPoints(datasets[kind], { samples, inputs, noise }, randomStream(seed, "data noise"));
  const variance = noise * noise;
  if (testSamples === 0) return { given: training.points, noise: { variance, realized: training.noiseSquare } };
  const test = noisyPoints(datasets[kind], { samples: testSamples, inputs, noise }, randomStream(seed, "test noise"));
  return { given: training.points, evaluation: test.points, noise: { variance, realized: test.noiseSquare } };
}

/** Points at which a fit over one input column is drawn: evenly over the inputs' range. */
export function fitGrid(points: Points, samples: number): Float32Array {
  const { min, max } = rangeOf(points.x);
  return Float32Array.from({ length: samples }, (_, i) => min + (i / (samples - 1)) * (max - min));
}

/** Smallest and largest value. */
export function rangeOf(values: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
