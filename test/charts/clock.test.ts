import { parse, View } from "vega";
import { expect, test } from "vitest";
import type { Chart } from "../../src/charts/chart.js";
import { compileSpec, withRows } from "../../src/charts/compile.js";
import { costs } from "../../src/charts/costs/index.js";
import { drawableOf } from "../../src/charts/index.js";
import { alone, type Runs } from "../../src/charts/runs.js";
import { verdicts } from "../../src/charts/verdicts/index.js";
import { makeResult } from "./result-fixture.js";

const one = alone(makeResult());
const several: Runs = [
  { label: "first", result: makeResult() },
  { label: "second", result: makeResult({ updates: 50 }) },
];

test.each([
  ["costs", costs, one, 1],
  ["costs of several runs", costs, several, 3],
  ["verdicts", verdicts, one, 2],
] as const)("the clock of a page moves a line in each plot of %s", async (_, chart: Chart, runs, plots) => {
  const drawable = drawableOf(chart, runs, undefined, { viewport: "wide", interactive: true });
  if (drawable === undefined) throw new Error("nothing to draw");
  const compiled = withRows(await compileSpec(drawable.spec), drawable.sets);
  const view = new View(parse(compiled as never), { renderer: "none" });
  const linesAt = async (update: number | null) => {
    const svg = await view.signal("clockUpdate", update).toSVG();
    return [
      ...svg.matchAll(/<line transform="translate\(([\d.]+),[\d.]+\)"[^>]* stroke="#5f5f5f" stroke-width="1.5"/g),
    ];
  };
  const xOf = (lines: RegExpMatchArray[]) => Number(lines[0]?.[1]);
  expect(await linesAt(null)).toEqual([]);
  const [start, end] = [await linesAt(0), await linesAt(100)];
  expect([start.length, end.length]).toEqual([plots, plots]);
  expect(xOf(await linesAt(50))).toBeCloseTo((xOf(start) + xOf(end)) / 2, 1);
  expect(xOf(end)).toBeGreaterThan(xOf(start));
  view.finalize();
});
