import { setImmediate } from "node:timers/promises";
import {
  type ArmState,
  type Costs,
  type EngineArm,
  type Evaluation,
  isDivergedCost,
  type Observation,
} from "../engines/engine.js";
import { type Divergence, locateDivergence } from "./divergence.js";
import { framesOf, type Schedule, type Stop, stopsOf } from "./schedule.js";

/** Costs recorded at one update. */
export interface CostRecord extends Costs {
  readonly update: number;
  /** At the last update, where it is wanted and the arm has moving averages. */
  readonly recalibrated?: number;
  readonly accuracy?: NonNullable<Costs["accuracy"]> & { readonly recalibrated?: number };
}

/** What one arm's training left behind; `C` is what the caller keeps of a checkpoint, `F` of a frame. */
export interface ArmHistory<C, F = never> {
  /** Ends with the last finite entry. */
  readonly costs: readonly CostRecord[];
  readonly checkpoints: readonly C[];
  readonly frames: readonly F[];
  /** Absent when the arm was trained to the end. */
  readonly divergence?: Divergence;
}

/** What the caller does with what the loop sees. */
export interface Recorder<C, F = never> {
  /** Reduces an observation of the arm's state to what is kept; without it, no checkpoints are made. */
  readonly checkpoint?: (observation: Observation, arm: EngineArm) => C;
  /** The same for a frame, with the state's costs, which a state that diverged has none of; without it, no frames are made. */
  readonly frame?: (observation: Observation, arm: EngineArm, costs: Costs | undefined) => F;
  /** Called with the arm before every single update; makes the loop go update by update. */
  readonly before?: (arm: EngineArm) => void;
  /** Called with the arm right after every single update; makes the loop go update by update. */
  readonly after?: (arm: EngineArm) => void;
  /** Called with the state after every single update, and the initial one; makes the loop go update by update. */
  readonly state?: (state: ArmState) => void;
  /** Whether the last costs have the recalibrated one with them. */
  readonly recalibrate?: boolean;
  /** Called at every stop. */
  readonly progress?: (update: number, cost: number | undefined) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains one arm along the schedule. Asks the engine to advance and to report; never changes what it trains. An arm that
 * diverges stops there, with a checkpoint and a frame of the diverged state.
 * Checkpoints and frames are made on the task's sample of the training points, the same at every update. Whether an arm
 * has diverged does not depend on them: the batch that comes next says so, and the costs.
 */
export async function trainArm<C, F = never>(
  arm: EngineArm,
  schedule: Schedule & { readonly fullBatch: boolean },
  recorder: Recorder<C, F>,
): Promise<ArmHistory<C, F>> {
  const costs: CostRecord[] = [];
  const checkpoints: C[] = [];
  const frames: F[] = [];
  /** Updates that already have one. */
  const kept: { checkpoint?: number; frame?: number | undefined } = {};
  const keep = (due: Pick<Stop, "checkpoint" | "frame">, cost: Costs | undefined) => {
    const { checkpoint, frame } = recorder;
    const makesCheckpoint = due.checkpoint && checkpoint !== undefined && kept.checkpoint !== arm.update;
    const makesFrame = due.frame && frame !== undefined && kept.frame !== arm.update;
    if (!makesCheckpoint && !makesFrame) return;
    const seen = arm.observe("sample");
    if (makesCheckpoint) {
      kept.checkpoint = arm.update;
      checkpoints.push(checkpoint(seen, arm));
    }
    if (makesFrame) {
      kept.frame = arm.update;
      frames.push(frame(seen, arm, cost));
    }
  };
  const diverged = (): ArmHistory<C, F> => {
    // It was made before the next batch said that the state has diverged.
    if (kept.frame === arm.update) frames.pop();
    kept.frame = undefined;
    keep({ checkpoint: true, frame: true }, undefined);
    // After the last mini-batch it was the evaluation points' cost that said so.
    const isEnd = arm.update === schedule.updates && !schedule.fullBatch;
    const seen = arm.observe(isEnd ? "evaluation" : "next-batch");
    return { costs, checkpoints, frames, divergence: locateDivergence(arm.state(), seen) };
  };

  recorder.state?.(arm.state());
  for (const stop of stopsOf(schedule, recorder.frame === undefined ? [] : framesOf(schedule.updates))) {
    // Lets the other arm, the display and Ctrl-C have their turn.
    await setImmediate();
    recorder.signal?.throwIfAborted();
    if (!reach(arm, stop.update, recorder)) return diverged();
    const cost = stop.cost || stop.frame ? arm.costs() : undefined;
    // A frame's cost decides nothing: what an arm's end is does not depend on whether frames are made.
    if (stop.cost && cost !== undefined) {
      if (isDivergedCost(cost.train)) return diverged();
      const recalibrated = recorder.recalibrate && stop.update === schedule.updates ? arm.recalibrated() : undefined;
      costs.push({ update: stop.update, ...withRecalibrated(cost, recalibrated) });
    }
    keep(stop, cost);
    recorder.progress?.(stop.update, costs.at(-1)?.train);
  }
  return { costs, checkpoints, frames };
}

function withRecalibrated(cost: Costs, recalibrated: Evaluation | undefined): Omit<CostRecord, "update"> {
  if (recalibrated === undefined) return cost;
  const { accuracy } = recalibrated;
  return {
    ...cost,
    recalibrated: recalibrated.cost,
    ...(cost.accuracy && accuracy !== undefined && { accuracy: { ...cost.accuracy, recalibrated: accuracy } }),
  };
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
