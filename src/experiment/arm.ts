import { type Digest, float32Digest } from "../data/digest.js";
import type { Points } from "../data/points.js";
import { sampleOf } from "../data/sample.js";
import { type ColumnScale, costInOwnUnit, predictionInOwnUnit } from "../data/standardize.js";
import { isRecalibrated } from "../engines/arm-memory.js";
import type { ArmState, Costs, Engine, EngineArm, EngineInfo, Moments, Observation } from "../engines/engine.js";
import { type Bins, binsFor } from "../metrics/bins.js";
import { checkpointOf } from "../metrics/checkpoint.js";
import { frameLayersOf, framePlaces } from "../metrics/frame.js";
import { type GapAudit, startGapAudit } from "../metrics/gap-audit.js";
import { mapStateOf } from "../metrics/maps.js";
import { unitPlaces, unitsOf } from "../metrics/units.js";
import { initialTensors } from "../model/initializers.js";
import { stagesOf } from "../model/layers/stages.js";
import { lossOf } from "../model/losses/index.js";
import { hasMovingAverages, type NetworkSpec, OPTIMIZER_PREFIX } from "../model/network.js";
import type { Tensor, TensorMap } from "../model/tensors.js";
import type { ArmResult, SeedArm } from "../record/arms.js";
import type { ArmDigests } from "../record/digests.js";
import type { Frame } from "../record/frames.js";
import type { Checkpoint } from "../record/layers.js";
import type { ImageMaps, MapState } from "../record/maps.js";
import { statistic, statistics } from "../record/statistic.js";
import type { Units } from "../record/units.js";
import type { Statistic } from "../record/values.js";
import { type ArmHistory, type CostRecord, trainArm } from "../training/loop.js";
import type { Schedule } from "../training/schedule.js";
import { startDigests, stateDigests } from "./digests.js";
import { growthBefore } from "./growth.js";

/** One arm to train, whole: plain data, so that it can be sent to another thread or process. */
export interface ArmJob {
  readonly name: string;
  /** How messages name this training, with its seed. */
  readonly title?: string;
  readonly spec: NetworkSpec;
  readonly weights: TensorMap;
  readonly training: Points;
  readonly evaluation: Points;
  /** The scale by which the targets were standardized; absent where they were not. */
  readonly targets?: ColumnScale;
  readonly batchSize: number;
  /** Batches of one update. */
  readonly accumulate: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  /** Whether the state at the end is wanted with recalibrated averages. */
  readonly recalibrate?: boolean;
  /** Absent: only costs are recorded, and where the arm diverged. */
  readonly full?: {
    readonly saveWeights: boolean;
    /** Of images: the place among the observed ones of that whose feature maps are recorded. */
    readonly mapsOf?: number;
    /** Where the trained arm's predictions are wanted, in the inputs as the network sees them; absent with several outputs. */
    readonly fitAt?: Omit<Points, "y">;
    /** Growth of the second moment per layer that theory predicts for the initial weights. */
    readonly predictedGrowth?: number;
  };
}

/** What an arm was handed and held before the first update: SHA-256 of little-endian float32. */
export interface Handed {
  /** The training points in the order of their batches. */
  readonly training: Digest;
  readonly evaluation: Digest;
  readonly batchSize: number;
  /** Kernels and biases by name, as the engine's arm held them. */
  readonly tensors: Readonly<Record<string, Digest>>;
}

/** What an arm's training gave. */
export interface ArmOutcome {
  readonly handed: Handed;
  readonly costs: SeedArm;
  /** With `full`: everything that was recorded. */
  readonly record?: ArmResult;
  /** With `full`; absent where the engine's bytes repeat nowhere for certain. */
  readonly digests?: ArmDigests;
  /** The state at each checkpoint, with `saveWeights`. */
  readonly saved: readonly ArmState[];
  /** With `recalibrate`: the final state with the training set's statistics in the moving averages' place. */
  readonly recalibrated?: ArmState;
}

export type ArmProgress = (update: number, cost: number | undefined) => void;

/** Something that trains arms. The numbers do not hang on how many at once. */
export interface ArmRunner {
  readonly info: EngineInfo;
  /** How many arms it trains at once. */
  readonly slots: number;
  run(job: ArmJob, progress: ArmProgress, signal?: AbortSignal): Promise<ArmOutcome>;
  close(): Promise<void>;
}

/** Trains one arm in this thread. */
export async function runArm(
  engine: Engine,
  job: ArmJob,
  progress: ArmProgress = () => {},
  signal?: AbortSignal,
): Promise<ArmOutcome> {
  const { spec, training, evaluation, batchSize } = job;
  const initial = { update: 0, tensors: initialTensors(job.weights, spec) };
  const sample = job.full === undefined ? undefined : sampleOf(training);
  const arm = engine.createArm({
    spec,
    initial,
    training,
    evaluation,
    batchSize,
    accumulate: job.accumulate,
    ...(sample === undefined ? {} : { sample }),
  });
  try {
    const handed = handedTo(arm, job);
    const saved: ArmState[] = [];
    const digests =
      job.full === undefined || engine.info.reproducible === "no" ? undefined : startDigests(job.schedule.updates);
    const audit = auditOf(job, sample);
    const bins = binsFor(spec, training);
    const keep = keeper(job, bins, audit, saved);
    // A channel of an image has a map of values at each point, and no single one.
    const seen = sample && spec.images === undefined ? viewer(sample) : undefined;
    const mapped = sample && mapper(job, sample);
    const units: Units[] = [];
    const maps: MapState[] = [];
    const history = await trainArm<Checkpoint, Frame>(arm, job.schedule, {
      ...(digests === undefined ? {} : { state: digests.add }),
      ...(audit === undefined ? {} : { before: audit.before, after: audit.after }),
      ...(job.full === undefined
        ? {}
        : {
            checkpoint(observation, arm) {
              units.push(...(seen?.(observation, arm) ?? []));
              maps.push(...(mapped?.(observation, arm) ?? []));
              return keep(observation, arm);
            },
            frame: framer(job.full, job, bins),
          }),
      recalibrate: isRecalibrated(spec, training.samples),
      progress: (update, cost) => progress(update, cost === undefined ? cost : costInOwnUnit(cost, job.targets)),
      ...(signal === undefined ? {} : { signal }),
    });
    const costs = costsOf(history, job);
    const collected = digests?.collected();
    return {
      handed,
      saved,
      costs,
      ...(collected === undefined ? {} : { digests: collected }),
      ...(job.recalibrate && costs.status === "trained" ? { recalibrated: recalibratedState(arm) } : {}),
      ...(job.full === undefined
        ? {}
        : {
            record: {
              ...recordOf(costs, history, arm, { ...job.full, targets: job.targets }),
              ...lastOf(units, costs),
              ...mapsIn(maps, costs, job, sample),
              ...(collected === undefined ? {} : { stateDigests: stateDigests(collected) }),
            },
          }),
    };
  } finally {
    arm.dispose();
  }
}

/** Parameters and the population's moments; what the optimizer needs to go on is left out. */
function recalibratedState(arm: EngineArm): ArmState {
  const { update, tensors } = arm.state();
  const population = arm.populationMoments();
  const recalibrated = [...tensors].flatMap(([name, tensor]): [string, Tensor][] => {
    if (name.startsWith(OPTIMIZER_PREFIX)) return [];
    const [, index, moment] = /^norms\.(\d+)\.moving_(mean|variance)$/.exec(name) ?? [];
    const data = population.get(Number(index))?.[moment as keyof Moments];
    return [[name, data === undefined ? tensor : { shape: tensor.shape, data: Float32Array.from(data) }]];
  });
  return { update, tensors: new Map(recalibrated) };
}

function handedTo(arm: EngineArm, { training, evaluation, batchSize }: ArmJob): Handed {
  const held = [...arm.state().tensors].filter(([name]) => name.startsWith("layers."));
  return {
    training: float32Digest(training.x, training.y),
    evaluation: float32Digest(evaluation.x, evaluation.y),
    batchSize,
    tensors: Object.fromEntries(held.map(([name, { data }]) => [name, float32Digest(data)])),
  };
}

function auditOf({ spec, training, batchSize, schedule }: ArmJob, sample: Points | undefined): GapAudit | undefined {
  if (sample === undefined || spec.normalization === undefined || !hasMovingAverages(spec)) return undefined;
  return startGapAudit({ training, sample, batchSize, normalization: spec.normalization, schedule });
}

function keeper({ spec, training, full }: ArmJob, bins: Bins, audit: GapAudit | undefined, saved: ArmState[]) {
  const units = spec.sizes.slice(1);
  const isOfClasses = lossOf(spec).classes;
  const targetSquare = training.y.reduce((sum, y) => sum + y * y, 0) / training.y.length;
  return (observation: Observation, arm: EngineArm): Checkpoint => {
    if (full?.saveWeights) saved.push(arm.state());
    const gaps = audit?.gaps(arm, observation) ?? new Map();
    return checkpointOf(observation, {
      bins,
      activation: spec.activation,
      units,
      ...(isOfClasses ? {} : { targetSquare }),
      gaps,
    });
  };
}

/** What single units receive at some of the points, where all of that are numbers. */
function viewer(sample: Points) {
  const places = unitPlaces(sample);
  return (observation: Observation, arm: EngineArm): Units[] => {
    const units = unitsOf(observation, sample, places, arm.state().tensors);
    return units === undefined ? [] : [units];
  };
}

/** Feature maps of one image, where all of them are numbers. */
function mapper({ spec, full }: ArmJob, sample: Points) {
  const point = full?.mapsOf;
  if (point === undefined) return undefined;
  const stages = stagesOf(spec);
  return (observation: Observation, arm: EngineArm): MapState[] => {
    const state = mapStateOf(observation, stages, sample, point, arm.state().tensors);
    return state === undefined ? [] : [state];
  };
}

/** The first and the last of them, of states that had not diverged. */
function mapsIn(
  all: readonly MapState[],
  costs: SeedArm,
  { spec, full }: ArmJob,
  sample: Points | undefined,
): { maps?: ImageMaps } {
  const [first, last] = [all[0], lastBefore(all, costs)];
  const point = full?.mapsOf;
  if (first === undefined || last === undefined || point === undefined) return {};
  const label = lossOf(spec).classes ? sample?.y[point] : undefined;
  const states = first === last ? [first] : [first, last];
  return { maps: { point, ...(label === undefined ? {} : { label }), states } };
}

/** The last ones, of a state that had not diverged. */
function lastOf(all: readonly Units[], costs: SeedArm): { units?: Units } {
  const units = lastBefore(all, costs);
  return units === undefined ? {} : { units };
}

function lastBefore<T extends { readonly update: number }>(all: readonly T[], costs: SeedArm): T | undefined {
  const end = costs.status === "diverged" ? costs.divergence.update : Number.POSITIVE_INFINITY;
  return all.findLast(({ update }) => update < end);
}

/** What a moving picture shows of a state: costs, the fit in inference mode where there are averages, and the layers. */
function framer({ fitAt }: NonNullable<ArmJob["full"]>, { spec, targets }: ArmJob, bins: Bins) {
  const places = framePlaces(fitAt?.samples ?? 0);
  return (observation: Observation, arm: EngineArm, costs: Costs | undefined): Frame => {
    const fit = costs === undefined || costs.inference === null ? [] : predictionsAt(fitAt, arm, targets);
    return {
      update: observation.update,
      ...(costs === undefined ? {} : { costs: frameCosts(costs, targets) }),
      ...(fit.length === 0 ? {} : { fit: places.flatMap((place) => fit[place] ?? []) }),
      layers: frameLayersOf(observation, bins, spec.activation),
    };
  };
}

function frameCosts({ train, inference }: Costs, targets: ColumnScale | undefined): Frame["costs"] {
  const named = (cost: number) => statistic(costInOwnUnit(cost, targets));
  return { train: named(train), ...(inference === null ? {} : { inference: named(inference) }) };
}

function costsOf(
  { costs, checkpoints, divergence }: ArmHistory<Checkpoint, Frame>,
  { full, targets }: ArmJob,
): SeedArm {
  const named = costs.map(({ update, ...modes }) => ({
    update,
    ...modesIn(modes, (cost) => costInOwnUnit(cost, targets)),
    ...(modes.accuracy === undefined ? {} : { accuracy: { ...modes.accuracy } }),
    ...(targets === undefined ? {} : { standardized: modesIn(modes, (cost) => cost) }),
  }));
  if (divergence !== undefined) {
    const growth = growthBefore(divergence.update, checkpoints, full?.predictedGrowth);
    return { status: "diverged", costs: named, divergence: { ...divergence, ...(growth && { growth }) } };
  }
  const last = named.at(-1);
  if (last === undefined || last.inference === null) throw new Error("a trained arm has no final cost");
  const { update: _, inference, standardized, ...others } = last;
  return {
    status: "trained",
    costs: named,
    final: {
      ...others,
      inference,
      ...(standardized === undefined || standardized.inference === null
        ? {}
        : { standardized: { ...standardized, inference: standardized.inference } }),
    },
  };
}

/** The costs of all modes in a unit; those that are not finite are named. */
function modesIn({ train, inference, recalibrated }: Omit<CostRecord, "update">, unit: (cost: number) => number) {
  return {
    train: unit(train),
    inference: inference === null ? null : statistic(unit(inference)),
    ...(recalibrated === undefined ? {} : { recalibrated: statistic(unit(recalibrated)) }),
  };
}

function recordOf(
  costs: SeedArm,
  history: Pick<ArmHistory<Checkpoint, Frame>, "checkpoints" | "frames">,
  arm: EngineArm,
  { fitAt, targets }: { readonly fitAt?: Omit<Points, "y">; readonly targets: ColumnScale | undefined },
): ArmResult {
  const [checkpoints, frames] = [[...history.checkpoints], [...history.frames]];
  if (costs.status === "diverged") return { ...costs, checkpoints, frames };
  return { ...costs, checkpoints, frames, fit: predictionsAt(fitAt, arm, targets) };
}

function predictionsAt(
  points: Omit<Points, "y"> | undefined,
  arm: EngineArm,
  targets: ColumnScale | undefined,
): Statistic[] {
  if (points === undefined) return [];
  return statistics(Array.from(arm.predict(points), (prediction) => predictionInOwnUnit(prediction, targets)));
}
