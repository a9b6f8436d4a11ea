import type { ArmTask, Engine } from "../engines/engine.js";
import type { TensorMap } from "../model/tensors.js";

/** What one update from a state gives: costs at the state, and the state behind it. */
export interface Step {
  readonly train: number;
  readonly inference: number | null;
  readonly next: TensorMap;
}

/** Makes a step, wherever its engine is. */
export type Stepper = (task: ArmTask) => Promise<Step>;

/** Starts an engine's arm from a state and makes one update. */
export function stepWith(engine: Engine, task: ArmTask): Step {
  const arm = engine.createArm(task);
  try {
    const { train, inference } = arm.costs();
    arm.advance(task.initial.update + 1);
    return { train, inference, next: arm.state().tensors };
  } finally {
    arm.dispose();
  }
}
