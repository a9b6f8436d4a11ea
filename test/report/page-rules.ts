import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { drawFigures } from "../../src/report/drawing.js";
import { payloadOf } from "../../src/report/interactive.js";
import { namedRuns } from "../../src/report/named-runs.js";
import { cases } from "../charts/cases.js";
import { reportOf } from "./pages.js";

/** What stands between two pieces of text. */
export const between = (text: string, from: string, to: string) => text.split(from)[1]?.split(to)[0] ?? "";
const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

/** Tests of what holds for the page of every run. */
export function describePages(names: readonly string[]): void {
  describe.each(names)("report.html: %s", (name) => {
    const result = cases[name] as Result;

    test("is one file below 1.5 MB whose ids are its own", async () => {
      const page = await reportOf(result);
      expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
      const markup = page.replace(/<script[\s\S]*?<\/script>/g, "");
      const ids = [...markup.matchAll(/<[^>]* id="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const meant = [...markup.matchAll(/(?:href="#|url\(#|aria-labelledby=")([^")]+)/g)].flatMap(([, id = ""]) =>
        id.split(" "),
      );
      for (const id of meant) expect(ids).toContain(id);
      expect(
        /(?:src|srcset|poster|action)=|href="(?!#|data:,")| style="| on[a-z]+="|@import|url\((?!#)/.exec(markup)?.[0],
      ).toBeUndefined();
    });

    test("has a script that answers in every chart, however many arms and seeds", async () => {
      const figures = (await drawFigures(namedRuns([{ name: "", result }]))).filter(({ ways }) => ways.length > 0);
      const all = await payloadOf(figures, []);
      expect(Object.keys(all?.charts ?? {})).toEqual(figures.map(({ id }) => id));
      for (const { ways, sets, note } of Object.values(all?.charts ?? {})) {
        expect(ways.length).toBeGreaterThan(0);
        for (const { specs } of ways) for (const place of Object.values(specs)) expect(all?.specs[place]).toBeDefined();
        for (const place of Object.values(sets)) expect(all?.tables[place]).toBeDefined();
        expect(note).toBeUndefined();
      }
    });

    test("lets run only what stands in it", async () => {
      const page = await reportOf(result);
      const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '">').replaceAll("&#39;", "'");
      const style = between(page, "<style>", "</style>");
      const script = between(page, "<script>", "</script>");
      expect(policy).toBe(
        `default-src 'none'; script-src 'sha256-${sha256(script)}'; style-src 'sha256-${sha256(style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
      );
      expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<style>"));
      expect(page.match(/<script/g)).toHaveLength(2);
      expect(page.match(/<\/script/g)).toHaveLength(2);
    });
  });
}
