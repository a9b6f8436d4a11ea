import { parse, View } from "vega";
import { describe, expect, test } from "vitest";
import type { View as ChartAsk } from "../../src/charts/chart.js";
import { compileSpec, withRows } from "../../src/charts/compile.js";
import { dataSource } from "../../src/charts/data-sets.js";
import { CHARTS, drawableOf } from "../../src/charts/index.js";
import type { Drawable } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { alone } from "../../src/charts/runs.js";
import { drawnSizes, GRADIENTS } from "../../src/charts/signal/spec.js";
import type { Result } from "../../src/record/result.js";
import { type Area, areasOf } from "../../src/report/browser/areas.js";
import { drawFigures } from "../../src/report/drawing.js";
import { namedRuns } from "../../src/report/named-runs.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { scanXml } from "../charts/svg-scan.js";

const WIDE: ChartAsk = { viewport: "wide", interactive: true };

function chartOf(name: string, result: Result, view: ChartAsk = WIDE): Drawable | undefined {
  const chart = CHARTS.find((one) => one.name === name);
  if (chart === undefined) throw new Error(`no chart ${name}`);
  return drawableOf(chart, alone(result), dataSource(alone(result)), view);
}

/** What can be pointed at in a chart, in the order of the keyboard. */
async function areasIn(drawable: Drawable | undefined): Promise<Area[]> {
  if (drawable === undefined) return [];
  const view = new View(parse(withRows(await compileSpec(drawable.spec), drawable.sets) as never), {
    renderer: "none",
  });
  await view.runAsync();
  const areas = areasOf(view.scenegraph());
  view.finalize();
  return areas;
}

const lines = (areas: readonly Area[]) => areas.map(({ tooltip }) => tooltip.split("\n"));

describe.each(Object.entries(cases))("what can be pointed at: %s", (_, result) => {
  test("has one area for every verdict, with what was measured", async () => {
    const cells = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints.flatMap(({ layers }) => layers));
    const told = lines(await areasIn(chartOf("verdicts", result)));
    if (cells.length > 0) expect(told.length).toBeGreaterThan(0);
    if (cells.length < 500) expect(told).toHaveLength(cells.length);
    for (const each of told) expect(each).toHaveLength(2);
  });

  test("has one area for every layer with a gradient, and one for every seed's ratio", async () => {
    const { updates } = drawnSizes(GRADIENTS, alone(result));
    const finite = Object.values(result.arms).flatMap(({ checkpoints }) =>
      checkpoints.flatMap(({ update, layers }) =>
        layers.flatMap(({ layer, gradientNorms: { preActivation: norm } }) =>
          updates.includes(update) && typeof norm === "number" && norm > 0 ? [`${update} ${layer}`] : [],
        ),
      ),
    );
    const gradients = chartOf("gradients", result);
    if (gradients !== undefined) expect(await areasIn(gradients)).toHaveLength(new Set(finite).size);
    const effect = chartOf("effect", result);
    const ratios = Object.values(result.effects).flatMap(({ train, inference }) => [train, inference]);
    if (effect !== undefined && ratios.some(({ logRatios }) => logRatios.length > 0)) {
      expect((await areasIn(effect)).length).toBeGreaterThan(0);
    }
  });

  test("is drawn by specs that Vega has nothing to say about, on phones and on a linear scale too", async () => {
    for (const { name } of CHARTS) {
      for (const view of [WIDE, { ...WIDE, viewport: "narrow" }, { ...WIDE, scale: "linear" }] as const) {
        if ("scale" in view && name !== "costs") continue;
        const drawable = chartOf(name, result, view);
        if (drawable === undefined) continue;
        const before = JSON.stringify(drawable.spec);
        const warnings: string[] = [];
        const onWarning = (message: string) => warnings.push(message);
        scanXml(await renderSpec(drawable.spec, drawable.sets, { ...drawable, idPrefix: "x", onWarning }));
        expect(warnings, name).toEqual([]);
        expect(JSON.stringify(drawable.spec)).toBe(before);
        if (!("scale" in view)) continue;
        expect(before).not.toContain('"log"');
        expect(before).toContain('"linear"');
      }
    }
  });
});

test("an area says the costs that the chart draws there", async () => {
  const result = makeResult({ updates: 250 });
  const areas = await areasIn(chartOf("costs", result));
  const edges = areas.map(
    ({ datum }) => datum as { readonly from?: number; readonly to?: number; readonly updates?: number },
  );
  expect(areas).toHaveLength(51);
  expect(edges[0]).toMatchObject({ from: 0, updates: 0 });
  expect(edges.at(-1)).toMatchObject({ to: 250, updates: 250 });
  for (const [place, { to }] of edges.entries()) if (place < 50) expect(edges[place + 1]?.from).toBe(to);
  const { bn } = result.arms;
  if (bn?.status !== "trained") throw new Error("bn is trained");
  expect(lines(areas).at(-1)).toContain(`bn, training mode: ${Number(bn.final.train.toPrecision(3))}`);
});

test("of several seeds an area says the median and the middle half", async () => {
  const told = lines(await areasIn(chartOf("costs", makeResult({ seeds: 5 })))).at(-1);
  expect(told?.[1]).toMatch(/^plain: [\d.]+ \(middle half [\d.]+–[\d.]+\)$/);
});

test("the linear scale puts a reference cost where its axis does", async () => {
  const drawable = chartOf("costs", makeResult(), { ...WIDE, scale: "linear" });
  if (drawable === undefined) throw new Error("no costs");
  const view = new View(parse(withRows(await compileSpec(drawable.spec), drawable.sets) as never), {
    renderer: "none",
  });
  await view.runAsync();
  const [, top = 0] = (view.scale("y") as { domain: () => number[] }).domain();
  const height = Number(view.signal("height"));
  const svg = await view.toSVG();
  view.finalize();
  const at = (1 - 746 / top) * height;
  const rules = [...svg.matchAll(/<line transform="translate\([\d.]+,([\d.]+)\)"[^>]* stroke="#5f5f5f"/g)];
  expect(rules.some(([, y]) => Math.abs(Number(y) - at) < 0.01)).toBe(true);
});

test("an area of the fits says the true curve and every fit, also where none is left", async () => {
  const told = lines(await areasIn(chartOf("data", makeResult())));
  expect(told).toHaveLength(50);
  expect(told[0]?.[0]).toMatch(/^x = −7/);
  expect(told[0]?.map((line) => line.split(":")[0])).toEqual([told[0]?.[0], "truth", "plain", "bn"]);
  const lost = lines(await areasIn(chartOf("data", makeResult({ plainDivergesAt: 1, bnDivergesAt: 7 }))));
  expect(lost[0]?.[1]).toMatch(/^truth: /);
});

test("an area of the gap says its parts", async () => {
  const told = lines(await areasIn(chartOf("gap", cases["mini-batch gap"] as Result)));
  const gap = told.find(([heading]) => heading?.includes("gap of the means"));
  expect(gap?.[0]).toMatch(/^bn, update \d+, gap of the means, in standard deviations$/);
  expect(gap?.slice(1).map((line) => line.split(":")[0])).toContain("gap, total");
  expect(told.some(([heading, first]) => heading?.includes("cost") && first?.startsWith("cost, training mode: "))).toBe(
    true,
  );
});

test("charts over several runs have an area for every place that says all of them", async () => {
  const curve = makeResult({ arms: { plain: { fit: (x) => x }, bn: { normalized: true } } });
  const named = namedRuns([makeResult(), curve].map((result, place) => ({ name: `r${place}`, result })));
  const figures = await drawFigures(named);
  const shared = (name: string) => figures.find(({ id }) => id === name)?.ways[0]?.at.wide;
  const ofFits = lines(await areasIn(shared("data")));
  expect(ofFits.length).toBeGreaterThanOrEqual(100);
  expect(ofFits[0]?.[0]).toMatch(/^plain, x = −7/);
  expect(ofFits[0]).toHaveLength(3);
  const ofCosts = lines(await areasIn(shared("costs")));
  expect(ofCosts[0]?.[0]).toMatch(/^plain, update 0$/);
  expect(ofCosts[0]).toHaveLength(3);
});
