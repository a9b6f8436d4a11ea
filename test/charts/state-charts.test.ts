import { describe, expect, test } from "vitest";
import { gapChart } from "../../src/charts/gap-chart.js";
import { gapArms } from "../../src/charts/gap-series.js";
import { gradientPanels } from "../../src/charts/gradient-lines.js";
import { gradientsChart } from "../../src/charts/gradients-chart.js";
import { layersChart } from "../../src/charts/layers-chart.js";
import type { Chart } from "../../src/charts/theme.js";
import { tallyText, verdictPanels } from "../../src/charts/verdict-panels.js";
import { verdictsChart } from "../../src/charts/verdicts-chart.js";
import { cases } from "./cases.js";
import { makeResult } from "./result-fixture.js";

const written = (chart: Chart | undefined) => JSON.stringify(chart?.spec ?? {}).replaceAll("\u00a0", " ");
const caseOf = (name: string) => cases[name] ?? makeResult();

describe("the verdicts", () => {
  test("end with the divergence, whose state is drawn", () => {
    const { arms } = verdictPanels(makeResult({ updates: 250, plainDivergesAt: 60 }));
    expect(arms.map(({ updates }) => updates)).toEqual([
      [0, 50, 60],
      [0, 50, 100, 150, 200, 250],
    ]);
    expect(arms[0]?.divergedAt).toBe(60);
    expect(arms[0]?.cells.filter(({ update }) => update === 60).map(({ verdict }) => verdict)).toEqual(
      Array(4).fill("exploding"),
    );
    expect(written(verdictsChart(makeResult({ plainDivergesAt: 60 })))).toContain("diverged at update 60");
  });

  test("are tallied at the last record", () => {
    const { arms } = verdictPanels(makeResult());
    expect(arms.map((panel) => tallyText(panel, 4))).toEqual([
      "of 4 layers 2 healthy, 2 saturated",
      "of 4 layers 4 healthy",
    ]);
    const chart = verdictsChart(makeResult({ plainDivergesAt: 60 }));
    expect(chart.description).toContain("plain at update 60, where it diverged: of 4 layers 4 exploding.");
  });

  test("have a legend of those that occur", () => {
    const texts = (chart: Chart) =>
      written(chart).match(/"text":"(healthy|saturated|dead|exploding|vanishing|constant)"/g);
    expect(texts(verdictsChart(makeResult()))).toEqual(['"text":"healthy"', '"text":"saturated"']);
    expect(texts(verdictsChart(caseOf("every verdict, forty layers, fifty records")))).toHaveLength(6);
  });

  test("differ in shape and in colour", () => {
    const { layer } = verdictsChart(caseOf("every verdict, forty layers, fifty records")).spec as {
      layer: { data: { values: { shape?: string; color: string }[] } }[];
    };
    const marks = layer.flatMap(({ data }) => data.values).filter(({ shape }) => shape !== undefined);
    const looks = new Set(marks.map(({ shape, color }) => `${shape} ${color}`));
    expect([
      looks.size,
      new Set(marks.map(({ shape }) => shape)).size,
      new Set(marks.map(({ color }) => color)).size,
    ]).toEqual([6, 6, 6]);
  });

  test("are thinned to 40 layers and 50 updates, and say so", () => {
    const result = makeResult({ hiddenLayers: 60, updates: 118, histogramEvery: 2 });
    const { arms, layers } = verdictPanels(result);
    expect([layers.length, layers[0], layers.at(-1)]).toEqual([40, 0, 60]);
    expect([arms[0]?.updates.length, arms[0]?.updates.at(-1)]).toEqual([50, 118]);
    expect(written(verdictsChart(result))).toContain("Drawn: 50 of 60 recorded updates and 40 of 61 layers");
  });
});

describe("the gradient norms", () => {
  test("leave out zeros and what is not finite, and count them", () => {
    const { arms } = gradientPanels(caseOf("gradients that vanish, overflow and differ"));
    const [plain, bn, , none] = arms;
    expect([plain?.zeros, plain?.nonFinite]).toEqual([6, 1]);
    expect([bn?.zeros, bn?.nonFinite, none?.zeros]).toEqual([0, 0, 24]);
    expect(plain?.lines[1]?.runs.map((run) => run.map(({ layer }) => layer))).toEqual([
      [2, 3],
      [5, 6, 7],
    ]);
    const spec = written(gradientsChart(caseOf("gradients that vanish, overflow and differ")));
    expect(spec).toContain("Norms left out: plain: 6 zero and 1 not finite; none: 24 zero.");
    expect(spec).toContain("every norm is 0");
  });

  test("share a scale unless that presses an arm flat", () => {
    const own = "Each panel has a scale of its own";
    expect(written(gradientsChart(makeResult({ hiddenLayers: 7 })))).not.toContain(own);
    expect(written(gradientsChart(caseOf("gradients that vanish, overflow and differ")))).toContain(own);
  });

  test("are thinned to twelve updates with the divergence among them", () => {
    const { updates, recorded } = gradientPanels(caseOf("every verdict, forty layers, fifty records"));
    expect([updates.length, recorded]).toEqual([12, 51]);
    expect(updates).toEqual(expect.arrayContaining([0, 433, 490]));
  });
});

describe("the gap", () => {
  test("is of arms that normalise, from the first update on", () => {
    expect(gapChart(caseOf("no arm normalises"))).toBeUndefined();
    const [bn, ...others] = gapArms(makeResult());
    expect([bn?.label, others]).toEqual(["bn", []]);
    expect(bn?.gaps.mean.total.flat().map(({ update }) => update)).toEqual([50, 100]);
    expect(bn?.costs.inference[0]?.update).toBe(5);
  });

  test("is the largest over the input's and every layer's", () => {
    const result = makeResult();
    const checkpoint = result.arms.bn?.checkpoints[1];
    const parts = { total: 9, startUp: 8, lag: 7, noise: 6, rounding: 5 };
    if (checkpoint?.inputNorm) checkpoint.inputNorm.gap = { mean: parts, variance: { ...parts, total: 0 } };
    const largest = Math.max(...(checkpoint?.layers ?? []).map(({ gap }) => Number(gap?.variance.total ?? 0)));
    const [bn] = gapArms(result);
    expect(bn?.gaps.mean.total[0]?.[0]?.gap).toBe(9);
    expect(bn?.gaps.mean.noise[0]?.[0]?.gap).toBe(6);
    expect(bn?.gaps.variance.total[0]?.[0]?.gap).toBe(largest);
    expect(largest).toBeGreaterThan(0);
  });

  test("leaves out and counts parts that are tiny or not finite", () => {
    const [bn] = gapArms(makeResult({ bnDivergesAt: 60 }));
    expect(bn?.leftOut).toEqual({ small: 4, nonFinite: 4 });
    expect(bn?.gaps.mean.lag.flat().map(({ update }) => update)).toEqual([50]);
    expect(written(gapChart(makeResult({ bnDivergesAt: 60 })))).toContain("4 below 1e-4 or 0, 4 not finite");
  });

  test("has all parts on mini-batches", () => {
    const [bn] = gapArms(caseOf("mini-batch gap"));
    for (const part of ["total", "startUp", "lag", "noise", "rounding"] as const) {
      expect(bn?.gaps.mean[part].flat().length, part).toBeGreaterThan(10);
    }
  });
});

test("the layer charts draw two of many arms, and say so", () => {
  expect(written(layersChart(caseOf("controls"), "preActivation"))).toContain("the first two of 14 arms");
  expect(written(layersChart(makeResult(), "preActivation"))).not.toContain("the first two");
  expect(layersChart(caseOf("one arm"), "preActivation").title).toBe(
    "Pre-activations per layer — tanh, batch-normalized",
  );
});
