import type { Points } from "../data/points.js";
import type { EngineArm, Moments, NormObservation, Observation } from "../engines/engine.js";
import { activationNormalizer, type Normalization } from "../model/network.js";
import type { Gap } from "../record/layers.js";
import type { Schedule } from "../training/schedule.js";
import { gapOf } from "./gap.js";

/** Passes over the sample, at most. */
const AUDITED_STATES = 500;
/** A pass over images takes as long as a few updates, so there are only so many before a checkpoint. */
const LOOKS_AT_IMAGES = 8;
/** Updates whose weight in a moving average is below this are left out. */
const NEGLIGIBLE_WEIGHT = 1e-4;

/** Watches an arm train, and can then say how far its moving averages are from the training set's statistics, and why. */
export interface GapAudit {
  /** Called with the arm before every update, the first one included, in order. */
  readonly before: (arm: EngineArm) => void;
  /** Called with the arm right after every update, in order. */
  readonly after: (arm: EngineArm) => void;
  /** The gap of every norm at the arm's state, by the norm's index; none before the first update. */
  readonly gaps: (arm: EngineArm, observation: Observation) => ReadonlyMap<number, Gap>;
}

interface Audited {
  readonly training: Points;
  /** The training points that states are observed on. */
  readonly sample: Points;
  readonly batchSize: number;
  readonly normalization: Normalization;
  readonly schedule: Schedule;
}

/** Moments by the norm's index. */
type Norms = ReadonlyMap<number, Moments>;

/**
 * Starts an audit. The averages without rounding are made of what every update put into the engine's. Where every batch
 * is the whole training set, its statistics are those of training itself; else they are measured, on the sample, at the
 * states whose weight in a recorded moving average counts.
 */
export function startGapAudit({ training, sample, batchSize, normalization, schedule }: Audited): GapAudit {
  const wholeBatches = batchSize === training.samples && (normalization.ghostBatchSize ?? batchSize) >= batchSize;
  const { decay, epsilon, debias = false } = normalization;
  const start = activationNormalizer({ normalization })?.movingVariance ?? 0;
  const exact = startAverages(decay, start);
  const gapsAt = (
    observation: Observation,
    averaged: ReadonlyMap<number, Moments>,
    current: (index: number, norm: NormObservation) => Moments,
  ) =>
    gapsOf(observation, (index, norm) =>
      gapOf(
        {
          moving: { mean: norm.movingMean, variance: norm.movingVariance },
          exact: exact.of(index),
          averaged: averaged.get(index) as Moments,
          current: current(index, norm),
        },
        { epsilon, startWeight: power(decay, moves), start, debias },
      ),
    );
  let moves = 0;
  const moved = (arm: EngineArm, averages: ReturnType<typeof startAverages>, each: (own: Norms) => Norms) => {
    for (const own of arm.averaged()) averages.add(each(own));
  };
  const after = (arm: EngineArm) => {
    moved(arm, exact, (own) => own);
    moves += arm.averaged().length;
  };
  if (wholeBatches) {
    return {
      before() {},
      after,
      gaps(arm, observation) {
        if (arm.update === 0) return new Map();
        const measured = sample === training ? undefined : arm.normStatistics(training);
        return gapsAt(
          observation,
          exact.all,
          (index, norm) => measured?.get(index) ?? { mean: norm.batchMean, variance: norm.batchVariance },
        );
      },
    };
  }

  const looks = statesToAudit(schedule, decay, training.image === undefined ? undefined : LOOKS_AT_IMAGES);
  let latest: Norms = new Map();
  const whole = startAverages(decay, start);
  return {
    before(arm) {
      if (looks(arm.update)) latest = arm.normStatistics(sample);
    },
    after(arm) {
      after(arm);
      moved(arm, whole, () => latest);
    },
    gaps(arm, observation) {
      if (arm.update === 0) return new Map();
      const current = arm.normStatistics(sample);
      return gapsAt(observation, whole.all, (index) => current.get(index) as Moments);
    },
  };
}

/** Averages of norms' statistics by the engines' rule, in float64: A ← d A + (1 − d) B; means from 0, variances from `start`. */
function startAverages(decay: number, start: number) {
  const all = new Map<number, Moments>();
  const move = (average: Moments["mean"], batch: Moments["mean"]) => {
    for (let i = 0; i < batch.length; i++)
      average[i] = decay * (average[i] as number) + (1 - decay) * (batch[i] as number);
  };
  return {
    all,
    of: (index: number) => all.get(index) as Moments,
    add(norms: ReadonlyMap<number, Moments>) {
      for (const [index, { mean, variance }] of norms) {
        const average = all.get(index) ?? {
          mean: new Float64Array(mean.length),
          variance: new Float64Array(variance.length).fill(start),
        };
        move(average.mean, mean);
        move(average.variance, variance);
        all.set(index, average);
      }
    },
  };
}

function gapsOf(
  { inputNorm, layers }: Observation,
  gap: (index: number, norm: NormObservation) => Gap,
): ReadonlyMap<number, Gap> {
  const norms = [inputNorm, ...layers.map(({ norm }) => norm)];
  return new Map(norms.flatMap((norm, index) => (norm === undefined ? [] : [[index, gap(index, norm)] as const])));
}

/** dᵗ by repeated multiplication: no host's `pow`. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent && product > 0; i++) product *= base;
  return product;
}

/**
 * Whether the training set's statistics are measured at a state: in the updates that count before each checkpoint. Where
 * those are more than the looks there may be, each stands for the updates up to the next, which weigh as much together.
 */
function statesToAudit(
  { updates, histogramEvery }: Schedule,
  decay: number,
  most?: number,
): (update: number) => boolean {
  const ends = [...checkpointsOf(updates, histogramEvery)];
  const each = most ?? Math.max(1, Math.floor(AUDITED_STATES / ends.length));
  const weights = [1];
  for (let weight = decay; weight > NEGLIGIBLE_WEIGHT && weights.length < histogramEvery; weight *= decay)
    weights.push(weight);
  let taken = 0;
  const backs = weights.flatMap((weight, back) => {
    if (weights.length > each && 1 - weight < taken / each) return [];
    taken += 1;
    return [back];
  });
  const looks = new Set([0, ...ends.flatMap((end) => backs.map((back) => end - 1 - back))]);
  return (update) => looks.has(update);
}

function* checkpointsOf(updates: number, every: number): Generator<number> {
  for (let update = every; update < updates; update += every) yield update;
  yield updates;
}
