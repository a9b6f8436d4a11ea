import { parse, View } from "vega";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { axisNumbers } from "../../src/charts/axis-numbers.js";
import { data } from "../../src/charts/data/index.js";
import { drawableOf } from "../../src/charts/index.js";
import { layerPanels } from "../../src/charts/layers/extents.js";
import { drawn } from "../../src/charts/picture.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

type Range = readonly [low: number, high: number];

/** The chart of a run's data, drawn. */
function drawnData(result: Result) {
  const drawable = drawableOf(data, alone(result));
  if (drawable === undefined) throw new Error("a run has data");
  return drawn(drawable);
}

/** What Vega draws at the ticks of an axis over a range: its values and their texts. */
async function axisOf([low, high]: Range, tickCount: number) {
  const { spec } = compile({
    data: { values: [{ at: low }] },
    width: 2000,
    mark: "point",
    encoding: {
      x: {
        field: "at",
        type: "quantitative",
        scale: { domain: [low, high], nice: false },
        axis: { tickCount, labelExpr: axisNumbers([low, high]).expr, labelOverlap: false },
      },
    },
  });
  const view = await new View(parse(spec), { renderer: "none" }).runAsync();
  const ticks: { value: number; text: string }[] = [];
  const collect = (item: { role?: string; items?: { datum: { value: number }; text: string }[] }) => {
    if (item.role === "axis-label")
      for (const { datum, text } of item.items ?? []) ticks.push({ value: datum.value, text });
    else for (const child of item.items ?? []) collect(child as never);
  };
  collect(view.scenegraph() as never);
  collect((view.scenegraph() as unknown as { root: never }).root);
  view.finalize();
  return ticks;
}

const spaced = (text: string) => text.replaceAll("\u00a0", " ");

const ranges: readonly Range[] = [
  [20240100.4, 20240131.6],
  [999999.2, 1000010.8],
  [101255, 101393],
  [-7.34, 10.34],
  [0, 1],
  [0, 3e5],
  [4.2e5, 5.3e5],
  [1e6, 1.1e6],
  [-1e-9, 1e-9],
  [3.2e-4, 3.3e-4],
  [0.9999, 1.0001],
  [-1000010, -1000000],
  [1990, 2024],
  [1.7e9, 1.7e9 + 86_400],
  [1.7e12, 1.7e12 + 3],
  [1e20, 1.001e20],
  [-3e38, 3e38],
  [1e-30, 4e-30],
  [0.1 + 0.2, 0.3 + 1e-9],
];

describe.each(ranges)("the axis from %d to %d", (low, high) => {
  test.each([5, 7, 25, 40])("has a different label at each of about %d ticks", async (tickCount) => {
    const ticks = await axisOf([low, high], tickCount);
    expect(ticks.length).toBeGreaterThan(1);
    expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
    const { text, full } = axisNumbers([low, high]);
    expect(ticks.map((tick) => tick.text)).toEqual(ticks.map(({ value }) => text(value)));
    expect(new Set(ticks.map(({ value }) => full(value))).size).toBe(ticks.length);
  });
});

describe("labels", () => {
  const labels = async (range: Range, count: number) => (await axisOf(range, count)).map(({ text }) => spaced(text));
  const title = (range: Range) => spaced(axisNumbers(range).title("x"));

  test("of dates count from the month's start, which the title says", async () => {
    expect(await labels([20240100.4, 20240131.6], 7)).toEqual(["5", "10", "15", "20", "25", "30"]);
    expect(title([20240100.4, 20240131.6])).toBe("x − 20 240 100");
  });

  test("around a million are differences from it", async () => {
    expect(await labels([999997.2, 1000004.8], 7)).toEqual(["−2", "−1", "0", "1", "2", "3", "4"]);
    expect(title([999997.2, 1000004.8])).toBe("x − 1 000 000");
    expect(title([-1000010, -1000000])).toBe("x + 1 000 000");
  });

  test("have all digits where an offset would not be shorter, in one form along the axis", async () => {
    expect(await labels([101255, 101393], 7)).toEqual([
      "101 260",
      "101 280",
      "101 300",
      "101 320",
      "101 340",
      "101 360",
      "101 380",
    ]);
    expect(await labels([1990, 2024], 7)).toEqual(["1990", "1995", "2000", "2005", "2010", "2015", "2020"]);
    expect(title([101255, 101393])).toBe("x");
  });

  test("are powers of ten where those are short", async () => {
    expect(await labels([0, 3e5], 5)).toEqual(["0", "50 000", "1e5", "1.5e5", "2e5", "2.5e5", "3e5"]);
    expect(await labels([3.2e-4, 3.3e-4], 5)).toEqual(["3.2e-4", "3.22e-4", "3.24e-4", "3.26e-4", "3.28e-4", "3.3e-4"]);
  });

  test("have no digits that rounding has left behind", () => {
    const { text } = axisNumbers([-1, 1]);
    expect([0.1 + 0.2, -0.1 - 0.2, 1e-17].map(text)).toEqual(["0.3", "−0.3", "0"]);
  });

  test("of a range that is a single number, or none at all, are numbers", () => {
    expect(spaced(axisNumbers([20240101, 20240101]).text(20240101))).toBe("20 240 101");
    expect(axisNumbers([0, 0]).text(0)).toBe("0");
    expect(axisNumbers([-1.7e308, 1.7e308]).text(1e308)).toBe("1e308");
  });
});

describe("a run on numbers of another scale", () => {
  const dates = makeResult({ inputRange: [20240101, 20240131], samples: 31 });
  for (const [place] of dates.data.drawn.y.entries()) dates.data.drawn.y[place] = 1e6 + place / 10;
  delete dates.data.truth;

  test("has no label twice on an axis of its data, and says the offsets", async () => {
    const chart = await drawnData(dates);
    const texts = scanXml(chart.file).texts.map(spaced);
    expect(texts).toEqual(expect.arrayContaining(["x − 20 240 100", "y − 1 000 000"]));
    expect(texts).not.toContain("2e7");
    expect(texts).not.toContain("1e6");
    expect(spaced(chart.description)).toContain("y from 1 000 000 to 1 000 003");
  });

  test("has fits far away drawn within what programs can read, and points only inside", async () => {
    for (const inputs of [1, 3]) {
      const { file } = await drawnData(makeResult({ inputs, plainFit: (x) => 1e30 * (x + 1) }));
      const coordinates = [...file.matchAll(/ (?:d|transform)="([^"]*)"/g)].flatMap(([, text = ""]) =>
        (text.match(/-?\d+(?:\.\d+)?(?:e\d+)?/g) ?? []).map(Number),
      );
      expect(Math.max(...coordinates.map(Math.abs))).toBeLessThan(100_000);
    }
  });

  test("has no line of which nothing is inside", async () => {
    const { file } = await drawnData(makeResult({ plainFit: () => 1e9 }));
    const lines = (color: string) =>
      [...file.matchAll(/<path [^>]*>/g)].flatMap(([tag]) =>
        tag.includes(`stroke="${color}"`) ? [/ d="([^"]*)"/.exec(tag)?.[1] ?? ""] : [],
      );
    // The legend's symbol, and a line without a point.
    expect(lines("#D55E00").filter((d) => d.length > 20)).toEqual([]);
    expect(lines("#0072B2").some((d) => d.length > 200)).toBe(true);
  });

  test("has different numbers at the ends of its layers' axes", () => {
    const [layer] = layerPanels(dates, "layerInput").layers;
    const [left, right] = (layer?.ticks ?? []).map(({ lines }) => lines.map(spaced));
    expect(left).toContain("plain 20 240 101");
    expect(right).toContain("plain 20 240 131");
  });
});
