import { describe, expect, test } from "vitest";
import { costsChart } from "../../src/charts/costs-chart.js";
import { dataChart } from "../../src/charts/data-chart.js";
import { spreadLabels } from "../../src/charts/label-placement.js";
import { largestDrawn, shareScale } from "../../src/charts/layer-axes.js";
import { chooseEvenly, layerPanels } from "../../src/charts/layer-panels.js";
import { layersChart } from "../../src/charts/layers-chart.js";
import type { Chart } from "../../src/charts/theme.js";
import { countText, numberText, shareText } from "../../src/charts/wording.js";
import { bell, exploded, layer, spike } from "./distributions.js";
import { makeResult } from "./result-fixture.js";

const written = ({ spec }: Chart) => JSON.stringify(spec).replaceAll("\u00a0", " ");

describe("the data chart of given columns", () => {
  const withColumns = (inputs: string[], target: string) => {
    const result = makeResult({ inputs: inputs.length });
    const reading = { encoding: "UTF-8", delimiter: ",", decimalMark: ".", header: true, unused: [] } as const;
    result.data.columns = { inputs, target, reading: { ...reading, unused: [] } };
    delete result.data.truth;
    return result;
  };

  test("has their names at its axes", () => {
    const spec = written(dataChart(withColumns(["living area"], "price")));
    expect(spec).toContain('"title":"living area"');
    expect(spec).toContain('"title":"price"');
    expect(spec).not.toMatch(/"title":"[xy]"/);
  });

  test("has the target's name where predictions stand against it", () => {
    const spec = written(dataChart(withColumns(["a", "b", "c"], "price")));
    expect(spec).toContain('"title":"actual price"');
    expect(spec).toContain('"title":"predicted price"');
  });

  test("cuts a name that is longer than its axis, and shows nothing that would garble it", () => {
    const spec = written(dataChart(withColumns([`\u202e${"W".repeat(400)}`], "y"), "narrow"));
    expect(spec).toMatch(/"title":"W{5,30}…"/);
    expect(spec).not.toContain("\u202e");
  });
});

describe("the cost chart", () => {
  test("draws plain once, since its modes are equal, and bn in both modes", () => {
    const spec = written(costsChart(makeResult()));
    expect(spec).toContain("plain (both modes are equal)");
    expect(spec).toContain("bn, batch statistics");
    expect(spec).toContain("bn, moving averages");
  });

  test("names the divergence and the cost before it", () => {
    const chart = costsChart(makeResult({ plainDivergesAt: 1 }));
    expect(written(chart)).toContain("plain diverges at update 1 (cost at update 0: 9.9e8, above the scale)");
    expect(chart.description.replaceAll("\u00a0", " ")).toContain(
      "starts at 9.9e8 at update 0 and diverges at update 1",
    );
  });

  test("labels both anchors, and only one when the noise is unknown", () => {
    expect(written(costsChart(makeResult()))).toMatch(/noise floor: 64.*predicting the mean: 746/);
    expect(written(costsChart(makeResult({ inputs: 3 })))).not.toContain("noise floor");
  });

  test("leaves out what a log scale cannot show, and says so", () => {
    const result = makeResult();
    result.arms.bn?.costs.push({ update: 99, train: 0, inference: "Infinity" });
    const spec = written(costsChart(result));
    expect(spec).toContain("Costs of 0 have no place on a log scale");
    expect(spec).toContain("overflowed in inference mode");
    expect(spec).not.toMatch(/"cost":(0|null|"Inf)/);
  });
});

describe("the data chart", () => {
  test("says which arm has no fit", () => {
    expect(written(dataChart(makeResult({ plainDivergesAt: 1 })))).toContain("plain: diverged at update 1, no fit");
    expect(written(dataChart(makeResult({ plainDivergesAt: 1, inputs: 3 })))).toContain(
      "plain: diverged at update 1, no fit.",
    );
  });

  test("counts predictions outside the picture, whose domain is the data's", () => {
    const spec = written(dataChart(makeResult({ plainFit: (x) => (x > 9 ? "NaN" : 1e30) })));
    expect(spec).toContain("50 of 50 predictions of plain lie outside the picture");
    const [, low, high] = /"field":"y","type":"quantitative","scale":\{"domain":\[([^,]+),([^\]]+)\]/.exec(spec) ?? [];
    expect(Number(low)).toBeGreaterThan(-40);
    expect(Number(high)).toBeLessThan(140);
  });

  test("draws predicted against actual values when there are several inputs", () => {
    const { spec, description } = dataChart(makeResult({ inputs: 3 }));
    expect(JSON.stringify(spec)).toContain("predicted = actual");
    expect(description).toContain("predicted against actual");
  });
});

describe("the layer charts", () => {
  test("draw at most 6 updates and 10 layers, with the first, the last and the divergence, and say so", () => {
    const result = makeResult({ hiddenLayers: 30, updates: 110, histogramEvery: 10, plainDivergesAt: 11 });
    const panels = layerPanels(result, "preActivation");
    expect(panels.updates).toHaveLength(6);
    expect(panels.updates).toEqual(expect.arrayContaining([0, 11, 110]));
    expect(panels.columns.map(({ title }) => title).at(0)).toBe("layer 1");
    expect(panels.columns.map(({ title }) => title).at(-1)).toBe("output");
    expect(panels.columns).toHaveLength(10);
    expect(written(layersChart(result, "preActivation"))).toContain(
      "Drawn: 6 of 13 recorded updates and 10 of 31 layers",
    );
  });

  test("name non-finite values and what lies outside, and stay quiet after a divergence", () => {
    const result = makeResult({ plainDivergesAt: 1 });
    const spec = written(layersChart(result, "preActivation"));
    expect(spec).toMatch(/"plain: NaN or ∞".*"15 000 of 15 000"/);
    expect(spec).toContain("diverged at 1");
    expect(spec).toContain("not recorded");
    const [column] = layerPanels(result, "preActivation").columns;
    expect(
      column?.outside.filter(({ arm, update }) => arm === "plain" && update === 1).map(({ share }) => share),
    ).toEqual([1 / 3, 2 / 3]);
  });

  test("mirror the second arm, closing each outline at the axis", () => {
    const [column] = layerPanels(makeResult(), "preActivation").columns;
    const half = (arm: string) =>
      column?.outlines.find((outline) => outline.arm === arm && outline.update === 0)?.corners ?? [];
    expect(half("plain").every(({ share }) => share >= 0)).toBe(true);
    expect(half("bn").every(({ share }) => share <= 0)).toBe(true);
    expect(Math.min(...half("bn").map(({ share }) => share))).toBeLessThan(0);
    expect(half("bn").at(0)).toEqual({ x: -8, share: 0 });
    expect(half("bn").at(-1)).toEqual({ x: 8, share: 0 });
  });

  test("give each arm the whole width where their ranges are worlds apart", () => {
    expect(layerPanels(makeResult(), "layerInput").columns[0]?.range).toEqual([-7, 10]);
    const [column] = layerPanels(makeResult({ inputRange: [-1000, 1e6] }), "layerInput").columns;
    expect(column?.ownRanges).toEqual({ plain: [-1000, 1e6], bn: [-1.7, 1.7] });
  });

  test("keep a bell visible beside a bin that holds everything", () => {
    const result = makeResult();
    const checkpoint = result.arms.plain?.checkpoints[0];
    checkpoint?.layers.splice(0, 1, layer(0, spike(3), bell(0, 1)));
    const panels = layerPanels(result, "preActivation");
    expect(panels.largestShare).toBe(1);
    const { pixel } = shareScale(largestDrawn(panels), 124);
    const height = (share: number) => pixel(0) - pixel(share);
    expect(height(1)).toBeLessThan(124 / 2);
    expect(height(0.04)).toBeCloseTo(height(1) / 5);
    expect(height(-0.04)).toBeCloseTo(-height(0.04));
    expect(height(2)).toBe(height(1));
  });

  test("distributions of the fixture add up", () => {
    for (const { counts, underflow, overflow, nonFinite } of [bell(0, 1), bell(3, 9), spike(0), exploded(0.3)]) {
      expect(counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite)).toBe(15_000);
    }
  });
});

test("items are chosen evenly, with the first, the last and those to keep", () => {
  expect(chooseEvenly([0, 50, 100], 6)).toEqual([0, 50, 100]);
  expect(chooseEvenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 6)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(chooseEvenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 6, [7])).toEqual([0, 2, 4, 7, 8, 10]);
  expect(chooseEvenly([0, 1, 2, 3, 4, 5, 6, 7], 6, [1, 99])).toHaveLength(6);
  // What is kept gives way to nothing else that is kept.
  const many = Array.from({ length: 101 }, (_, index) => index);
  expect(chooseEvenly(many, 6, [41, 42, 43])).toEqual(expect.arrayContaining([0, 41, 42, 43, 100]));
  expect(chooseEvenly(many, 4, [41, 42, 43])).toEqual([0, 41, 42, 100]);
});

test("labels are spread as little as needed, in order and inside", () => {
  expect(spreadLabels([10, 50], 15, 0, 100)).toEqual([10, 50]);
  expect(spreadLabels([50, 50], 10, 0, 100)).toEqual([45, 55]);
  expect(spreadLabels([52, 50, 90], 10, 0, 100)).toEqual([56, 46, 90]);
  expect(spreadLabels([99, 100, 98], 10, 0, 100)).toEqual([90, 100, 80]);
  expect(spreadLabels([1, 0], 10, 0, 100)).toEqual([10, 0]);
});

test("numbers are short and keep their meaning", () => {
  const plain = (text: string) => text.replaceAll("\u00a0", " ");
  expect(countText(1_234_567)).toBe("1\u00a0234\u00a0567");
  expect([57.649, 746.2, 1163.4, 9.9e8, 0.01234, 0, -5.25, 1e5].map((value) => plain(numberText(value)))).toEqual([
    "57.6",
    "746",
    "1163",
    "9.9e8",
    "0.0123",
    "0",
    "−5.25",
    "1e5",
  ]);
  expect(numberText("NaN")).toBe("NaN");
  expect([0, 1e-6, 0.004, 0.413, 0.9999, 1].map((share) => plain(shareText(share)))).toEqual([
    "0 %",
    "<0.1 %",
    "0.4 %",
    "41 %",
    ">99 %",
    "100 %",
  ]);
});
