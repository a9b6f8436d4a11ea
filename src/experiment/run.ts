import { type Dataset, fitGrid } from "../data/dataset.js";
import { datasetNamed } from "../data/datasets/index.js";
import type { Points } from "../data/points.js";
import { evenIndices } from "../data/sample.js";
import { standardizedInputs } from "../data/standardize.js";
import type { ArmState } from "../engines/engine.js";
import { referenceCostsOf } from "../metrics/reference-costs.js";
import type { SeedArm, SeedResult } from "../record/arms.js";
import type { ResultData } from "../record/data.js";
import type { RunDigests } from "../record/digests.js";
import type { Result } from "../record/result.js";
import { SCHEMA_VERSION } from "../record/schema-version.js";
import { t } from "../text/language.js";
import { VERSION } from "../version.js";
import type { ArmJob, ArmOutcome, ArmRunner } from "./arm.js";
import type { ArmPlan } from "./arm-plans.js";
import { classesOf } from "./classes.js";
import { dataWarningsOf } from "./data-warnings.js";
import { effectsOf } from "./effects.js";
import { float32Warnings } from "./float32-warnings.js";
import type { GivenColumns } from "./given.js";
import { predictedGrowth } from "./growth.js";
import { certify, shortCertificate } from "./pairing.js";
import type { Drawn, Experiment } from "./prepare.js";
import { nudged, spreadOf } from "./rounding-probe.js";
import { targetRemedies } from "./target-remedies.js";
import { warningsOf } from "./warnings.js";

/** Points at which a fit over one input column is evaluated. */
export const GRID_POINTS = 201;

/** How far an arm is, over all its seeds and repeats. */
export interface ArmStep {
  readonly arm: string;
  /** Updates done. */
  readonly done: number;
  /** Updates to do in total, without those that a divergence leaves undone. */
  readonly updates: number;
  /** The cost of the training that advanced last; undefined if it has none yet, or has diverged. */
  readonly cost: number | undefined;
  readonly trainings: number;
  /** The updates at which trainings diverged, in the order in which this was noticed. */
  readonly divergedAt: readonly number[];
}

/** Callbacks and cancellation of a running experiment. */
export interface RunEvents {
  readonly progress?: (step: ArmStep) => void;
  readonly signal?: AbortSignal;
}

/** A state kept for `--save-weights`. */
export interface SavedState extends ArmState {
  readonly arm: string;
}

/** Everything a run found. */
export interface FinishedRun {
  readonly result: Result;
  /** Of the first seed; absent if the engine's bytes are not reproducible. */
  readonly digests?: RunDigests;
  readonly saved: readonly SavedState[];
}

/**
 * Trains every arm for every seed, and for the rounding probe, in parallel, and collects the result. The same experiment
 * and engine give the same result. The first seed is recorded in full; for the others, only the costs are.
 */
export async function runExperiment(
  experiment: Experiment,
  runner: ArmRunner,
  events: RunEvents = {},
): Promise<FinishedRun> {
  const [seed] = experiment.seeds as [number, ...number[]];
  const first = experiment.draw(seed);
  const arms = Object.entries(experiment.arms);
  // Layers and loss are those of every arm.
  const [[, { spec }]] = arms as [[string, ArmPlan]];
  const tasks = [...tasksOf(experiment, first)];
  const outcomes = await runAll(tasks, runner, experiment.schedule.updates, events);
  const of = (wanted: Task["kind"], at: number) =>
    arms.map(([name, plan], place) => {
      const index = tasks.findIndex((task) => task.kind === wanted && task.at === at && task.arm === name);
      return { name, plan, place, ...(outcomes[index] as ArmOutcome) };
    });

  const full = of("seed", seed);
  const pairing = certify(first, full);
  const seeds = experiment.seeds.map((at): SeedResult => {
    const drawn = experiment.draw(at);
    const here = of("seed", at);
    return {
      seed: at,
      pairing: shortCertificate(at === seed ? pairing : certify(drawn, here)),
      referenceCosts: referenceCostsOf(drawn.dataset, spec),
      arms: Object.fromEntries(here.map(({ name, costs }) => [name, costs])),
    };
  });
  const records = Object.fromEntries(full.map(({ name, record }) => [name, record as NonNullable<typeof record>]));
  const { info } = runner;
  const failing = full.flatMap(({ name, plan, record }) =>
    record === undefined ? [] : [{ name, record, job: () => basicJob(experiment, first, name, plan) }],
  );
  const largeTargets = await targetRemedies(first, spec, failing, (job) =>
    runner.run({ ...job, title: t`arm ${job.name}, seed ${seed}, another setting` }, () => {}, events.signal),
  );
  const result: Result = {
    schemaVersion: SCHEMA_VERSION,
    config: { ...experiment.config, engine: info.name, backend: info.backend },
    engine: { name: info.name, backend: info.backend, version: { "bn-compare": VERSION, ...info.libraries } },
    pairing,
    referenceCosts: referenceCostsOf(first.dataset, spec),
    data: dataOf(first, experiment),
    arms: records,
    seeds,
    effects: effectsOf(experiment.arms, seeds),
    ...(experiment.roundingProbe === 0 ? {} : { roundingProbe: probeOf(experiment, of) }),
    warnings: [
      ...float32Warnings(experiment.columns?.rounding ?? [], experiment.config),
      ...dataWarningsOf({ ...experiment, ...first.dataset, results: records }),
      ...warningsOf(experiment.arms, records, experiment.schedule.updates),
      ...largeTargets,
    ],
  };
  const digests = full.flatMap(({ name, digests }) => (digests === undefined ? [] : [[name, digests] as const]));
  return {
    result,
    ...(digests.length === 0 ? {} : { digests: Object.fromEntries(digests) }),
    saved: full.flatMap(({ name, saved }) => saved.map((state) => ({ arm: name, ...state }))),
  };
}

/** One training: an arm for a seed, or for a repeat of the rounding probe. */
interface Task {
  readonly kind: "seed" | "probe";
  /** The seed, or the repeat. */
  readonly at: number;
  readonly arm: string;
  /** Created only when its turn comes: the weights of many seeds together could be large. */
  readonly job: () => ArmJob;
}

function* tasksOf(experiment: Experiment, first: Drawn): Generator<Task> {
  const arms = Object.entries(experiment.arms);
  const { saveWeights, mapsOf } = experiment;
  const basic = (drawn: Drawn, name: string, plan: ArmPlan) => basicJob(experiment, drawn, name, plan);
  const points = fitPoints(first.dataset);
  for (const seed of experiment.seeds) {
    for (const [arm, plan] of arms) {
      const predicted = predictedGrowth(plan.spec, plan.initialization);
      const fitAt = plan.spec.sizes.at(-1) === 1 ? { fitAt: points } : {};
      const full = {
        saveWeights,
        ...fitAt,
        ...(mapsOf === undefined ? {} : { mapsOf }),
        ...(predicted === undefined ? {} : { predictedGrowth: predicted }),
      };
      const job = () => ({ ...basic(experiment.draw(seed), arm, plan), ...(seed === first.seed ? { full } : {}) });
      yield { kind: "seed", at: seed, arm, job };
    }
  }
  for (let at = 1; at <= experiment.roundingProbe; at++) {
    for (const [arm, plan] of arms) {
      const job = () => ({ ...basic(first, arm, plan), weights: nudged(first.weightsOf(plan), first.seed, at) });
      yield { kind: "probe", at, arm, job };
    }
  }
}

/** An arm of a seed of which only the costs are recorded. */
export function basicJob(
  { batchSize, accumulate, schedule }: Experiment,
  drawn: Drawn,
  name: string,
  plan: ArmPlan,
): ArmJob {
  const { training, evaluation, standardization } = drawn.dataset;
  const targets = standardization?.targets === undefined ? {} : { targets: standardization.targets };
  return {
    name,
    spec: plan.spec,
    weights: drawn.weightsOf(plan),
    training,
    evaluation,
    ...targets,
    batchSize,
    accumulate,
    schedule,
  };
}

/** How messages name a training. */
function titleOf({ kind, arm, at }: Task): string {
  return kind === "seed" ? t`arm ${arm}, seed ${at}` : t`arm ${arm}, rounding repeat ${at}`;
}

/** Runs the tasks in order, as many in parallel as the runner allows; after one has failed, no other is started. */
async function runAll(
  tasks: readonly Task[],
  runner: ArmRunner,
  updates: number,
  { progress, signal }: RunEvents,
): Promise<ArmOutcome[]> {
  const outcomes: ArmOutcome[] = [];
  const count = countSteps(tasks, updates);
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const index = next++;
      const task = tasks[index] as Task;
      const job = { ...task.job(), title: titleOf(task) };
      const outcome = await runner.run(job, (update, cost) => progress?.(count.reached(task, update, cost)), signal);
      progress?.(count.ended(task, outcome.costs));
      outcomes[index] = outcome;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(runner.slots, tasks.length) }, work));
  } finally {
    next = tasks.length;
  }
  return outcomes;
}

/** Sums the progress of each arm's trainings. */
function countSteps(tasks: readonly Task[], updates: number) {
  const reached = new Map<Task, number>();
  const arms = new Map<string, ArmStep>();
  for (const { arm } of tasks) {
    const { trainings } = arms.get(arm) ?? { trainings: 0 };
    const all = trainings + 1;
    arms.set(arm, { arm, done: 0, updates: all * updates, cost: undefined, trainings: all, divergedAt: [] });
  }
  const advance = (task: Task, update: number, change: Partial<ArmStep>): ArmStep => {
    const before = arms.get(task.arm) as ArmStep;
    const step = { ...before, done: before.done + update - (reached.get(task) ?? 0), ...change };
    reached.set(task, update);
    arms.set(task.arm, step);
    return step;
  };
  return {
    reached: (task: Task, update: number, cost: number | undefined) => advance(task, update, { cost }),
    ended(task: Task, costs: SeedArm): ArmStep {
      if (costs.status === "trained") return advance(task, updates, { cost: costs.final.train });
      const { update } = costs.divergence;
      const before = arms.get(task.arm) as ArmStep;
      return advance(task, update, {
        cost: undefined,
        updates: before.updates - (updates - update),
        divergedAt: [...before.divergedAt, update],
      });
    },
  };
}

function probeOf(
  { arms, roundingProbe }: Experiment,
  of: (kind: "probe", at: number) => readonly { readonly name: string; readonly costs: SeedArm }[],
): NonNullable<Result["roundingProbe"]> {
  const repeats = Array.from({ length: roundingProbe }, (_, i) => of("probe", i + 1));
  const costs = Object.keys(arms).map((arm) => [
    arm,
    repeats.map((repeat) => repeat.find(({ name }) => name === arm)?.costs as SeedArm),
  ]);
  return { repeats: roundingProbe, arms: spreadOf(Object.fromEntries(costs)) };
}

function dataOf({ dataset }: Drawn, { config, columns }: Experiment): ResultData {
  const { standardization } = dataset;
  const { training, evaluation } = dataset.original;
  const drawn = evenIndices(training.samples, training.image);
  const hasOneTarget = training.y.length === training.samples;
  const pick = (values: Float32Array) => drawn.map((i) => values[i] as number);
  const curve = training.inputs === 1 ? datasetNamed(config.dataset)?.curve : undefined;
  const grid = training.inputs === 1 ? fitGrid(training, GRID_POINTS) : undefined;
  const classes = classesOf(dataset, config.sizes.at(-1) ?? 1);
  return {
    inputs: training.inputs,
    trainingSamples: training.samples,
    observedSamples: drawn.length,
    evaluationSamples: evaluation.samples,
    ...(columns === undefined
      ? {}
      : { columns: { inputs: [...columns.inputs], target: columns.target, reading: readingOf(columns) } }),
    ...(curve === undefined ? {} : { truth: curve }),
    drawn: { ...(grid === undefined ? {} : { x: pick(training.x) }), y: hasOneTarget ? pick(training.y) : [] },
    ...(grid === undefined ? {} : { grid: Array.from(grid) }),
    ...(classes === undefined ? {} : { classes }),
    ...(standardization === undefined ? {} : { standardization }),
  };
}

function readingOf({ reading }: GivenColumns) {
  return { ...reading, unused: [...reading.unused] };
}

/**
 * Where fits are evaluated, as the networks see the inputs: on a grid if there is one input column, otherwise at the points
 * that are drawn. The grid is evenly spaced in the column's own units, and so also for the networks.
 */
function fitPoints({ training, original, standardization }: Dataset): Omit<Points, "y"> {
  if (training.inputs === 1) {
    const x = standardizedInputs(fitGrid(original.training, GRID_POINTS), standardization?.inputs);
    return { samples: GRID_POINTS, inputs: 1, x };
  }
  const indices = evenIndices(training.samples, training.image);
  const { inputs, x } = training;
  const chosen = indices.flatMap((i) => [...x.subarray(i * inputs, (i + 1) * inputs)]);
  return { samples: indices.length, inputs, x: Float32Array.from(chosen) };
}
