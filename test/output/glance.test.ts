import { expect, test } from "vitest";
import { glanceRows } from "../../src/output/glance.js";
import { sparkline, thinned } from "../../src/output/sparkline.js";
import { recordedResult } from "../experiment/recorded-run.js";

test("a sparkline goes from the lowest bar to the highest, and marks what is beyond every number", () => {
  expect(sparkline([0, 0.5, 1], 0, 1)).toBe("▁▅█");
  expect(sparkline([-1, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 0, 1)).toBe("▁█××▁");
  expect(sparkline([3, 3], 3, 3)).toBe("▁▁");
});

test("thinning keeps the first and the last", () => {
  expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 3, 6, 9]);
  expect(thinned([1, 2], 4)).toEqual([1, 2]);
});

test("each arm's costs share one scale; flat shares are those of its last frame", async () => {
  const result = await recordedResult({ activation: "tanh", updates: 40, costEvery: 10 });
  const { rows, head } = glanceRows(result);
  expect(head).toHaveLength(3);
  expect(rows.map(([name]) => name)).toEqual(["plain", "bn"]);
  const flat = result.arms["plain"]?.frames.at(-1)?.layers.flatMap(({ flatShare }) => flatShare ?? []) ?? [];
  expect(flat).toHaveLength(3);
  expect(rows[0]?.[2]).toMatch(new RegExp(`^${sparkline(flat, 0, 1)} at most `));
  const curves = rows.map(([, curve = ""]) => curve);
  expect(curves.join("")).toContain("█");
  expect(curves.join("")).toContain("▁");
});

test("an activation that is flat nowhere has no column for it", async () => {
  expect(glanceRows(await recordedResult({ activation: "identity" })).head).toHaveLength(2);
});
