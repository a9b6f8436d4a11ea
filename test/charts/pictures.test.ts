import { describe, expect, test, vi } from "vitest";
import { charts, drawPictures } from "../../src/charts/pictures.js";
import { renderSvg } from "../../src/charts/render.js";
import { cases } from "./cases.js";
import { makeResult } from "./result-fixture.js";
import { scanXml } from "./svg-scan.js";

// Loading Vega and drawing thirty layers takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(cases))("the pictures of a run: %s", (_, result) => {
  test("stand alone, are sound XML and name themselves for screen readers", async () => {
    for (const [name, svg] of Object.entries(await drawPictures(result))) {
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
    drawPictures(makeResult()),
    drawPictures(makeResult({ inputs: 3 })),
    drawPictures(makeResult()),
  ]);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(await drawPictures(JSON.parse(JSON.stringify(makeResult())))).toEqual(first);
});

test("drawing writes nothing to the console and leaves the result alone", async () => {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((method) => vi.spyOn(console, method));
  const result = makeResult({ plainDivergesAt: 1 });
  const before = JSON.stringify(result);
  await drawPictures(result);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  expect(JSON.stringify(result)).toBe(before);
});

test("coordinates have at most two decimals", async () => {
  for (const svg of Object.values(await drawPictures(makeResult()))) {
    const { attributes } = scanXml(svg);
    const geometry = attributes.filter(({ name }) => /^(d|transform|x|y|x1|y1|x2|y2|width|height|viewBox)$/.test(name));
    expect(geometry.length).toBeGreaterThan(20);
    for (const { value } of geometry) expect(value).not.toMatch(/\.\d{3}|\de[-+]?\d/);
  }
});

test.each(["data", "costs", "histograms", "activations"] as const)(
  "%s.svg of a diverged run is the picture that was reviewed",
  async (name) => {
    const pictures = await drawPictures(makeResult({ hiddenLayers: 2, plainDivergesAt: 1, samples: 60 }));
    await expect(pictures[`${name}.svg`]).toMatchFileSnapshot(`./snapshots/diverged.${name}.svg`);
  },
);

test("an error in a spec is thrown", async () => {
  const broken = { mark: "no such mark" } as never;
  await expect(renderSvg(broken, { title: "", description: "", idPrefix: "x" })).rejects.toThrow();
});
