import { describe, expect, test } from "vitest";
import type { Result } from "../../src/experiment/result.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { makeResult } from "../charts/result-fixture.js";

/** Where the result is at fault once `spoil` has had it, as dotted paths. */
function paths(spoil: (result: Result) => unknown, shape: Parameters<typeof makeResult>[0] = { seeds: 2 }): string[] {
  const result = structuredClone(makeResult(shape));
  spoil(result);
  return faultsOf(result).map(({ path }) => path.join("."));
}

describe("a result that contradicts itself", () => {
  test("is told from a sound one", () => {
    expect(paths(() => undefined)).toEqual([]);
    expect(paths(() => undefined, { inputs: 3 })).toEqual([]);
    expect(paths(() => undefined, { plainDivergesAt: 1 })).toEqual([]);
  });

  test.each<[string, string[], (result: Result) => unknown]>([
    ["no arm", ["arms", "seeds.0.arms", "seeds.1.arms", "effects.bn"], (result) => (result.arms = {})],
    ["no hidden layer", ["config.sizes"], ({ config }) => (config.sizes = [1, 1])],
    ["another first seed", ["seeds.0.seed"], ({ config }) => (config.seed = 7)],
    ["a seed twice", ["seeds"], ({ seeds }) => Object.assign(seeds[1] ?? {}, { seed: 1 })],
    ["an arm missing in a seed", ["seeds.1.arms"], ({ seeds }) => delete seeds[1]?.arms["plain"]],
    ["an effect against nobody", ["effects.bn"], ({ effects }) => Object.assign(effects["bn"] ?? {}, { against: "x" })],
    ["costs backwards", ["arms.bn.costs"], ({ arms }) => arms["bn"]?.costs.reverse()],
    ["records backwards", ["arms.bn.checkpoints"], ({ arms }) => arms["bn"]?.checkpoints.reverse()],
    ["a short fit", ["arms.bn.fit"], ({ arms }) => Object.assign(arms["bn"] ?? {}, { fit: [1] })],
    [
      "an edge too few",
      ["arms.bn.checkpoints.0.layers.1.layerInput"],
      ({ arms }) => arms["bn"]?.checkpoints[0]?.layers[1]?.layerInput.edges.pop(),
    ],
  ])("is found: %s", (_what, where, spoil) => {
    expect(paths(spoil)).toEqual(where);
  });
});
