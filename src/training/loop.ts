import { setImmediate } from "node:timers/promises";
import { type ArmState, type Costs, type EngineArm, isDivergedCost, type Observation } from "../engines/engine.js";
import { type Divergence, locateDivergence } from "./divergence.js";
import { type Schedule, stopsOf } from "./schedule.js";

/** Costs recorded at one update. */
export interface CostRecord extends Costs {
  readonly update: number;
}

/** What one arm's training left behind; `C` is what the caller keeps of an observation. */
export interface ArmHistory<C> {
  /** Ends with the last finite entry. */
  readonly costs: readonly CostRecord[];
  readonly checkpoints: readonly C[];
  /** Absent when the arm was trained to the end. */
  readonly divergence?: Divergence;
}

/** What the caller does with what the loop sees. */
export interface Recorder<C> {
  /** Reduces an observation of the arm's state to what is kept; without it, no checkpoints are made. */
  readonly checkpoint?: (observation: Observation, arm: EngineArm) => C;
  /** Called with the arm before every single update; makes the loop go update by update. */
  readonly before?: (arm: EngineArm) => void;
  /** Called with the arm right after every single update; makes the loop go update by update. */
  readonly after?: (arm: EngineArm) => void;
  /** Called with the state after every single update, and the initial one; makes the loop go update by update. */
  readonly state?: (state: ArmState) => void;
  /** Called at every stop. */
  readonly progress?: (update: number, cost: number | undefined) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains one arm along the schedule. Asks the engine to advance and to report; never changes what it trains. An arm that
 * diverges stops there, with a checkpoint of the diverged state.
 * Checkpoints are made on the task's sample of the training points, the same at every update. Whether an arm has
 * diverged does not depend on them: the batch that comes next says so, and the costs.
 */
export async function trainArm<C>(
  arm: EngineArm,
  schedule: Schedule & { readonly fullBatch: boolean },
  recorder: Recorder<C>,
): Promise<ArmHistory<C>> {
  const costs: CostRecord[] = [];
  const checkpoints: C[] = [];
  let kept: number | undefined;
  const keep = () => {
    if (recorder.checkpoint === undefined || kept === arm.update) return;
    kept = arm.update;
    checkpoints.push(recorder.checkpoint(arm.observe("sample"), arm));
  };
  const diverged = (): ArmHistory<C> => {
    keep();
    // After the last mini-batch it was the evaluation points' cost that said so.
    const isEnd = arm.update === schedule.updates && !schedule.fullBatch;
    const seen = arm.observe(isEnd ? "evaluation" : "next-batch");
    return { costs, checkpoints, divergence: locateDivergence(arm.state(), seen) };
  };

  recorder.state?.(arm.state());
  for (const stop of stopsOf(schedule)) {
    // Lets the other arm, the display and Ctrl-C have their turn.
    await setImmediate();
    recorder.signal?.throwIfAborted();
    if (!reach(arm, stop.update, recorder)) return diverged();
    if (stop.cost) {
      const cost = arm.costs();
      if (isDivergedCost(cost.train)) return diverged();
      costs.push({ update: stop.update, ...cost });
    }
    if (stop.checkpoint) keep();
    recorder.progress?.(stop.update, costs.at(-1)?.train);
  }
  return { costs, checkpoints };
}

/** Advances the arm; false when it diverged on the way. */
function reach(
  arm: EngineArm,
  target: number,
  { before, after, state }: Pick<Recorder<unknown>, "before" | "after" | "state">,
): boolean {
  if (before === undefined && after === undefined && state === undefined)
    return arm.advance(target).status === "reached";
  while (arm.update < target) {
    before?.(arm);
    if (arm.advance(arm.update + 1).status === "diverged") return false;
    after?.(arm);
    state?.(arm.state());
  }
  return true;
}
