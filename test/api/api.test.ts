import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { beforeAll, describe, expect, test } from "vitest";
import type * as api from "../../src/index.js";
import { emptyFolder } from "../cli/command.js";

/** As it is built: workers are files of the build. */
const built = new URL("../../dist/index.js", import.meta.url).href;
const { check, ExpectedError, readRun, renderChart, renderReport, run }: typeof api = await import(built);

const SMALL = { activation: "tanh", samples: 40, width: 6, hiddenLayers: 2, updates: 12, costEvery: 4 } as const;

describe("run", () => {
  let result: api.Result;
  beforeAll(async () => {
    ({ result } = await run(SMALL));
  });

  test("gives the record of settings as in an experiment file, and writes nothing", async () => {
    const before = readdirSync(".").sort();
    const again = await run({
      ...SMALL,
      arms: { plain: { normalize: "none" }, late: { position: "after" } },
      seeds: [3, 5],
    });
    expect(Object.keys(again.result.arms)).toEqual(["plain", "late"]);
    expect(again.result.seeds.map(({ seed }) => seed)).toEqual([3, 5]);
    expect(readdirSync(".").sort()).toEqual(before);
  });

  test("with out writes a run folder, which readRun reads as the same record", async () => {
    const out = join(emptyFolder(), "run");
    const written = await run({ ...SMALL, out, csv: true });
    expect(written.result).toEqual(result);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["result.json", "report.html", "costs.svg", "costs.csv"]));
    expect((await readRun(out)).result).toEqual(JSON.parse(JSON.stringify(result)));
    expect(await readRun(join(out, "result.json"))).toEqual(await readRun(out));
    expect(readFileSync(join(out, "costs.svg"), "utf8")).toBe(await renderChart(result, "costs"));
    expect(readFileSync(join(out, "report.html"), "utf8")).toBe(await renderReport(result));
  });

  test("reports progress, and ends when its signal says so", async () => {
    const seen: api.ArmStep[] = [];
    await run(SMALL, { progress: (step) => seen.push(step) });
    expect(new Set(seen.map(({ arm }) => arm))).toEqual(new Set(["plain", "bn"]));
    expect(seen.findLast(({ arm }) => arm === "bn")).toMatchObject({ done: 12, updates: 12 });

    const out = join(emptyFolder(), "run");
    const reason = new Error("enough");
    await expect(run({ ...SMALL, out }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const progress = () => controller.abort(reason);
    await expect(run({ ...SMALL, updates: 500_000, out }, { signal: controller.signal, progress })).rejects.toBe(
      reason,
    );
    expect(existsSync(out)).toBe(false);
  });

  test("says everything that is wrong at once, by key", async () => {
    const wrong = { ...SMALL, width: -1, widths: 3, arms: { a: { decay: 7 } } };
    const error = await run(wrong).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ExpectedError);
    const text = error.lines.join("\n");
    for (const words of ["width: -1 is not", "widths: there is no such key", "arms.a.decay: 7 is not"]) {
      expect(text).toContain(words);
    }
    await expect(run({ out: "package.json" })).rejects.toBeInstanceOf(ExpectedError);
  });
});

describe("render", () => {
  test("draws a chart as SVG and the page as HTML that asks for nothing", async () => {
    const { result } = await run(SMALL);
    const svg = await renderChart(result, "costs");
    expect(svg).toMatch(/^<svg /);
    expect(XMLValidator.validate(svg)).toBe(true);
    const html = await renderReport(result);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("<svg ");
    await expect(renderChart(result, "cost")).rejects.toThrow(
      "there is no chart cost; charts are data, classes, costs,",
    );
    await expect(renderChart(result, "effect")).rejects.toThrow("this record has nothing for the chart effect");
  });
});

describe("readRun", () => {
  test("names what is wrong in a file", async () => {
    const file = join(emptyFolder(), "result.json");
    writeFileSync(file, '{ "schemaVersion": 1 }');
    await expect(readRun(file)).rejects.toThrow("has schemaVersion 1; this bn-compare reads");
  });
});

describe("check", () => {
  test("decides as the command does, and writes nothing", async () => {
    const folder = new URL("../../experiments/tutorial-minibatch", import.meta.url).pathname;
    const before = readdirSync(folder);
    const report = await check(folder, { workers: 2 });
    expect(report).toMatchObject({ outcome: "pass", identical: true });
    expect(report.decisions.length).toBeGreaterThan(1);
    expect(readdirSync(folder)).toEqual(before);
    await expect(check(emptyFolder())).rejects.toBeInstanceOf(ExpectedError);
  });
});
