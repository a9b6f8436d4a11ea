import { availableParallelism } from "node:os";
import type { BackendName, EngineName } from "../engines/names.js";
import { ExpectedError } from "../errors.js";
import { t } from "../text/language.js";
import type { ArmJob, ArmOutcome, ArmProgress, ArmRunner } from "./arm.js";
import type { ProgressMessage, WorkerAnswer, WorkerTask } from "./arm-worker.js";
import { openPool } from "./pool.js";
import { type Experiment, trainingsPerArm } from "./prepare.js";
import type { Stepper } from "./step.js";

export interface WorkerOptions {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  /** How many arms will be run in all. */
  readonly jobs: number;
  /** How many arms train at once; default: one a core. */
  readonly workers?: number;
  readonly verbose?: boolean;
  /** For what should be said while arms train: that a worker does not answer. */
  readonly notice?: (line: string) => void;
  /** Ends the wait for the engine. */
  readonly signal?: AbortSignal;
}

/** An `ArmRunner` over a pool, and what its user should know about how the engine was chosen. */
export interface Workers extends ArmRunner {
  readonly notices: readonly string[];
  readonly step: Stepper;
}

/**
 * Starts a pool in which each arm trains in a worker of its own. Throws what loading the engine throws. A worker that is
 * lost is an expected error with the arm and its seed; after it the pool is of no more use.
 */
export async function openWorkers({
  engine,
  backend,
  jobs,
  workers,
  verbose = false,
  notice = () => {},
  signal,
}: WorkerOptions): Promise<Workers> {
  const count = Math.min(jobs, workers ?? availableParallelism());
  const module = new URL("./arm-worker.js", import.meta.url);
  const pool = openPool({ module, processes: engine === "tfjs", workers: count, notice });
  const base: WorkerTask = { engine, verbose, ...(backend === undefined ? {} : { backend }) };

  const run = async (job: ArmJob, progress: ArmProgress, signal?: AbortSignal): Promise<ArmOutcome> => {
    const receive = ({ update, cost }: ProgressMessage) => progress(update, cost);
    const task: WorkerTask = { ...base, job };
    return outcomeOf(await pool.run<WorkerAnswer>(task, { title: job.title ?? t`arm ${job.name}`, signal, receive }));
  };

  const step: Stepper = async (task) => {
    const title = t`one update from update ${task.initial.update}`;
    const { step: made } = answered(await pool.run<WorkerAnswer>({ ...base, step: task }, { title, signal }));
    if (made === undefined) throw new Error("a worker answered a step without its outcome");
    return made;
  };

  try {
    const { info, notices } = answered(await pool.run<WorkerAnswer>(base, { title: t`the engine ${engine}`, signal }));
    return { info, notices, slots: count, run, step, close: pool.close };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** What a command asks of the workers for an experiment. */
export type WorkersOf = Pick<WorkerOptions, "workers" | "verbose" | "notice" | "signal">;

/** Opens workers for all of an experiment's trainings, and closes them when they have been used, come what may. */
export async function withWorkers<T>(
  experiment: Experiment,
  { workers: count, verbose, notice, signal }: { [Key in keyof WorkersOf]: WorkersOf[Key] | undefined },
  use: (workers: Workers) => Promise<T>,
): Promise<T> {
  const { name: engine, backend } = experiment.engine;
  const workers = await openWorkers({
    engine,
    jobs: Object.keys(experiment.arms).length * trainingsPerArm(experiment),
    ...(backend === undefined ? {} : { backend }),
    ...(count === undefined ? {} : { workers: count }),
    ...(verbose === undefined ? {} : { verbose }),
    ...(notice === undefined ? {} : { notice }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await use(workers);
  } finally {
    await workers.close();
  }
}

function answered(answer: WorkerAnswer) {
  if ("failed" in answer) throw new ExpectedError(answer.exitCode, answer.failed);
  return answer;
}

function outcomeOf(answer: WorkerAnswer) {
  const { outcome } = answered(answer);
  if (outcome === undefined) throw new Error("a worker answered a job without its outcome");
  return outcome;
}
