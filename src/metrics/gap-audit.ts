import type { Points } from "../data/points.js";
import type { EngineArm, Moments, NormObservation, Observation } from "../engines/engine.js";
import type { Normalization } from "../model/network.js";
import type { Schedule } from "../training/schedule.js";
import { type Gap, gapOf } from "./gap.js";

/** Points of the training set that stand for all of it, at most. */
const AUDITED_POINTS = 2500;
/** Passes over them, at most: where more states count, every second, third, … of them is looked at. */
const AUDITED_STATES = 500;
/** Updates whose weight in a moving average is below this are left out. */
const NEGLIGIBLE_WEIGHT = 1e-4;

/** Watches an arm train, and can then say how far its moving averages are from the training set's statistics. */
export interface GapAudit {
  /** To be told of the state before every update, the initial one included, in order. */
  readonly before: (arm: EngineArm) => void;
  /** The gap of every norm at the arm's state, by the norm's index; none before the first update. */
  readonly gaps: (arm: EngineArm, observation: Observation) => ReadonlyMap<number, Gap>;
}

interface Audited {
  readonly training: Points;
  readonly batchSize: number;
  readonly normalization: Normalization;
  readonly schedule: Schedule;
}

/**
 * Starts an audit. Where every batch is the whole training set, its statistics are known from training itself; else they
 * are measured at the states whose weight in a recorded moving average counts.
 */
export function startGapAudit({ training, batchSize, normalization, schedule }: Audited): GapAudit {
  const wholeBatches = batchSize === training.samples && (normalization.ghostBatchSize ?? batchSize) >= batchSize;
  const { decay, epsilon, debias = false } = normalization;
  const at = (startWeight: number) => ({ epsilon, startWeight, debias });
  if (wholeBatches) {
    return {
      before() {},
      gaps: (arm, observation) =>
        gapsOf(arm, observation, (_, norm) => {
          // F is the moving average itself; gapOf takes it as it is before debiasing.
          const startWeight = power(decay, arm.update);
          const factor = debias ? 1 - startWeight : 1;
          const averaged = { mean: times(norm.movingMean, factor), variance: times(norm.movingVariance, factor) };
          const current = { mean: norm.batchMean, variance: norm.batchVariance };
          return gapOf(movingOf(norm), averaged, current, at(startWeight));
        }),
    };
  }

  const points = thinned(training, AUDITED_POINTS);
  const looks = statesToAudit(schedule, decay);
  let latest: ReadonlyMap<number, Moments> | undefined;
  const averages = new Map<number, { mean: Float64Array; variance: Float64Array }>();
  return {
    before(arm) {
      if (looks(arm.update)) latest = arm.normStatistics(points);
      for (const [index, { mean, variance }] of latest ?? []) {
        const average = averages.get(index) ?? {
          mean: new Float64Array(mean.length),
          variance: new Float64Array(variance.length),
        };
        for (let i = 0; i < mean.length; i++) {
          average.mean[i] = decay * (average.mean[i] as number) + (1 - decay) * (mean[i] as number);
          average.variance[i] = decay * (average.variance[i] as number) + (1 - decay) * (variance[i] as number);
        }
        averages.set(index, average);
      }
    },
    gaps(arm, observation) {
      if (arm.update === 0) return new Map();
      const current = arm.normStatistics(points);
      return gapsOf(arm, observation, (index, norm) =>
        gapOf(
          movingOf(norm),
          averages.get(index) as Moments,
          current.get(index) as Moments,
          at(power(decay, arm.update)),
        ),
      );
    },
  };
}

function gapsOf(
  arm: EngineArm,
  { inputNorm, layers }: Observation,
  gap: (index: number, norm: NormObservation) => Gap,
): ReadonlyMap<number, Gap> {
  if (arm.update === 0) return new Map();
  const norms = [inputNorm, ...layers.map(({ norm }) => norm)];
  return new Map(norms.flatMap((norm, index) => (norm === undefined ? [] : [[index, gap(index, norm)] as const])));
}

const movingOf = ({ movingMean, movingVariance }: NormObservation): Moments => ({
  mean: movingMean,
  variance: movingVariance,
});

const times = (values: ArrayLike<number>, factor: number) => Float64Array.from(values, (value) => value * factor);

/** dᵗ by repeated multiplication: no host's `pow`. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent && product > 0; i++) product *= base;
  return product;
}

/** Evenly chosen points, all where there are few. */
function thinned({ samples, inputs, x }: Points, most: number): Omit<Points, "y"> {
  const step = Math.ceil(samples / most);
  const count = Math.ceil(samples / step);
  const chosen = new Float32Array(count * inputs);
  for (let s = 0; s < count; s++) chosen.set(x.subarray(s * step * inputs, (s * step + 1) * inputs), s * inputs);
  return { samples: count, inputs, x: chosen };
}

/** Whether the training set's statistics are measured at a state: in the updates that count before each checkpoint. */
function statesToAudit({ updates, histogramEvery }: Schedule, decay: number): (update: number) => boolean {
  let window = 1;
  for (let weight = decay; weight > NEGLIGIBLE_WEIGHT && window < updates; weight *= decay) window += 1;
  const ends = [...checkpointsOf(updates, histogramEvery)];
  const perCheckpoint = Math.min(window, histogramEvery);
  const every = Math.max(1, Math.ceil((ends.length * perCheckpoint) / AUDITED_STATES));
  return (update) => {
    const next = Math.min(updates, Math.ceil((update + 1) / histogramEvery) * histogramEvery);
    return update === 0 || (next - update <= window && (next - 1 - update) % every === 0);
  };
}

function* checkpointsOf(updates: number, every: number): Generator<number> {
  for (let update = every; update < updates; update += every) yield update;
  yield updates;
}
