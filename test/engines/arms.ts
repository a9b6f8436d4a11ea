import { expect } from "vitest";
import type { ArmTask, Engine, EngineArm } from "../../src/engines/engine.js";
import type { TensorMap } from "../../src/model/tensors.js";

/** What `use` makes of an engine's arm, which is disposed of then. */
export function using<R>(engine: Engine, task: ArmTask, use: (arm: EngineArm) => R): R {
  const arm = engine.createArm(task);
  try {
    return use(arm);
  } finally {
    arm.dispose();
  }
}

/** An arm's tensors after some updates, which it must reach. */
export function stateAfter(engine: Engine, task: ArmTask, updates: number): TensorMap {
  return using(engine, task, (arm) => {
    expect(arm.advance(updates).status).toBe("reached");
    return arm.state().tensors;
  });
}

/** What the output layer gives of the next batch, `[outputs][samples]`. */
export function outputsOf(engine: Engine, task: ArmTask): number[] {
  return using(engine, task, (arm) => Array.from(arm.observe("next-batch").layers.at(-1)?.preActivation ?? []));
}

export const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest difference of two lists. */
export const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - (b[i] ?? Number.NaN)));
