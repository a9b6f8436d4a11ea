import { parse, View } from "vega";
import { describe, expect, test } from "vitest";
import type { Chart } from "../../src/charts/chart.js";
import { chooseEvenly } from "../../src/charts/choose.js";
import { compileSpec, withRows } from "../../src/charts/compile.js";
import { data } from "../../src/charts/data/index.js";
import { dataSource } from "../../src/charts/data-sets.js";
import { gap } from "../../src/charts/gap/index.js";
import { gapArms, largestGaps } from "../../src/charts/gap/parts.js";
import { drawableOf } from "../../src/charts/index.js";
import { armExtents, layerPanels, layerRecords } from "../../src/charts/layers/extents.js";
import { activations, histograms } from "../../src/charts/layers/index.js";
import { alone, styledArms } from "../../src/charts/runs.js";
import { gradients, signal } from "../../src/charts/signal/index.js";
import { drawnSizes, GRADIENTS } from "../../src/charts/signal/spec.js";
import { drawnVerdicts, verdicts } from "../../src/charts/verdicts/index.js";
import type { Result } from "../../src/record/result.js";
import { VERDICTS } from "../../src/record/verdicts.js";
import { histograms as bins } from "../../src/tables/histograms.js";
import { signal as signalTable } from "../../src/tables/signal.js";
import { cases } from "./cases.js";
import { bell, exploded, layer, spike } from "./distributions.js";
import { writtenIn } from "./draw-files.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

const caseOf = (name: string) => cases[name] ?? makeResult();
const written = (chart: Chart, result: Result) => {
  const drawable = drawableOf(chart, alone(result));
  return drawable === undefined ? "" : writtenIn(drawable);
};

describe("the verdicts", () => {
  test("end with the divergence, whose state is drawn", () => {
    const result = makeResult({ updates: 250, plainDivergesAt: 60 });
    expect(drawnVerdicts(alone(result)).updates).toEqual([0, 50, 60, 100, 150, 200, 250]);
    const rows = drawableOf(verdicts, alone(result))?.sets["verdicts"] ?? [];
    const ofPlain = rows.filter(({ arm }) => arm === "plain");
    expect(new Set(ofPlain.map(({ updates }) => updates))).toEqual(new Set([0, 50, 60]));
    expect(ofPlain.filter(({ updates }) => updates === 60).map(({ verdict }) => verdict)).toEqual(
      Array(4).fill("exploding"),
    );
    expect(written(verdicts, result)).toContain("diverged at update 60");
  });

  test("are tallied at the last record", () => {
    expect(verdicts.caption(alone(makeResult())).description).toContain(
      "plain at update 100: of 4 layers 2 healthy, 2 saturated. bn at update 100: of 4 layers 4 healthy.",
    );
    expect(verdicts.caption(alone(makeResult({ plainDivergesAt: 60 }))).description).toContain(
      "plain at update 60, where it diverged: of 4 layers 4 exploding.",
    );
  });

  test("have a legend of those that occur, which differ in shape and in color", () => {
    const ranges = (result: Result) =>
      [...written(verdicts, result).matchAll(/"domain":\["(?:healthy|saturated)[^\]]*\],"range":\[([^\]]*)\]/g)].map(
        ([, list]) => new Set(list?.split('","')).size,
      );
    const legend = (result: Result) => /"name":"seen","value":(\[[^\]]*\])/.exec(written(verdicts, result))?.[1];
    const every = caseOf("every verdict, forty layers, fifty records");
    expect(ranges(makeResult())).toEqual([6, 6]);
    expect(ranges(every)).toEqual([6, 6]);
    expect(written(verdicts, every)).toContain('"values":{"expr":"seen"}');
    expect(JSON.parse(legend(makeResult()) ?? "")).toEqual(["healthy", "saturated"]);
    expect(JSON.parse(legend(every) ?? "")).toEqual(VERDICTS);
  });

  test("are thinned to 40 layers and 50 updates, and say so", () => {
    const result = makeResult({ hiddenLayers: 60, updates: 118, histogramEvery: 2 });
    const { names, updates } = drawnVerdicts(alone(result));
    expect([names.length, names[0], names.at(-1)]).toEqual([40, "layer 1", "output"]);
    expect([updates.length, updates.at(-1)]).toEqual([50, 118]);
    expect(verdicts.caption(alone(result)).notes.join(" ")).toContain(
      "Drawn: 50 of 60 recorded updates and 40 of 61 layers",
    );
  });
});

describe("the sizes in the layers", () => {
  const difficult = caseOf("gradients that vanish, overflow and differ");

  test("leave out zeros and what is not finite, and count them", () => {
    expect(gradients.caption(alone(difficult)).notes.join(" ")).toContain(
      "Left out: plain: 6 zero and 1 not finite; none: 24 zero.",
    );
    const spec = gradients.spec(alone(difficult), { viewport: "wide" });
    expect(spec?.params?.find(({ name }) => name === "lines")?.value).toEqual(["plain", "bn", "flat"]);
    const rows = drawableOf(gradients, alone(difficult))?.sets["gradients"] ?? [];
    expect(rows.filter(({ norm, respect }) => typeof norm === "string" || respect !== "preActivation")).toEqual([]);
    expect(written(gradients, difficult)).toContain("datum.norm > 0 ? datum.norm : null");
  });

  test("share one scale, which an arm that has diverged leaves", () => {
    const domainOf = (chart: Chart, result: Result) =>
      chart.spec(alone(result), { viewport: "wide" })?.params?.find(({ name }) => name === "domain")?.value as number[];
    const sizes = (result: Result, until: number) =>
      Object.values(result.arms).flatMap(({ checkpoints }) =>
        checkpoints.flatMap(({ update, layers }) =>
          update > until ? [] : layers.map(({ health }) => Math.sqrt(Number(health.secondMoment))),
        ),
      );
    const result = makeResult({ plainDivergesAt: 1 });
    const exploding = result.arms["plain"]?.checkpoints[1]?.layers[0];
    if (exploding !== undefined) exploding.health.secondMoment = 1e60;
    const [low = 0, high = 0] = domainOf(signal, result);
    const all = sizes(result, 0);
    expect([low < Math.min(...all), high > Math.max(...all), high < 1e6]).toEqual([true, true, true]);
    expect(signal.caption(alone(result)).notes.join(" ")).toContain("Triangles: above the scale.");
    expect(signal.caption(alone(makeResult())).notes.join(" ")).not.toContain("Triangles");
  });

  test("are thinned to six updates with the divergence among them, on a phone to three of these", () => {
    const runs = alone(caseOf("every verdict, forty layers, fifty records"));
    const { updates, recorded } = drawnSizes(GRADIENTS, runs);
    expect([updates.length, recorded.length]).toEqual([6, 51]);
    expect(updates).toEqual(expect.arrayContaining([0, 433, 490]));
    expect(updates).toEqual(expect.arrayContaining(drawnSizes(GRADIENTS, runs, "narrow").updates));
  });

  test("are the roots of the recorded second moments, with a theory of the initial weights", () => {
    const config = { activation: "relu", init: "normal", initStd: 1 };
    const result = makeResult({ hiddenLayers: 4, config });
    const at = (arm: string, updates: number) =>
      [...signalTable.rows(result)].filter((row) => row["arm"] === arm && row["updates"] === updates);
    const layers = result.arms["plain"]?.checkpoints[0]?.layers ?? [];
    const sizes = layers.map(({ health }) => Math.sqrt(Number(health.secondMoment)));
    expect(at("plain", 0).map(({ size }) => size)).toEqual(sizes);
    // 30 inputs with weights of standard deviation 1: √15 a layer.
    const theory = at("plain", 0).map((row) => Number(row["theory"]));
    expect(theory).toHaveLength(5);
    for (const [place, size] of theory.entries()) expect(size).toBeCloseTo((sizes[0] ?? 0) * 15 ** (place / 2), 8);
    expect(at("bn", 0).map((row) => row["theory"])).toEqual([1, 1, 1, 1, null]);
    expect(at("plain", 50).every((row) => row["theory"] === null)).toBe(true);
    const withoutTheory = [...signalTable.rows(makeResult())].filter((row) => row["arm"] === "plain");
    expect(withoutTheory.every((row) => row["theory"] === null)).toBe(true);
  });
});

describe("the gap", () => {
  const updatesOf = (result: Result, moment: string, part: string) =>
    largestGaps(alone(result)).flatMap((one) =>
      one.moment === moment && one.part === part && typeof one.gap === "number" ? [one.updates] : [],
    );

  test("is of arms that normalize, from the first update on", () => {
    expect(drawableOf(gap, alone(caseOf("no arm normalizes")))).toBeUndefined();
    expect(gapArms(alone(makeResult())).map(({ title }) => title)).toEqual(["bn"]);
    expect(updatesOf(makeResult(), "mean", "total")).toEqual([50, 100]);
  });

  test("is the largest over the input's and every layer's", () => {
    const result = makeResult();
    const checkpoint = result.arms["bn"]?.checkpoints[1];
    const parts = { total: 9, initializationBias: 8, lag: 7, noise: 6, rounding: 5 };
    if (checkpoint?.inputNorm) checkpoint.inputNorm.gap = { mean: parts, variance: { ...parts, total: 0 } } as never;
    const largest = Math.max(...(checkpoint?.layers ?? []).map(({ gap }) => Number(gap?.variance.total ?? 0)));
    const at = (moment: string, part: string) =>
      largestGaps(alone(result)).find((one) => one.moment === moment && one.part === part && one.updates === 50)?.gap;
    expect([at("mean", "total"), at("mean", "noise"), at("variance", "total")]).toEqual([9, 6, largest]);
    expect(largest).toBeGreaterThan(0);
    expect(written(gap, result)).toContain('"op":"max","field":"gap"');
  });

  test("leaves out and counts parts that are tiny or not finite", () => {
    expect(gap.caption(alone(makeResult({ bnDivergesAt: 60 }))).notes.join(" ")).toContain(
      "4 below 1e-4 or 0, 4 not finite",
    );
  });

  test("has all parts on mini-batches", () => {
    for (const part of ["total", "initializationBias", "lag", "noise", "rounding"]) {
      expect(updatesOf(caseOf("mini-batch gap"), "mean", part).length, part).toBeGreaterThan(10);
    }
  });
});

describe("the layer charts", () => {
  test("draw at most 6 updates and 10 layers, with the first, the last and the divergence, and say so", () => {
    const result = makeResult({ hiddenLayers: 30, updates: 110, histogramEvery: 10, plainDivergesAt: 11 });
    const { updates, layers } = layerPanels(result, "preActivation");
    expect(updates).toHaveLength(6);
    expect(updates).toEqual(expect.arrayContaining([0, 11, 110]));
    expect([layers.length, layers[0]?.name, layers.at(-1)?.name]).toEqual([10, "layer 1", "output"]);
    expect(histograms.caption(alone(result)).notes.join(" ")).toContain(
      "Drawn: 6 of 13 recorded updates and 10 of 31 layers",
    );
  });

  test("count what is not finite and what lies outside, and say what has no record", () => {
    const result = makeResult({ plainDivergesAt: 1 });
    const rows = (drawableOf(histograms, alone(result))?.sets["tails"] ?? []).filter(
      (row) => row["arm"] === "plain" && row["updates"] === 1 && row["quantity"] === "preActivation",
    );
    const first = rows
      .filter(({ layer }) => layer === 0)
      .map(({ side, count, total }) => [side, Number(count) / Number(total)]);
    expect(first).toEqual([
      ["below", 1 / 3],
      ["above", 2 / 3],
      ["not finite", 0],
    ]);
    expect(rows.some(({ side, count, total }) => side === "not finite" && count === total)).toBe(true);
    for (const text of ["NaN or ∞:", ": diverged at update ", ": not recorded"])
      expect(written(histograms, result)).toContain(text);
  });

  test("open and close each outline at the axis with the rows of what is beyond its bins", () => {
    const rows = [...bins.rows(makeResult())].filter(
      (row) => row["arm"] === "bn" && row["updates"] === 0 && row["layer"] === 0 && row["quantity"] === "preActivation",
    );
    expect(rows.at(0)).toMatchObject({ low: "-Infinity", high: -8 });
    expect(rows.at(-2)).toMatchObject({ low: 8, high: "Infinity" });
    expect(rows.at(-1)).toMatchObject({ low: "NaN", high: "NaN" });
  });

  test("give each arm the whole width where their ranges are worlds apart", () => {
    const [first] = layerPanels(makeResult(), "layerInput").layers;
    expect([first?.isSeparate, first?.ranges]).toEqual([
      false,
      [
        [-7, 10],
        [-7, 10],
      ],
    ]);
    const [apart] = layerPanels(makeResult({ inputRange: [-1000, 1e6] }), "layerInput").layers;
    expect([apart?.isSeparate, apart?.ranges]).toEqual([
      true,
      [
        [-1000, 1e6],
        [-1.7, 1.7],
      ],
    ]);
  });

  test("keep a bell visible beside a bin that holds everything", () => {
    const result = makeResult();
    const checkpoint = result.arms["plain"]?.checkpoints[0];
    checkpoint?.layers.splice(0, 1, layer(0, spike(3), bell(0, 1)));
    // All values in one bin of 64 are 64 times as high as values that lie evenly.
    const { tops, isCut } = layerPanels(result, "preActivation");
    const { layers } = layerRecords(result, Object.values(result.arms));
    const [tallest = 0] = styledArms(result).map(
      (arm) => armExtents(arm, "preActivation", [0], layers).tallest[0] ?? 0,
    );
    expect(isCut).toBe(true);
    expect(tops[0]).toBeLessThan(16);
    expect(tallest * 16).toBe(64);
    expect(histograms.caption(alone(result)).notes.join(" ")).toContain("which a few bins exceed");
  });

  test("draw two of many arms, and say so", () => {
    expect(written(histograms, caseOf("controls"))).toContain("the first two of 14 arms");
    expect(written(histograms, makeResult())).not.toContain("the first two");
    expect(histograms.title(alone(caseOf("one arm")))).toBe("Pre-activations per layer — tanh, batch-normalized");
    expect(activations.title(alone(makeResult()))).toContain("plain (above) and batch-normalized (below)");
  });

  test("distributions of the fixture add up", () => {
    for (const { counts, underflow, overflow, nonFinite } of [bell(0, 1), bell(3, 9), spike(0), exploded(0.3)]) {
      expect(counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite)).toBe(15_000);
    }
  });
});

describe("the data chart", () => {
  test("says which arm has no fit", () => {
    expect(written(data, makeResult({ plainDivergesAt: 1 }))).toContain("plain: diverged at update 1, no fit");
    expect(written(data, makeResult({ plainDivergesAt: 1, inputs: 3 }))).toContain(
      "plain: diverged at update 1, no fit.",
    );
  });

  test("counts predictions outside the picture, whose domain is the data's", () => {
    const text = written(data, makeResult({ plainFit: (x) => (x > 9 ? "NaN" : 1e30) }));
    expect(text).toContain("50 of 50 predictions of plain lie outside the picture");
    const [, low, high] = /"name":"yDomain","value":\[([^,]+),([^\]]+)\]/.exec(text) ?? [];
    expect(Number(low)).toBeGreaterThan(-40);
    expect(Number(high)).toBeLessThan(140);
  });

  test("draws predicted against actual values when there are several inputs", () => {
    expect(written(data, makeResult({ inputs: 3 }))).toContain("predicted = actual");
    expect(data.caption(alone(makeResult({ inputs: 3 }))).description).toContain("predicted against actual");
  });
});

describe("the data chart of given columns", () => {
  const withColumns = (inputs: string[], target: string) => {
    const result = makeResult({ inputs: inputs.length });
    const reading = { encoding: "UTF-8", delimiter: ",", decimalMark: ".", header: true, unused: [] } as const;
    result.data.columns = { inputs, target, reading: { ...reading, unused: [] } };
    delete result.data.truth;
    return result;
  };

  test("has their names at its axes", () => {
    const spec = written(data, withColumns(["living area"], "price"));
    expect(spec).toContain('"title":"living area"');
    expect(spec).toContain('"title":"price"');
    expect(spec).not.toMatch(/"title":"[xy]"/);
  });

  test("has the target's name where predictions stand against it", () => {
    const spec = written(data, withColumns(["a", "b", "c"], "price"));
    expect(spec).toContain('"title":"actual price"');
    expect(spec).toContain('"title":"predicted price"');
  });

  test("cuts a name that is longer than its axis, and shows nothing that would garble it", () => {
    const spec = JSON.stringify(
      data.spec(alone(withColumns([`\u202e${"W".repeat(400)}`], "y")), { viewport: "narrow" }),
    );
    expect(spec).toMatch(/"title":"W{5,30}…"/);
    expect(spec).not.toContain("\u202e");
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

test("a page's chart of layers shows one update, and others when its parameter changes", async () => {
  const result = makeResult({ updates: 250, plainDivergesAt: 60 });
  const source = dataSource(alone(result));
  const drawable = drawableOf(histograms, alone(result), source, { viewport: "wide", interactive: true });
  if (drawable === undefined) throw new Error("no histograms");
  const compiled = withRows(await compileSpec(drawable.spec), drawable.sets);
  const view = await new View(parse(compiled as never), { renderer: "none" }).runAsync();
  const texts = async () => scanXml(await view.toSVG()).texts;
  expect(await texts()).toEqual(expect.arrayContaining(["250", "plain: diverged at update 60"]));
  await view.signal("shownUpdates", [0]).runAsync();
  expect(await texts()).toEqual(expect.arrayContaining(["update", "0"]));
  expect(await texts()).not.toContain("250");
  expect((await texts()).join()).not.toContain("diverged");
  view.finalize();
});
