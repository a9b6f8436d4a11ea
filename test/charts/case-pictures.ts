import { parse, View } from "vega";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { dataSource } from "../../src/charts/data-sets.js";
import { CHARTS, drawableOf } from "../../src/charts/index.js";
import { type Drawable, drawn, type Picture, specFile } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { alone } from "../../src/charts/runs.js";
import { formatSpec } from "../../src/output/formats/vega.js";
import type { Result } from "../../src/record/result.js";
import { cases } from "./cases.js";
import { faultsOf, marksOf } from "./promise.js";
import { scanXml } from "./svg-scan.js";

/** Each case is drawn once for all that is asked of its pictures. */
const pictures = new Map<string, Promise<readonly (Picture & { readonly warnings: readonly string[] })[]>>();

export function picturesOf(name: string) {
  const known = pictures.get(name) ?? drawCase(cases[name] as Result);
  pictures.set(name, known);
  return known;
}

async function drawCase(result: Result) {
  const all = drawablesOf(result, "wide");
  return Promise.all(
    all.map(async (drawable) => {
      const warnings: string[] = [];
      await renderSpec(drawable.spec, drawable.sets, {
        ...drawable,
        idPrefix: "test",
        onWarning: (message) => warnings.push(message),
      });
      return { ...(await drawn(drawable)), warnings };
    }),
  );
}

export function drawablesOf(result: Result, viewport: "wide" | "narrow"): Drawable[] {
  const source = dataSource(alone(result));
  return CHARTS.flatMap((chart) => drawableOf(chart, alone(result), source, { viewport }) ?? []);
}

/** Tests of what holds for every picture of these cases. */
export function describePictures(names: readonly string[]): void {
  describe.each(names)("the pictures of a run: %s", (name) => {
    test("stand alone, are sound XML and name themselves for screen readers", async () => {
      for (const { name: prefix, file } of await picturesOf(name)) {
        const { attributes, texts } = scanXml(file);
        const ids = attributes.filter((attribute) => attribute.name === "id").map(({ value }) => value);
        expect(new Set(ids).size, prefix).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(new RegExp(`^${prefix}-`));
        expect(file).toMatch(
          new RegExp(`^<svg [^>]*role="img" aria-labelledby="${prefix}-title ${prefix}-description"><title`),
        );
        for (const { name: key, value } of attributes) {
          if (!key.startsWith("aria")) expect(`${key}=${value}`).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
          expect(key).not.toMatch(/href|^on/);
          for (const [, target] of value.matchAll(/url\(#?([^)]*)\)/g)) expect(ids).toContain(target);
        }
        expect(texts.join("\n")).not.toMatch(/undefined(?! pairs)|\[object|\bnull\b/);
        expect(file).not.toMatch(/<(?:script|image|style|foreignObject|use|a)\b/);
      }
    });

    test("come from specs that Vega has nothing to say about", async () => {
      for (const { name: chart, warnings } of await picturesOf(name)) expect(warnings, chart).toEqual([]);
    });

    test("keep their content in a specification's file", async () => {
      for (const picture of await picturesOf(name)) {
        const spec = specFile(picture);
        expect(JSON.parse(formatSpec(spec)), picture.name).toEqual(JSON.parse(JSON.stringify(spec)));
      }
    });

    test("are drawn from fields of tables, on scales of Vega-Lite's", async () => {
      for (const picture of await picturesOf(name)) {
        const file = JSON.parse(JSON.stringify(specFile(picture)));
        expect(marksOf(file).length, picture.name).toBeGreaterThan(0);
        expect(faultsOf(file), picture.name).toEqual([]);
      }
    });
  });
}

/** Tests that a specification is Vega-Lite that anybody can change. */
export function describeSpecifications(names: readonly string[]): void {
  describe.each(names)("a specification of a run: %s", (name) => {
    const draw = async (file: object) => {
      const view = new View(parse(compile(file as never).spec), { renderer: "none" });
      const svg = await view.toSVG();
      view.finalize();
      return svg;
    };

    test("is drawn by Vega-Lite as it is, and follows another height and another color", async () => {
      for (const picture of await picturesOf(name)) {
        const text = JSON.stringify(specFile(picture));
        const before = await draw(JSON.parse(text));
        const taller = text.replace(/"height":(\d+)/g, (_, height: string) => `"height":${Number(height) + 50}`);
        const recolored = text.replace(/#0072B2|#D55E00|#7AD151|#a8a8a8/gi, "#123456");
        const [heightOf, colorsOf] = [/ height="([\d.]+)"/, /#123456/];
        expect(Number(heightOf.exec(await draw(JSON.parse(taller)))?.[1]), picture.name).toBeGreaterThan(
          Number(heightOf.exec(before)?.[1]),
        );
        expect(before).not.toMatch(colorsOf);
        expect(await draw(JSON.parse(recolored)), picture.name).toMatch(colorsOf);
      }
    });
  });
}
