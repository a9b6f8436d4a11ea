import "../text/spoken.js";
import type { ArmTask, EngineInfo } from "../engines/engine.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { type LoadedEngine, loadEngine } from "../engines/registry.js";
import { ExpectedError } from "../errors.js";
import { type ArmJob, type ArmOutcome, runArm } from "./arm.js";
import { serve } from "./serve.js";
import { type Step, stepWith } from "./step.js";

/** What a worker is asked: to load its engine and say what it is, to train an arm, or to make one update. */
export interface WorkerTask {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  readonly verbose: boolean;
  readonly job?: ArmJob;
  /** An arm at a state, to make one update. */
  readonly step?: ArmTask;
}

/** An answer, or the expected error that stands in its place: classes do not survive the way back. */
export type WorkerAnswer =
  | {
      readonly info: EngineInfo;
      readonly notices: readonly string[];
      readonly outcome?: ArmOutcome;
      readonly step?: Step;
    }
  | { readonly failed: readonly string[]; readonly exitCode: ExpectedError["exitCode"] };

/** Progress as it is sent. */
export interface ProgressMessage {
  readonly update: number;
  readonly cost: number | undefined;
}

/** Between two messages of one arm, ms: a display shows no more, and fast training should not wait for it. */
const MESSAGE_INTERVAL = 40;

let loaded: Promise<LoadedEngine> | undefined;

async function work(
  { engine, backend, verbose, job, step }: WorkerTask,
  send: (message: ProgressMessage) => void,
): Promise<WorkerAnswer> {
  try {
    loaded ??= loadEngine(engine, backend, verbose);
    const { engine: ready, notices } = await loaded;
    if (step !== undefined) return { info: ready.info, notices, step: stepWith(ready, step) };
    if (job === undefined) return { info: ready.info, notices };
    let sent = Number.NEGATIVE_INFINITY;
    const outcome = await runArm(ready, job, (update, cost) => {
      if (performance.now() - sent < MESSAGE_INTERVAL) return;
      sent = performance.now();
      send({ update, cost });
    });
    return { info: ready.info, notices, outcome };
  } catch (error) {
    if (error instanceof ExpectedError) return { failed: error.lines, exitCode: error.exitCode };
    throw error;
  }
}

serve(work);
