import { describe, expect, test, vi } from "vitest";
import { dataSource } from "../../src/charts/data-sets.js";
import { CHARTS, drawableOf, drawPictures } from "../../src/charts/index.js";
import { specFile } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { alone } from "../../src/charts/runs.js";
import { withTitle } from "../../src/charts/title.js";
import type { Result } from "../../src/record/result.js";
import { withShiftedMath } from "../metrics/shifted-math.js";
import { cases } from "./cases.js";
import { drawFiles } from "./draw-files.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

const drawables = (result: Result) => {
  const source = dataSource(alone(result));
  return CHARTS.flatMap((chart) => drawableOf(chart, alone(result), source) ?? []);
};

test("the same result gives the same bytes, in any order and at the same time", async () => {
  const [first, other, again] = await Promise.all([
    drawFiles(makeResult()),
    drawFiles(makeResult({ inputs: 3 })),
    drawFiles(makeResult()),
  ]);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(await drawFiles(JSON.parse(JSON.stringify(makeResult())))).toEqual(first);
});

test("drawing writes nothing to the console and leaves the result alone", async () => {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((method) => vi.spyOn(console, method));
  const result = makeResult({ plainDivergesAt: 1 });
  const before = JSON.stringify(result);
  await drawFiles(result);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  expect(JSON.stringify(result)).toBe(before);
});

test("coordinates have at most two decimals", async () => {
  for (const svg of Object.values(await drawFiles(makeResult()))) {
    const { attributes } = scanXml(svg);
    const geometry = attributes.filter(({ name }) => /^(d|transform|x|y|x1|y1|x2|y2|width|height|viewBox)$/.test(name));
    expect(geometry.length).toBeGreaterThan(20);
    for (const { value } of geometry) expect(value).not.toMatch(/\.\d{3}|\de[-+]?\d/);
  }
});

test.each(["data", "costs", "histograms", "activations"] as const)(
  "%s.svg of a diverged run is the picture that was reviewed",
  async (name) => {
    const pictures = await drawFiles(makeResult({ hiddenLayers: 2, plainDivergesAt: 1, samples: 60 }));
    await expect(pictures[name]).toMatchFileSnapshot(`./snapshots/diverged.${name}.svg`);
  },
);

/** A plain arm that diverges in two of four seeds, late in the first one, beside a normalized one on mini-batches. */
const fourSeeds = makeResult({
  hiddenLayers: 2,
  updates: 40,
  histogramEvery: 10,
  samples: 60,
  seeds: 4,
  probe: 3,
  config: { batchSize: 10 },
  arms: {
    plain: { divergesAt: (seed) => [22, undefined, 7][seed], fit: (x) => 0.8 * x ** 2 },
    bn: { normalized: true },
  },
});

test.each(["costs", "effect", "verdicts", "signal", "gradients", "gap"] as const)(
  "%s.svg of several seeds is the picture that was reviewed",
  async (name) => {
    const pictures = await drawFiles(fourSeeds);
    await expect(pictures[name]).toMatchFileSnapshot(`./snapshots/seeds.${name}.svg`);
  },
);

test("there is a picture of everything that a run has, and no other", () => {
  const names = (name: string) => drawables(cases[name] ?? makeResult()).map((drawable) => drawable.name);
  const always = ["data", "costs", "histograms", "activations", "verdicts", "signal", "gradients"];
  expect(names("trained")).toEqual([...always, "gap"]);
  expect(names("no arm normalizes")).toEqual(always);
  expect(names("one arm")).not.toContain("effect");
  const ofImages = ["classes", "accuracy", "maps", "kernels"];
  expect(names("ten seeds")).toEqual(CHARTS.map(({ name }) => name).filter((name) => !ofImages.includes(name)));
  expect(names("images")).toEqual([
    "costs",
    "accuracy",
    "histograms",
    "activations",
    "verdicts",
    "signal",
    "gradients",
    "gap",
    "maps",
    "kernels",
  ]);
  expect(names("images of ten classes")).toContain("classes");
  expect(names("controls, three input columns")).toContain("effect");
});

test.each(["ten seeds", "controls", "mini-batch gap", "gradients that vanish, overflow and differ"])(
  "charts depend on no elementary function's last bits: %s",
  async (name) => {
    const result = cases[name] ?? makeResult();
    const there = withShiftedMath(3n, () => drawables(result).map((drawable) => JSON.stringify(specFile(drawable))));
    for (const [place, drawable] of drawables(result).entries()) {
      expect(there[place], drawable.name).toBe(JSON.stringify(specFile(drawable)));
    }
  },
);

test("an error in a spec is thrown", async () => {
  const broken = { mark: "no such mark" } as never;
  await expect(renderSpec(broken, {}, { title: "", description: "", idPrefix: "x" })).rejects.toThrow();
});

test("arms may be called what every object has", async () => {
  const names = ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"];
  const arms = Object.fromEntries(names.map((name, place) => [name, { normalized: place > 0 }]));
  for (const [chart, svg] of Object.entries(await drawFiles(makeResult({ arms, seeds: 2 })))) {
    const { texts } = scanXml(svg);
    const named = names.filter((name) => texts.some((text) => text.includes(name)));
    expect(named.length, chart).toBeGreaterThanOrEqual(/histograms|activations/.test(chart) ? 2 : 4);
  }
});

describe("a title that is put over a drawing", () => {
  test("keeps its texts text, and is found in the file alone", async () => {
    const costs = (await drawPictures(alone(makeResult()))).get("costs");
    if (costs === undefined) throw new Error("no costs");
    const svg = withTitle(costs.bare, { text: "a <b> & \u0000c", paragraphs: ["</svg>", ""] });
    expect(scanXml(svg).texts).toEqual(expect.arrayContaining(["a <b> & \ufffdc", "</svg>"]));
    expect(costs.bare.replace(/<title.*?<\/desc>/s, "")).not.toContain("Cost during training");
    expect(costs.file).toContain("Cost during training");
  });

  test("makes room for itself", async () => {
    const costs = (await drawPictures(alone(makeResult()))).get("costs");
    const heightOf = (svg = "") => Number(/ height="([\d.]+)"/.exec(svg)?.[1]);
    const lines = (paragraphs: readonly string[]) =>
      heightOf(withTitle(costs?.bare ?? "", { text: "title", paragraphs }));
    expect(lines(["one", "two"]) - lines(["one"])).toBe(16);
    expect(lines([])).toBeGreaterThan(heightOf(costs?.bare));
  });
});
