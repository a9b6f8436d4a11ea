import { describe, expect, test } from "vitest";
import { costSeries, drawnLevels, referenceCosts } from "../../src/charts/cost-series.js";
import { costsChart } from "../../src/charts/costs-chart.js";
import { effectChart } from "../../src/charts/effect-chart.js";
import { countDivergences, finiteCosts, spreadOverSeeds } from "../../src/charts/seed-costs.js";
import type { Chart } from "../../src/charts/theme.js";
import { makeResult } from "./result-fixture.js";

const written = ({ spec }: Chart) => JSON.stringify(spec).replaceAll("\u00a0", " ");

/** Plain diverges in the first seed at 12 and in the third at 40; the costs of both are at least 9.9e8. */
const someDiverge = makeResult({
  updates: 60,
  seeds: 5,
  arms: { plain: { divergesAt: (seed) => ({ 0: 12, 2: 40 })[seed] }, bn: { normalized: true } },
});

describe("costs over seeds", () => {
  test("are quartiles of the seeds that are there, linear between order statistics", () => {
    const at = (...costs: number[]) => costs.map((cost, index) => ({ update: index * 5, cost }));
    expect(spreadOverSeeds([at(1, 10), at(2, 20), at(3, 30), at(4), at(9)])).toEqual([
      { update: 0, q25: 2, median: 3, q75: 4, seeds: 5 },
      { update: 5, q25: 15, median: 20, q75: 25, seeds: 3 },
    ]);
    expect(spreadOverSeeds([at(1), at(2)])[0]).toEqual({ update: 0, q25: 1.25, median: 1.5, q75: 1.75, seeds: 2 });
    expect(spreadOverSeeds([[], []])).toEqual([]);
    expect(spreadOverSeeds([[{ update: 7, cost: 1 }], at(2)]).map(({ update }) => update)).toEqual([0, 7]);
  });

  test("leave out costs that overflowed or are undefined", () => {
    const costs = [
      { update: 0, train: 5, inference: null },
      { update: 5, train: 4, inference: "Infinity" as const },
      { update: 10, train: 3, inference: 3.5 },
    ];
    expect(finiteCosts({ costs }, "inference")).toEqual([{ update: 10, cost: 3.5 }]);
    expect(finiteCosts({ costs }, "train")).toHaveLength(3);
  });

  test("never average a seed that diverged after its divergence", () => {
    const [plain] = costSeries(someDiverge);
    const costs = new Map(plain?.points.map(({ update, cost }) => [update, cost]));
    const trained = someDiverge.seeds.flatMap(({ arms }) => (arms.plain?.status === "trained" ? [arms.plain] : []));
    expect(trained).toHaveLength(3);
    for (const update of [40, 45, 60]) {
      const there = trained.map((arm) => arm.costs.find((entry) => entry.update === update)?.train ?? Number.NaN);
      expect(costs.get(update)).toBe(there.sort((a, b) => a - b)[1]);
    }
    expect(plain?.points.at(-1)?.update).toBe(60);
    expect(plain?.remaining).toBe("3 of 5 seeds");
  });

  test("count the divergences and say over what the median is", () => {
    expect(countDivergences(someDiverge, "plain")).toEqual({ diverged: 2, of: 5, first: 12 });
    expect(countDivergences(someDiverge, "bn")).toEqual({ diverged: 0, of: 5 });
    const chart = costsChart(someDiverge);
    expect(written(chart)).toContain("plain: 2 of 5 seeds diverged, first at update 12");
    expect(chart.notes.join(" ")).toContain("are over the seeds still finite");
    expect(written(chart)).toMatch(/plain: \d+ \(3 of 5 seeds\)/);
    expect(chart.description).toContain("plain: 2 of 5 seeds diverged, first at update 12.");
  });

  test("are drawn one by one to the last finite one, with a cross", () => {
    const [plain] = costSeries(someDiverge);
    expect(plain?.threads.map(({ diverged }) => diverged)).toEqual([true, false, true, false, false]);
    expect(plain?.threads.map(({ points }) => points.at(-1)?.update)).toEqual([10, 60, 35, 60, 60]);
    const allDiverge = makeResult({ seeds: 3, arms: { plain: { divergesAt: () => 12 } } });
    expect(written(costsChart(allDiverge)).match(/"update":10,"cost":[^,}]*,"color":"#D55E00"}/g)).toHaveLength(3);
  });

  test("of seeds on their way to divergence do not press the others flat", () => {
    const series = costSeries(someDiverge);
    const levels = drawnLevels(series, referenceCosts(someDiverge));
    expect(levels.reduce((most, level) => Math.max(most, level), 0)).toBeLessThan(1e4);
    const together = makeResult({ seeds: 2, arms: { plain: {}, bn: { normalized: true, divergesAt: () => 1 } } });
    expect(Math.max(...drawnLevels(costSeries(together), []))).toBeLessThan(1e4);
  });
});

test("of very many seeds some are drawn one by one, the first one among them, and the median is of all", () => {
  const result = makeResult({ seeds: 300, updates: 20 });
  const [plain] = costSeries(result);
  expect(plain?.threads).toHaveLength(40);
  expect(plain?.threads[0]?.points[0]?.cost).toBe(result.seeds[0]?.arms.plain?.costs[0]?.train);
  const ends = result.seeds.map(({ arms }) => arms.plain?.costs.at(-1)?.train ?? Number.NaN).sort((a, b) => a - b);
  expect(plain?.points.at(-1)?.cost).toBeCloseTo(((ends[149] ?? 0) + (ends[150] ?? 0)) / 2, 9);
  expect(written(costsChart(result))).toContain("thin lines: 40 of the seeds");
  expect(JSON.stringify(effectChart(result)?.spec)).toContain("one seed (at most 200 drawn)");
});

test("with one seed there are neither thin lines nor areas", () => {
  for (const { threads, quartiles, probe } of costSeries(makeResult())) {
    expect([threads, quartiles, probe]).toEqual([[], [], []]);
  }
  expect(written(costsChart(makeResult()))).not.toContain('"area"');
});

test("the rounding probe is an area from the lowest to the highest cost, in each mode, and is named", () => {
  const result = makeResult({ probe: 4 });
  const [plain, train, inference] = costSeries(result);
  const first = result.arms.bn?.costs[1];
  expect(plain?.probe[0]).toEqual({ update: 0, low: 0.75 * 1070, high: 1.35 * 1070 });
  expect(train?.probe[1]?.low).toBe((first?.train ?? 0) * 0.75);
  expect(inference?.probe[0]?.update).toBe(5);
  expect(written(costsChart(result))).toContain("lowest to highest of 4 repeats");
  expect(written(costsChart(result))).toContain("diverged, and in none: 1");
});

test("more than three arms are drawn with batch statistics alone, and the picture says so", () => {
  const arms = Object.fromEntries(["plain", "bn", "c", "d"].map((name) => [name, { normalized: name !== "plain" }]));
  expect(costSeries(makeResult({ arms })).map(({ name }) => name)).toEqual(["plain", "bn", "c", "d"]);
  expect(written(costsChart(makeResult({ arms })))).toContain("with batch statistics alone");
  const { d: _, ...three } = arms;
  expect(costSeries(makeResult({ arms: three }))).toHaveLength(5);
});

test("divergences that would fill the plot are said above it", () => {
  const arms = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { divergesAt: 9 }]));
  const { title } = costsChart(makeResult({ arms })).spec as { title: { subtitle: string[] } };
  expect(title.subtitle.join(" ")).toContain("a diverges at update 9; b diverges at update 9");
});
