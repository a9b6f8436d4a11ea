import { describe, expect, test } from "vitest";
import { drawAgainstBaseline } from "../../src/charts/against-baseline.js";
import { costDomain } from "../../src/charts/costs/domain.js";
import { costs } from "../../src/charts/costs/index.js";
import { costSeries, countDivergences, legendEntries } from "../../src/charts/costs/series.js";
import { dataSource } from "../../src/charts/data-sets.js";
import { drawableOf } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { costs as costTable } from "../../src/tables/costs.js";
import { medians } from "../../src/tables/medians.js";
import { rounding } from "../../src/tables/rounding.js";
import { cases } from "./cases.js";
import { writtenIn } from "./draw-files.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

const chartOf = (result: Result) => {
  const drawable = drawableOf(costs, alone(result));
  if (drawable === undefined) throw new Error("a run has costs");
  return drawable;
};
const written = (result: Result) => writtenIn(chartOf(result));
const textsOf = (result: Result) =>
  legendEntries(result, costSeries(result), 400).map(({ text }) => text.replaceAll("\u00a0", " "));

/** Plain diverges in the first seed at 12 and in the third at 40; the costs of both are at least 9.9e8. */
const someDiverge = makeResult({
  updates: 60,
  seeds: 5,
  arms: { plain: { divergesAt: (seed) => ({ 0: 12, 2: 40 })[seed] }, bn: { normalized: true } },
});

describe("the cost chart", () => {
  test("draws plain once, since its modes are equal, and bn in both modes, in the order of their ends", () => {
    expect(costSeries(makeResult()).map(({ name }) => name)).toEqual([
      "plain",
      "bn, inference mode",
      "bn, training mode",
    ]);
    const texts = textsOf(makeResult());
    const ends = texts.map((text) => Number(text.split(": ")[1]));
    expect(ends).toEqual([...ends].sort((one, other) => other - one));
    expect(texts.map((text) => text.split(":")[0])).toEqual(
      expect.arrayContaining([
        "plain",
        "bn, training mode",
        "bn, inference mode",
        "noise floor",
        "predicting the mean",
      ]),
    );
  });

  test("names the divergence, and says that costs are above the scale", () => {
    const result = makeResult({ plainDivergesAt: 1 });
    expect(textsOf(result)).toContain("plain: diverged at update 1");
    expect(written(result)).toContain("Triangles: costs above the scale.");
    expect(chartOf(result).description.replaceAll("\u00a0", " ")).toContain(
      "The cost of plain goes from 9.9e8 at update 0 to 9.9e8 at update 0. ",
    );
    expect(chartOf(result).description).toContain("plain: diverged at update 1.");
  });

  test("has both reference costs, and only one when the noise is unknown", () => {
    expect(textsOf(makeResult())).toEqual(expect.arrayContaining(["noise floor: 64", "predicting the mean: 746"]));
    expect(textsOf(makeResult({ inputs: 3 })).join()).not.toContain("noise floor");
  });

  test("leaves out what a log scale cannot show, and says so", () => {
    const result = makeResult();
    for (const arms of [result.arms, result.seeds[0]?.arms ?? {}]) {
      const { bn } = arms;
      if (bn !== undefined) bn.costs = [...bn.costs, { update: 101, train: 0, inference: "Infinity" }];
    }
    expect(written(result)).toContain("Costs of 0 have no place on a log scale");
    expect(written(result)).toContain("overflowed in inference mode");
    expect(dataSource(alone(result))([costTable])["costs"]?.filter(({ cost }) => typeof cost === "string")).toEqual([]);
    expect(written(result)).toContain("datum.median > 0 ? datum.median : null");
  });

  test("keeps the cost of a line whose name is too long for the legend", () => {
    const [entry] = legendEntries(someDiverge, costSeries(someDiverge), 60);
    expect(entry?.text).toMatch(/…: \d+/);
  });

  test("has a linear scale from 0 to what matters", () => {
    const spec = JSON.stringify(costs.spec(alone(makeResult()), { viewport: "wide", scale: "linear" }));
    expect(spec).not.toContain('"log"');
    const [, top] = /"name":"domain","value":\[0,([^\]]+)\]/.exec(spec) ?? [];
    expect(Number(top)).toBeGreaterThan(746);
    expect(Number(top)).toBeLessThan(4 * 746);
  });
});

describe("the costs of many arms", () => {
  const paramOf = (result: Result, wanted: string) =>
    costs.spec(alone(result), { viewport: "wide" })?.params?.find(({ name }) => name === wanted)?.value;
  const controls = cases["controls"] as Result;

  test("have a panel for each arm, named with where it ends, and one line in all of them", () => {
    const names = Object.keys(controls.arms);
    expect(paramOf(controls, "names")).toEqual(names);
    expect(paramOf(controls, "endings")).toEqual(
      expect.arrayContaining(["5 of 5 seeds diverged, first at update 1", expect.stringMatching(/^\d+$/)]),
    );
    expect(paramOf(controls, "compared")).toBe("plain glorot · inference");
    expect(chartOf(controls).notes.join(" ")).toContain("Gray in every panel: plain glorot.");
    expect(paramOf(makeResult(), "compared")).toBeUndefined();
  });

  test("have the quartiles of many seeds and the repeats of a rounding probe", () => {
    const { sets } = chartOf(controls);
    expect(Object.keys(sets)).toEqual(expect.arrayContaining(["medians", "costs", "references"]));
    const probed = makeResult({ arms: { a: {}, b: {}, c: {}, d: {}, e: {} }, probe: 2 });
    expect(Object.keys(chartOf(probed).sets)).toContain("rounding");
    expect(chartOf(probed).notes.join(" ")).toContain("Dotted lines: from the lowest");
  });
});

test("a baseline is drawn in its arm's own color, faded, under a title that names what is compared", async () => {
  const result = makeResult();
  const baseline = Object.fromEntries(Object.entries(result.arms).map(([name, { costs }]) => [name, costs]));
  const svg = await drawAgainstBaseline(result, baseline);
  const { texts } = scanXml(svg);
  expect(texts).toContain("Costs now and in the baseline: plain and bn, tanh");
  expect(texts.join(" ")).toMatch(/Pale: the baseline\..* bn ended at 111 in the baseline and ends at 111 now\./);
  // 40 % of #0072B2 and #D55E00 on white.
  for (const color of ["#0072B2", "#99c7e0", "#D55E00", "#eebf99"]) expect(svg).toContain(`stroke="${color}"`);
  // Where they are equal, what is now lies above.
  const drawn = [...svg.matchAll(/<path d="M[^>]* stroke="(#\w+)"/g)].map(([, color]) => color);
  expect(drawn).toEqual(["#eebf99", "#99c7e0", "#D55E00", "#0072B2"]);
});

describe("costs over seeds", () => {
  const rowsOf = (result: Result, arm: string, mode: string) =>
    [...medians.rows(result)].filter((row) => row["arm"] === arm && row["mode"] === mode);
  /** A result whose plain arm has these costs, a list for each seed, at updates 0, 5, … */
  const withCosts = (...seeds: readonly (readonly number[])[]) => {
    const result = makeResult({ seeds: seeds.length });
    for (const [place, list] of seeds.entries()) {
      const plain = result.seeds[place]?.arms["plain"];
      if (plain !== undefined) plain.costs = list.map((cost, at) => ({ update: at * 5, train: cost, inference: cost }));
    }
    return result;
  };

  test("are quartiles of the seeds that are there, linear between order statistics", () => {
    expect(rowsOf(withCosts([1, 10], [2, 20], [3, 30], [4], [9]), "plain", "train")).toEqual([
      { arm: "plain", updates: 0, mode: "train", seeds: 5, lower_quartile: 2, median: 3, upper_quartile: 4 },
      { arm: "plain", updates: 5, mode: "train", seeds: 3, lower_quartile: 15, median: 20, upper_quartile: 25 },
    ]);
    expect(rowsOf(withCosts([1], [2]), "plain", "train")[0]).toMatchObject({
      lower_quartile: 1.25,
      median: 1.5,
      upper_quartile: 1.75,
    });
    expect(rowsOf(withCosts([], []), "plain", "train")).toEqual([]);
  });

  test("leave out costs that overflowed or are undefined", () => {
    const result = makeResult();
    const bn = result.seeds[0]?.arms["bn"];
    if (bn === undefined) throw new Error("no bn");
    bn.costs = [
      { update: 0, train: 5, inference: null },
      { update: 5, train: 4, inference: "Infinity" },
      { update: 10, train: 3, inference: 3.5 },
    ];
    expect(rowsOf(result, "bn", "inference").map(({ updates, median }) => [updates, median])).toEqual([[10, 3.5]]);
    expect(rowsOf(result, "bn", "train")).toHaveLength(3);
  });

  test("never average a seed that diverged after its divergence", () => {
    const [plain] = costSeries(someDiverge);
    const points = new Map(plain?.points.map(({ update, cost }) => [update, cost]));
    const trained = someDiverge.seeds.flatMap(({ arms }) =>
      arms["plain"]?.status === "trained" ? [arms["plain"]] : [],
    );
    expect(trained).toHaveLength(3);
    for (const update of [40, 45, 60]) {
      const there = trained.map((arm) => arm.costs.find((entry) => entry.update === update)?.train ?? Number.NaN);
      expect(points.get(update)).toBe(there.sort((a, b) => a - b)[1]);
    }
    expect(plain?.points.at(-1)).toMatchObject({ update: 60, seeds: 3 });
  });

  test("count the divergences and say over what the median is", () => {
    expect(countDivergences(someDiverge, "plain")).toEqual({ diverged: 2, of: 5, first: 12 });
    expect(countDivergences(someDiverge, "bn")).toEqual({ diverged: 0, of: 5 });
    expect(textsOf(someDiverge).join("\n")).toMatch(/plain: \d+ \(3 of 5 seeds\)/);
    expect(chartOf(someDiverge).notes.join(" ")).toContain("are over the seeds still finite");
    expect(chartOf(someDiverge).description).toContain("plain: 2 of 5 seeds diverged, first at update 12.");
  });

  test("of seeds on their way to divergence do not press the others flat", () => {
    expect(costDomain(someDiverge, costSeries(someDiverge))[1]).toBeLessThan(1e4);
    const together = makeResult({ seeds: 2, arms: { plain: {}, bn: { normalized: true, divergesAt: () => 1 } } });
    expect(costDomain(together, costSeries(together))[1]).toBeLessThan(1e4);
  });

  test("of very many seeds are drawn for some, the first one among them, and the median is of all", () => {
    const result = makeResult({ seeds: 300, updates: 20 });
    const [, list] = /"name":"seeds","value":\[([^\]]*)\]/.exec(JSON.stringify(chartOf(result).spec)) ?? [];
    expect(list?.split(",")).toHaveLength(40);
    expect(list?.split(",")[0]).toBe(String(result.seeds[0]?.seed));
    const ends = result.seeds.map(({ arms }) => arms["plain"]?.costs.at(-1)?.train ?? Number.NaN).sort((a, b) => a - b);
    expect(costSeries(result)[0]?.points.at(-1)?.cost).toBeCloseTo(((ends[149] ?? 0) + (ends[150] ?? 0)) / 2, 9);
    expect(written(result)).toContain("thin lines: 40 of the seeds");
  });

  test("with one seed have neither thin lines nor areas", () => {
    expect(written(makeResult())).not.toContain('"area"');
    expect(written(makeResult())).not.toContain("thin lines");
  });

  test("have the rounding probe from the lowest to the highest cost, in each mode, and name it", () => {
    const result = makeResult({ probe: 4 });
    const rows = [...rounding.rows(result)];
    const first = result.arms["bn"]?.costs[1];
    expect(rows[0]).toMatchObject({ arm: "plain", updates: 0, low: 0.75 * 1070, high: 1.35 * 1070 });
    const bn = rows.filter(({ arm }) => arm === "bn");
    expect(bn.filter(({ mode }) => mode === "train")[1]?.["low"]).toBe((first?.train ?? 0) * 0.75);
    expect(bn.find(({ mode }) => mode === "inference")?.["updates"]).toBe(5);
    expect(written(result)).toContain("from the lowest to the highest cost of 4 repeats");
    expect(written(result)).toContain("1 of them diverged");
  });
});
