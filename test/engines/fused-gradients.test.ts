import { describe, expect, test } from "vitest";
import type { ArmTask } from "../../src/engines/engine.js";
import { loadFusedEngine } from "../../src/engines/fused-node.js";
import { parameterNames } from "../../src/model/network.js";
import { float64Cost } from "./float64-cost.js";
import { ACTIVATIONS, taskOf } from "./fused-tasks.js";

const engine = loadFusedEngine();
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
const arms = [{ bn: false }, { bn: true }];

describe.each(ACTIVATIONS)("the gradient under %s", (activation) => {
  test.each(arms)("is that of central differences (bn: $bn)", ({ bn }) => {
    const task = taskOf({ activation, bn, sizes: [2, 5, 6, 1], samples: 19 });
    const parameters = new Map([...task.initial.tensors].map(([name, { data }]) => [name, Float64Array.from(data)]));
    const arm = engine.createArm(task);
    const gradients = arm.gradients("next-batch");
    expect(arm.costs().train / float64Cost(task, parameters)).toBeCloseTo(1, 5);
    expect([...gradients.keys()]).toEqual(parameterNames(task.spec));
    const scale = Math.max(...[...gradients.values()].map(({ data }) => largest(data)));
    for (const [name, { data }] of gradients) {
      const values = parameters.get(name) as Float64Array;
      const expected = values.map((_, i) => centralDifference(task, parameters, values, i));
      // In front of a BN some gradients are zero in theory: those are held to the largest of all.
      const own = largest(expected) > 1e-5 * scale ? largest(expected) : scale;
      data.forEach((g, i) => {
        expect(Math.abs(g - (expected[i] as number)) / own, `${name}[${i}]`).toBeLessThan(1e-4);
      });
    }
  });
});

function centralDifference(
  task: ArmTask,
  parameters: Map<string, Float64Array>,
  values: Float64Array,
  i: number,
): number {
  const step = 1e-6;
  const center = values[i] as number;
  values[i] = center + step;
  const above = float64Cost(task, parameters);
  values[i] = center - step;
  const below = float64Cost(task, parameters);
  values[i] = center;
  return (above - below) / (2 * step);
}
