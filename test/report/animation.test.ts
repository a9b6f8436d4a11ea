import { XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { drawn } from "../../src/charts/picture.js";
import { animationOf } from "../../src/report/animation.js";
import { merged, motionRules } from "../../src/report/merged-svg.js";
import { stillsOf } from "../../src/report/stage.js";
import { makeResult } from "../charts/result-fixture.js";
import { withFrames } from "./frames-fixture.js";

const result = withFrames(makeResult({ hiddenLayers: 3, updates: 150, plainDivergesAt: 100 }));

/** What is seen of merged drawings at a place. */
function seenAt(drawing: string, place: number): string {
  const group = /<g data-at="s(\d+) l(\d+)(?: z)?">((?:(?!<g data-at)[\s\S])*?)<\/g data-at>/g;
  return marked(drawing).replace(group, (_, start, length, inner: string) =>
    Number(start) <= place && place < Number(start) + Number(length) ? inner : "",
  );
}

/** With an end of its own for each group that is shown in turn. */
function marked(drawing: string): string {
  const open: boolean[] = [];
  return drawing.replace(/<(\/?)g\b([^>]*)>/g, (tag, end: string, rest: string) => {
    if (end === "") {
      if (!rest.endsWith("/")) open.push(rest.startsWith(" data-at"));
      return tag;
    }
    return open.pop() ? "</g data-at>" : tag;
  });
}

test("drawings that are one are each of them in turn", async () => {
  const stills = stillsOf(result) ?? [];
  expect(stills.length).toBeGreaterThan(3);
  const drawings: string[] = [];
  for (const { layers } of stills) drawings.push((await drawn({ ...layers, name: "a" })).bare.trim());
  expect(new Set(drawings).size).toBe(drawings.length);
  const one = merged(drawings);
  expect(one.length).toBeLessThan(0.8 * drawings.join("").length);
  for (const [place, drawing] of drawings.entries()) expect(seenAt(one, place)).toBe(drawing);
});

test("each is seen for as long as the others, and the last one longer", () => {
  const rules = motionRules(4);
  expect(rules).toContain("animation:l1 5.6s step-end infinite");
  expect(rules).toContain("@keyframes l1{0%{opacity:1}14.286%{opacity:0}}");
  expect(rules).toContain("@keyframes z3{0%{opacity:1}57.143%{opacity:0}}");
});

test("the animation is one SVG file that needs nothing, the same every time, of a run with frames", async () => {
  const file = await animationOf(result);
  if (file === undefined) throw new Error("no animation");
  expect(XMLValidator.validate(file)).toBe(true);
  expect(file).not.toMatch(/<script|href="(?!#)|url\((?!#)/);
  for (const said of ["diverged at update 100", "layer 3", "cost"]) expect(file).toContain(said);
  const ids = [...file.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  for (const [, id = ""] of file.matchAll(/(?:href="#|url\(#)([^")]+)/g)) expect(ids).toContain(id);
  expect(await animationOf(result)).toBe(file);
  expect(await animationOf({ ...result, arms: makeResult().arms })).toBeUndefined();
}, 60_000);
