import { describe, expect, test } from "vitest";
import type { View } from "../../src/charts/chart.js";
import { costs } from "../../src/charts/costs/index.js";
import { data } from "../../src/charts/data/index.js";
import { dataSource } from "../../src/charts/data-sets.js";
import { CHARTS, drawableOf } from "../../src/charts/index.js";
import type { Drawable } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import type { Runs } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { cases } from "./cases.js";
import { faultsOf } from "./promise.js";
import { makeResult } from "./result-fixture.js";

const runsOf = (first: Result, ...others: Result[]): Runs => [
  { label: "r0", result: first },
  ...others.map((result, place) => ({ label: `r${place + 1}`, result })),
];
const fitsByRun = (runs: Runs) => drawableOf(data, runs);
const costsByRun = (runs: Runs, view?: View) => {
  const drawable = drawableOf(costs, runs, dataSource(runs), view);
  if (drawable === undefined) throw new Error("runs have costs");
  return drawable;
};

async function drawnQuietly(drawable: Drawable | undefined): Promise<string> {
  if (drawable === undefined) throw new Error("nothing to draw");
  const warnings: string[] = [];
  const options = { ...drawable, idPrefix: "x", onWarning: (message: string) => warnings.push(message) };
  const svg = await renderSpec(drawable.spec, drawable.sets, options);
  expect(warnings).toEqual([]);
  expect(faultsOf(JSON.parse(JSON.stringify(drawable.spec)))).toEqual([]);
  return svg;
}

describe("fits over each other", () => {
  const curve = (fit: (x: number) => number) => makeResult({ arms: { plain: { fit }, bn: { normalized: true } } });

  test("are cut at their panels, whatever they predict", async () => {
    const svg = await drawnQuietly(
      fitsByRun(
        runsOf(
          curve((x) => 300 * Math.sin(3 * x)),
          makeResult(),
        ),
      ),
    );
    expect(svg).toContain("clip-path");
    for (const [, d = ""] of svg.matchAll(/ d="([^"]*)"/g)) {
      for (const number of d.match(/-?\d+(?:\.\d+)?/g) ?? []) expect(Math.abs(Number(number))).toBeLessThan(20_000);
    }
  });

  test("are drawn only where the points are the same", () => {
    const other = makeResult();
    other.pairing.data = "1".repeat(64);
    expect(fitsByRun(runsOf(makeResult(), other))).toBeUndefined();
    expect(fitsByRun(runsOf(makeResult({ inputs: 3 }), makeResult({ inputs: 3 })))).toBeUndefined();
  });

  test("say who diverged, and whose nets are drawn", () => {
    const lost = fitsByRun(runsOf(makeResult({ plainDivergesAt: 3 }), makeResult({ plainDivergesAt: 5 })));
    expect(lost?.description).toContain("r0 diverged at update 3 and has no fit; r1 diverged at update 5");
    const several = makeResult({ seeds: 2 });
    expect(fitsByRun(runsOf(several, several))?.notes.join(" ")).toContain("Of several seeds, the first one's nets.");
  });
});

describe("costs over each other", () => {
  const told = (first: Result, ...others: Result[]) =>
    costsByRun(runsOf(first, ...others)).description.replaceAll("\u00a0", " ");
  const several = (divergesAt: (place: number) => number | undefined) =>
    makeResult({ seeds: 5, arms: { plain: { divergesAt }, bn: { normalized: true } } });

  test("are drawn without a word from Vega", async () => {
    await drawnQuietly(costsByRun(runsOf(makeResult(), makeResult({ plainDivergesAt: 1 }))));
    await drawnQuietly(costsByRun(runsOf(makeResult(), makeResult()), { viewport: "narrow", interactive: true }));
  });

  test("of several seeds tell of all of them, not of the first", () => {
    const text = told(
      several((place) => (place === 0 ? 7 : undefined)),
      several((place) => (place > 0 ? 9 : undefined)),
    );
    expect(text).toMatch(/^plain: r0 ends at [\d.]+ in 4 of 5 seeds; r1 ends at [\d.]+ in 1 of 5 seeds\./);
    expect(
      told(
        several(() => 7),
        makeResult(),
      ),
    ).toMatch(/^plain: r0 5 of 5 seeds diverged, first at update 7; r1 ends/);
  });

  test("lie in one panel, also where one run draws an arm in one mode and another in both", () => {
    const four = makeResult({ arms: { plain: {}, bn: { normalized: true }, c: {}, d: {} } });
    expect(told(four, makeResult())).toMatch(
      /bn, inference mode: r0 ends at [\d.]+; r1 ends at [\d.]+\. .*bn, training mode: r1 ends at [\d.]+\.$/,
    );
  });

  test("say that a cost is lost, instead of its last finite value", () => {
    const lost = structuredClone(makeResult());
    for (const entry of lost.seeds[0]?.arms["bn"]?.costs ?? []) if (entry.update > 90) entry.inference = "Infinity";
    expect(told(lost, makeResult())).toMatch(
      /bn, inference mode: r0 has no finite cost at the end \([\d.]+ at update 90\)/,
    );
  });

  test("hold arms whose names every object has already", () => {
    const odd = makeResult({ arms: { toString: {}, constructor: { normalized: true } } });
    expect(told(odd, makeResult())).toMatch(/^toString.?: r0 ends/);
    expect(fitsByRun(runsOf(odd, makeResult()))?.description).toMatch(/constructor.?: r0 ends/);
  });

  test("far apart have scales of their own", () => {
    const far = makeResult({ arms: { plain: {}, bn: { normalized: true, scale: 1e9 } } });
    expect(costsByRun(runsOf(makeResult(), far)).notes.join(" ")).toContain("on log scales of their own");
    expect(costsByRun(runsOf(makeResult(), makeResult({ seeds: 2 }))).notes.join(" ")).toContain("on one log scale");
  });
});

describe.each(CHARTS)("$name of several runs", (chart) => {
  test.each([
    { names: ["both diverged", "ten seeds", "mini-batch gap"], view: { viewport: "wide" } },
    { names: ["controls", "hostile arm names"], view: { viewport: "narrow", interactive: true } },
  ] as const)("is drawn from fields without a word from Vega, with each run in it, or run by run", async (group) => {
    const [first = makeResult(), ...others] = group.names.flatMap((name) => cases[name] ?? []);
    const runs = runsOf(first, ...others);
    const drawable = drawableOf(chart, runs, dataSource(runs), group.view);
    const single = ["data", "classes", "accuracy", "histograms", "activations", "maps", "kernels"];
    if (drawable === undefined) return expect(single).toContain(chart.name);
    const svg = await drawnQuietly(drawable);
    for (const { label } of runs) expect(svg + drawable.description, label).toContain(label);
  });
});
