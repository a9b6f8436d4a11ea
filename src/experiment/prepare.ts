import { INPUTS } from "../config/codec.js";
import { type CompleteSettings, flagOf, KEYS } from "../config/keys.js";
import { type Configuration, pairOf } from "../config/merge.js";
import { presets } from "../config/presets.js";
import { amountsOf, buildDataset, type Dataset } from "../data/dataset.js";
import { aboutFormat, tensorFormat } from "../data/formats/names.js";
import { evenIndices } from "../data/sample.js";
import { type BackendName, ENGINES, type EngineName } from "../engines/names.js";
import { drawDeviates, scaledWeights } from "../model/initializers.js";
import type { TensorMap } from "../model/tensors.js";
import { configurationError } from "../problems.js";
import type { ResolvedConfig } from "../record/config.js";
import { t } from "../text/language.js";
import type { Schedule } from "../training/schedule.js";
import { type ArmPlan, armPlans, unfitNormalizers, withoutImages } from "./arm-plans.js";
import { type GivenColumns, readData, settleSizes } from "./given.js";
import { requireMemoryFor } from "./memory-estimate.js";
import { passesOf } from "./passes.js";

/** An experiment with everything read, made and checked: ready to train. */
export interface Experiment {
  /** The resolved configuration, as `result.json` shows it; the engine is added when it is loaded. */
  readonly config: Omit<ResolvedConfig, "engine" | "backend">;
  readonly name: string;
  /** In the order shown. */
  readonly arms: Readonly<Record<string, ArmPlan>>;
  readonly seeds: readonly number[];
  /** Data and weights of a seed; of the first one they are kept. */
  readonly draw: (seed: number) => Drawn;
  readonly batchSize: number;
  /** Batches of one update. */
  readonly accumulate: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  readonly saveWeights: boolean;
  /** Of images: the place among the observed ones of that whose feature maps are recorded. */
  readonly mapsOf?: number;
  readonly roundingProbe: number;
  /** The given files' contents by their name in the run folder, which is then whole without them. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  /** The columns of given data. */
  readonly columns?: GivenColumns;
  readonly engine: { readonly name: EngineName; readonly backend?: BackendName };
  readonly notices: readonly string[];
}

/** How often each arm is trained. */
export function trainingsPerArm({ seeds, roundingProbe }: Experiment): number {
  return seeds.length + roundingProbe;
}

/** What a seed makes. */
export interface Drawn {
  readonly seed: number;
  readonly dataset: Dataset;
  /** The unscaled deviates behind all arms' weights; given weights stand for themselves. */
  readonly deviates: TensorMap;
  readonly weightsOf: (arm: ArmPlan) => TensorMap;
}

/** Reads the files the settings name, makes data and weights, and settles every size. Throws expected errors. */
export function prepareExperiment({ settings: complete, written }: Configuration): Experiment {
  const data = readData(complete, written);
  const standardize = {
    inputs: complete.standardizeInputs ?? false,
    targets: complete.standardizeTargets ?? false,
  };
  const datasetOf = (seed: number) => buildDataset(data.source, seed, complete.shuffle, standardize);
  const seeds = seedsOf(complete);
  const { samples, testSamples } = amountsOf(data.source);
  const { sizes, images, given, notices } = settleSizes(complete, written, data);
  if (seeds.length > 1 && given !== undefined && complete.data !== undefined && !complete.shuffle) {
    const at = written.get("seeds") ?? flagOf("seeds");
    throw configurationError([
      t`${at}: with given data, given weights and no shuffling, every seed is the same run; leave seeds out`,
    ]);
  }

  if (complete.batchSize !== "full" && complete.batchSize > samples) {
    const at = written.get("batchSize") ?? flagOf("batchSize");
    throw configurationError([
      t`${at}: ${complete.batchSize} is more than the ${samples} samples; give at most that, or full`,
    ]);
  }
  const { batchSize, accumulate, updates } = passesOf(complete, samples);
  if (updates > KEYS.updates.max) {
    const at = written.get("epochs") ?? flagOf("epochs");
    throw configurationError([
      t`${at}: ${complete.epochs} epochs are ${updates} updates; the most is ${KEYS.updates.max}; lower it, or take a larger batch`,
    ]);
  }
  const arms = armPlans(complete, { sizes, ...(images && { images }) }, given !== undefined);
  const unfit = [
    ...new Set([
      ...withoutMaps(complete.mapsOf, images && evenIndices(samples, images).length, written),
      ...withoutImages(complete, arms, written),
      ...unfitNormalizers(arms, written),
    ]),
  ];
  if (unfit.length > 0) throw configurationError(unfit);
  requireMemoryFor({
    engine: complete.engine ?? ENGINES[0],
    arms,
    sizes,
    seeds: seeds.length,
    roundingProbe: complete.roundingProbe,
    samples,
    testSamples,
    batchSize: Math.min(batchSize * accumulate, samples),
    updates,
    costEvery: complete.costEvery,
    histogramEvery: complete.histogramEvery,
    saveWeights: complete.saveWeights ?? false,
    ...(complete.workers === undefined ? {} : { workers: complete.workers }),
  });
  const [width, ...widths] = sizes.slice(1, -1);
  const draw = (seed: number): Drawn => {
    const dataset = datasetOf(seed);
    const deviates = given?.weights ?? drawDeviates(sizes, seed, images);
    const scaled = new Map<string, TensorMap>();
    return {
      seed,
      dataset,
      deviates,
      // Given weights stand for themselves, and no arm scales them.
      weightsOf: ({ initialization }) => {
        if (initialization === undefined) return deviates;
        const key = JSON.stringify(initialization);
        const weights = scaled.get(key) ?? scaledWeights(deviates, initialization);
        scaled.set(key, weights);
        return weights;
      },
    };
  };
  /** All arms of a seed train one after the other, so that its data and weights are made once for them. */
  let last: Drawn | undefined;
  const drawOnce = (seed: number): Drawn => {
    last = last?.seed === seed ? last : draw(seed);
    return last;
  };
  const [first = complete.seed] = seeds;
  const drawnFirst = draw(first);

  return {
    name: complete.name ?? `${pointsName(complete)}-${complete.activation}`,
    arms,
    seeds,
    draw: (seed) => (seed === first ? drawnFirst : drawOnce(seed)),
    batchSize,
    accumulate,
    schedule: {
      updates,
      costEvery: complete.costEvery,
      histogramEvery: complete.histogramEvery,
      fullBatch: Math.min(batchSize * accumulate, samples) === samples,
    },
    saveWeights: complete.saveWeights ?? false,
    ...(images === undefined ? {} : { mapsOf: complete.mapsOf ?? 0 }),
    roundingProbe: complete.roundingProbe,
    engine: {
      name: complete.engine ?? ENGINES[0],
      ...(complete.backend === undefined ? {} : { backend: complete.backend }),
    },
    notices: [...data.notices, ...notices],
    ...(data.columns === undefined ? {} : { columns: data.columns }),
    inputs: new Map([...data.inputs, ...(given === undefined ? [] : [[INPUTS.weights, given.bytes] as const])]),
    config: {
      preset: complete.preset,
      activation: complete.activation,
      seed: first,
      seeds: [...seeds],
      ...(complete.data === undefined ? { dataset: complete.dataset } : {}),
      ...(complete.inputs === undefined ? {} : { inputs: complete.inputs }),
      samples,
      ...(complete.data === undefined ? { testSamples: complete.testSamples, noise: complete.noise } : {}),
      shuffle: complete.shuffle,
      ...data.files,
      ...(standardize.inputs ? { standardizeInputs: true } : {}),
      ...(standardize.targets ? { standardizeTargets: true } : {}),
      ...(complete.target === undefined ? {} : { target: complete.target }),
      ...(complete.columns === undefined ? {} : { columns: complete.columns }),
      ...(complete.delimiter === undefined ? {} : { delimiter: complete.delimiter }),
      sizes: [...sizes],
      ...(images === undefined ? {} : { image: { height: images.height, width: images.width } }),
      ...(complete.layers === undefined ? {} : { layers: [...complete.layers] }),
      ...(complete.layers === undefined && widths.every((other) => other === width)
        ? { hiddenLayers: sizes.length - 2, width }
        : {}),
      ...(given === undefined
        ? {
            init: complete.init,
            ...(complete.init === "normal" ? { initStd: complete.initStd } : {}),
            bias: complete.bias,
            biasStd: complete.biasStd,
          }
        : { weights: { sha256: given.sha256 } }),
      normalize: complete.normalize,
      ...(complete.normalizer === undefined ? {} : { normalizer: complete.normalizer }),
      ...(complete.normalizeOutput === undefined ? {} : { normalizeOutput: complete.normalizeOutput }),
      ...(complete.axes === undefined ? {} : { axes: complete.axes }),
      transform: complete.transform,
      affine: complete.affine,
      position: complete.position,
      ...(complete.ghostBatchSize === undefined ? {} : { ghostBatchSize: complete.ghostBatchSize }),
      decay: complete.decay,
      epsilon: complete.epsilon,
      debias: complete.debias,
      ...(complete.renormMax === undefined ? {} : { renormMax: complete.renormMax }),
      ...(complete.renormShift === undefined ? {} : { renormShift: complete.renormShift }),
      ...(complete.frozenFrom === undefined ? {} : { frozenFrom: complete.frozenFrom }),
      arms: Object.fromEntries(
        Object.entries(complete.arms ?? pairOf(complete)).map(([name, own]) => [name, { ...own }]),
      ),
      updates,
      batchSize,
      learningRate: complete.learningRate,
      ...(complete.loss === undefined ? {} : { loss: complete.loss }),
      ...(complete.accumulate === undefined ? {} : { accumulate: complete.accumulate }),
      ...(complete.optimizer === undefined ? {} : { optimizer: complete.optimizer }),
      ...(complete.momentum === undefined ? {} : { momentum: complete.momentum }),
      ...(complete.beta1 === undefined ? {} : { beta1: complete.beta1 }),
      ...(complete.beta2 === undefined ? {} : { beta2: complete.beta2 }),
      ...(complete.weightDecay === undefined ? {} : { weightDecay: complete.weightDecay }),
      ...(complete.decayNorms === undefined ? {} : { decayNorms: complete.decayNorms }),
      costEvery: complete.costEvery,
      histogramEvery: complete.histogramEvery,
      ...(complete.mapsOf === undefined ? {} : { mapsOf: complete.mapsOf }),
      roundingProbe: complete.roundingProbe,
    },
  };
}

/** Why there is no image to record maps of; `observed` images are there, undefined where points are columns. */
function withoutMaps(
  mapsOf: number | undefined,
  observed: number | undefined,
  written: ReadonlyMap<string, string>,
): string[] {
  if (mapsOf === undefined || mapsOf < (observed ?? 0)) return [];
  const why =
    observed === undefined
      ? t`applies to images; these points are columns`
      : t`${mapsOf} is not one of the ${observed} observed training images; give 0 to ${observed - 1}`;
  return [`${written.get("mapsOf") ?? flagOf("mapsOf")}: ${why}`];
}

/** N seeds from `seed` on, or the list that was given. */
function seedsOf({ seed, seeds = 1 }: CompleteSettings): readonly number[] {
  if (typeof seeds !== "number") return seeds;
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

function pointsName(complete: CompleteSettings): string {
  if (complete.data === undefined) return datasetName(complete);
  const format = tensorFormat(complete.data);
  return format !== undefined && aboutFormat(format).isSet ? format : "data";
}

function datasetName({ dataset, preset }: CompleteSettings): string {
  return dataset === undefined || dataset === presets[preset].dataset ? preset : dataset;
}
