import { describe, expect, test, vi } from "vitest";
import { PICTURE_NAMES, type PictureName } from "../../src/charts/picture-names.js";
import { charts } from "../../src/charts/pictures.js";
import { renderSvg } from "../../src/charts/render.js";
import type { Chart } from "../../src/charts/theme.js";
import { withShiftedMath } from "../metrics/shifted-math.js";
import { cases } from "./cases.js";
import { drawFiles } from "./draw-files.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

// Loading Vega and drawing thirty layers takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(cases))("the pictures of a run: %s", (_, result) => {
  test("stand alone, are sound XML and name themselves for screen readers", async () => {
    for (const [name, svg] of Object.entries(await drawFiles(result))) {
      const { attributes, texts } = scanXml(svg);
      const prefix = name.replace(".svg", "");
      const ids = attributes.filter((attribute) => attribute.name === "id").map(({ value }) => value);
      expect(new Set(ids).size, name).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(new RegExp(`^${prefix}-`));
      expect(svg).toMatch(
        new RegExp(`^<svg [^>]*role="img" aria-labelledby="${prefix}-title ${prefix}-description"><title`),
      );
      for (const { name: key, value } of attributes) {
        if (!key.startsWith("aria")) expect(`${key}=${value}`).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
        expect(key).not.toMatch(/href|^on/);
        for (const [, target] of value.matchAll(/url\(#?([^)]*)\)/g)) expect(ids).toContain(target);
      }
      expect(texts.join("\n")).not.toMatch(/undefined(?! pairs)|\[object|\bnull\b/);
      expect(svg).not.toMatch(/<(?:script|image|style|foreignObject|use|a)\b/);
    }
  });

  test("come from specs that Vega has nothing to say about", async () => {
    for (const [name, { spec, ...rest }] of Object.entries(charts(result))) {
      const warnings: string[] = [];
      await renderSvg(spec, { ...rest, idPrefix: "test", onWarning: (message) => warnings.push(message) });
      expect(warnings, name).toEqual([]);
    }
  });
});

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
    await expect(pictures[`${name}.svg`]).toMatchFileSnapshot(`./snapshots/diverged.${name}.svg`);
  },
);

/** A plain arm that diverges in two of four seeds, late in the first one, beside a normalised one on mini-batches. */
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

test.each(["costs", "effect", "verdicts", "gradients", "gap"] as const)(
  "%s.svg of several seeds is the picture that was reviewed",
  async (name) => {
    const pictures = await drawFiles(fourSeeds);
    await expect(pictures[`${name}.svg`]).toMatchFileSnapshot(`./snapshots/seeds.${name}.svg`);
  },
);

test("there is a picture of everything that a run has, and no other", () => {
  const names = (name: string) => Object.keys(charts(cases[name] ?? makeResult()));
  const always = ["data", "costs", "histograms", "activations", "verdicts", "gradients"].map((name) => `${name}.svg`);
  expect(names("trained")).toEqual([...always, "gap.svg"]);
  expect(names("no arm normalises")).toEqual(always);
  expect(names("one arm")).not.toContain("effect.svg");
  expect(names("ten seeds")).toEqual(PICTURE_NAMES);
  expect(names("controls, three input columns")).toContain("effect.svg");
  for (const result of Object.values(cases))
    expect(PICTURE_NAMES).toEqual(expect.arrayContaining(Object.keys(charts(result))));
});

test.each(["ten seeds", "controls", "mini-batch gap", "gradients that vanish, overflow and differ"])(
  "charts hang on no elementary function's last bits: %s",
  async (name) => {
    const result = cases[name] ?? makeResult();
    const there = withShiftedMath(3n, () => charts(result));
    for (const [file, chart] of Object.entries(charts(result)) as [PictureName, Chart][]) {
      const other = there[file];
      const drawn = await renderSvg(chart.spec, { ...chart, idPrefix: "x" });
      expect(other === undefined ? "" : await renderSvg(other.spec, { ...other, idPrefix: "x" }), file).toBe(drawn);
    }
  },
);

test("an error in a spec is thrown", async () => {
  const broken = { mark: "no such mark" } as never;
  await expect(renderSvg(broken, { title: "", description: "", idPrefix: "x" })).rejects.toThrow();
});

test("arms may be called what every object has", async () => {
  const names = ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"];
  const arms = Object.fromEntries(names.map((name, place) => [name, { normalized: place > 0 }]));
  for (const [file, svg] of Object.entries(await drawFiles(makeResult({ arms, seeds: 2 })))) {
    const { texts } = scanXml(svg);
    const named = names.filter((name) => texts.some((text) => text.includes(name)));
    expect(named.length, file).toBeGreaterThanOrEqual(file.match(/histograms|activations/) ? 2 : 4);
  }
});
