import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { Tinypool } from "tinypool";
import type { BackendName, EngineName } from "../engines/names.js";
import { ExpectedError } from "../errors.js";
import type { ArmJob, ArmProgress, ArmRunner } from "./arm.js";
import type { ProgressMessage, WorkerAnswer, WorkerTask } from "./arm-worker.js";

export interface WorkerOptions {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  /** How many arms will be run in all. */
  readonly jobs: number;
  /** How many arms train at once; default: one a core. */
  readonly workers?: number;
  readonly verbose?: boolean;
}

/** An `ArmRunner` over a pool, and what its user should know about how the engine was chosen. */
export interface Workers extends ArmRunner {
  readonly notices: readonly string[];
}

/**
 * Starts a pool in which each arm trains in a worker of its own: threads, or child processes for TensorFlow, whose native
 * library does not load in a second thread. Throws what loading the engine throws.
 */
export async function openWorkers({
  engine,
  backend,
  jobs,
  workers,
  verbose = false,
}: WorkerOptions): Promise<Workers> {
  const processes = engine === "tfjs";
  const count = Math.min(jobs, workers ?? availableParallelism());
  const pool = new Tinypool({
    filename: fileURLToPath(new URL("./arm-worker.js", import.meta.url)),
    runtime: processes ? "child_process" : "worker_threads",
    minThreads: count,
    maxThreads: count,
    serialization: "advanced",
    // A child process would start with an empty environment: no HOME, no cache folder, no NO_COLOR.
    env: process.env as Record<string, string>,
  });
  const base = { engine, verbose, ...(backend === undefined ? {} : { backend }) };

  const run = async (job: ArmJob, progress: ArmProgress, signal?: AbortSignal) =>
    outcomeOf(await send(job, progress, signal));

  const send = async (job: ArmJob, progress: ArmProgress, signal?: AbortSignal): Promise<WorkerAnswer> => {
    const receive = (message: ProgressMessage) => {
      if (message.arm === job.name) progress(message.update, message.cost);
    };
    const task = { ...base, job };
    const options = signal === undefined ? {} : { signal };
    if (processes) {
      const channel = { onMessage: () => {}, postMessage: receive, onClose: () => {} };
      return pool.run(task, { ...options, channel });
    }
    const { port1, port2 } = new MessageChannel();
    port1.on("message", receive);
    try {
      const withPort: WorkerTask = { ...task, port: port2 };
      return await pool.run(withPort, { ...options, transferList: [port2] });
    } finally {
      port1.close();
    }
  };

  try {
    const { info, notices } = answered(await pool.run(base satisfies WorkerTask));
    return { info, notices, slots: count, run, close: () => pool.destroy() };
  } catch (error) {
    await pool.destroy();
    throw error;
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
