import type { MessagePort } from "node:worker_threads";
import type { EngineInfo } from "../engines/engine.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { type LoadedEngine, loadEngine } from "../engines/registry.js";
import { ExpectedError } from "../errors.js";
import { type ArmJob, type ArmOutcome, runArm } from "./arm.js";
import { followParent } from "./worker-process.js";

/** What a worker is asked: to load its engine and say what it is, or to train an arm. */
export interface WorkerTask {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  readonly verbose: boolean;
  readonly job?: ArmJob;
  /** Progress goes here: a port in a thread, absent in a process of its own, which sends messages. */
  readonly port?: MessagePort;
}

/** An answer, or the expected error that stands in its place: classes do not survive the way back. */
export type WorkerAnswer =
  | { readonly info: EngineInfo; readonly notices: readonly string[]; readonly outcome?: ArmOutcome }
  | { readonly failed: readonly string[]; readonly exitCode: ExpectedError["exitCode"] };

/** Progress as it is sent, with the arm it belongs to. */
export interface ProgressMessage {
  readonly arm: string;
  readonly update: number;
  readonly cost: number | undefined;
}

/** Between two messages of one arm, ms: a display shows no more, and fast training should not wait for it. */
const MESSAGE_INTERVAL = 40;

followParent();

let loaded: Promise<LoadedEngine> | undefined;

/** Run by the pool in a worker thread or a child process, for each task. */
export default async function work({ engine, backend, verbose, job, port }: WorkerTask): Promise<WorkerAnswer> {
  try {
    loaded ??= loadEngine(engine, backend, verbose);
    const { engine: ready, notices } = await loaded;
    if (job === undefined) return { info: ready.info, notices };
    let sent = Number.NEGATIVE_INFINITY;
    const outcome = await runArm(ready, job, (update, cost) => {
      if (performance.now() - sent < MESSAGE_INTERVAL) return;
      sent = performance.now();
      const message: ProgressMessage = { arm: job.name, update, cost };
      if (port === undefined) process.send?.(message);
      else port.postMessage(message);
    });
    return { info: ready.info, notices, outcome };
  } catch (error) {
    if (error instanceof ExpectedError) return { failed: error.lines, exitCode: error.exitCode };
    throw error;
  } finally {
    port?.close();
  }
}
