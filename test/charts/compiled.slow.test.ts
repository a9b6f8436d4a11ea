import { compile } from "vega-lite";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { View } from "../../src/charts/chart.js";
import { compileSpec } from "../../src/charts/compile.js";
import { CHARTS, drawableOf, drawPictures } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { bnCompare, emptyFolder } from "../cli/command.js";
import { cases } from "./cases.js";

vi.mock("vega-lite", { spy: true });
afterEach(() => vi.clearAllMocks());

describe("specs that were compiled before", () => {
  test.each(["1", "3"])("the tutorial's charts need no Vega-Lite, seeds: %s", async (seeds) => {
    const { stdout } = await bnCompare(emptyFolder(), "run", "--activation", "relu", "--json", "--seeds", seeds);
    await drawPictures(alone(JSON.parse(stdout) as Result));
    expect(compile).not.toHaveBeenCalled();
  });

  const views: readonly View[] = [
    { viewport: "wide" },
    { viewport: "narrow" },
    { viewport: "wide", interactive: true },
  ];

  // Alike in their specs, unlike in what is put in.
  test.each([
    "plain diverged",
    "both diverged",
    "thirty layers, twelve records",
    "hostile arm names, three seeds",
    "rounding probe, four seeds",
  ])("are the same as fresh ones: %s", async (name) => {
    const record = cases[name];
    if (record === undefined) throw new Error(name);
    for (const view of views) {
      for (const chart of CHARTS) {
        const spec = drawableOf(chart, alone(record), undefined, view)?.spec;
        if (spec === undefined) continue;
        const before = await compileSpec(spec);
        expect(before, chart.name).toEqual(await compileSpec(spec, undefined, true));
      }
    }
  });
});
