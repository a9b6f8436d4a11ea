import { compile, type TopLevelSpec } from "vega-lite";
import { expect, test } from "vitest";
import { CHARTS, drawableOf } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import type { Settings } from "../../src/config/keys.js";
import { loadFormats, recordFiles } from "../../src/output/artifacts.js";
import { RUN_FORMATS } from "../../src/output/formats/index.js";
import { TABLES } from "../../src/tables/index.js";
import { makeResult } from "../charts/result-fixture.js";

const result = makeResult({ plainDivergesAt: 1 });
const charts = CHARTS.filter((chart) => drawableOf(chart, alone(result)) !== undefined).map(({ name }) => name);
const pictures = charts.map((name) => `${name}.svg`);
const tables = TABLES.filter((table) => [...table.rows(result)].length > 0).map(({ name }) => `${name}.csv`);

const filesFor = async (settings: Settings) => recordFiles(result, await loadFormats(settings), settings);

test("a run shows itself in pictures, a summary and a report, and in more when it is asked for", async () => {
  const names = async (settings: Settings) => [...(await filesFor(settings)).keys()];
  const usual = [...pictures, "summary.md", "report.html"];
  expect(await names({})).toEqual(usual);
  const specs = pictures.map((name) => name.replace(".svg", ".vl.json"));
  expect(await names({ chartFormat: "vega" })).toEqual([...specs, "summary.md", "report.html"]);
  const everything = await names({ chartFormat: "both", csv: true, png: true });
  const pngs = pictures.map((name) => name.replace(".svg", ".png"));
  expect(everything.sort()).toEqual([...usual, ...specs, ...pngs, ...tables].sort());
  const known = RUN_FORMATS.flatMap((format) => format.names);
  for (const name of everything) expect(known).toContain(name);
});

test("a summary embeds no picture that is not there", async () => {
  const files = await filesFor({ chartFormat: "vega" });
  expect(files.get("summary.md")).not.toContain("](");
});

test("a specification stands alone: its schema, its theme and its data are in it", async () => {
  const files = await filesFor({ chartFormat: "vega" });
  for (const name of pictures) {
    const text = String(files.get(name.replace(".svg", ".vl.json")));
    const spec = JSON.parse(text) as TopLevelSpec & { config: object };
    expect(text).toContain('\n  "$schema": "https://vega.github.io/schema/vega-lite/v6.json",\n');
    expect(spec.config).toMatchObject({ background: "white" });
    expect(text).not.toMatch(/"url"/);
    compile(spec);
  }
});

test("a PNG has twice the size of its picture", async () => {
  const files = await filesFor({ png: true });
  for (const name of pictures) {
    const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(String(files.get(name))) ?? [];
    const png = Buffer.from(files.get(name.replace(".svg", ".png")) as Uint8Array);
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  }
});
