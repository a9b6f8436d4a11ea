import { describe, expect, test } from "vitest";
import { logScale } from "../../src/charts/log-scale.js";

describe("a scale of powers of ten", () => {
  test.each([
    ["the largest number", [1, Number.MAX_VALUE]],
    ["the smallest number", [Number.MIN_VALUE, 1]],
    ["all numbers", [Number.MIN_VALUE, Number.MAX_VALUE]],
  ])("ends at numbers that there are, where it holds %s", (_what, values) => {
    const { domain, ticks } = logScale(values, 200, 40);
    expect(domain.every((end) => end > 0 && Number.isFinite(end))).toBe(true);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.every((tick) => tick > 0 && Number.isFinite(tick))).toBe(true);
  });
});
