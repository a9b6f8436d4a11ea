import { expect, test } from "vitest";
import { drawn } from "../../src/charts/picture.js";
import { rateChart } from "../../src/charts/rates/index.js";
import { renderSpec } from "../../src/charts/render.js";
import type { RateMap, RateRow } from "../../src/published/learning-rates.js";
import { faultsOf } from "./promise.js";
import { scanXml } from "./svg-scan.js";

const row = (arm: RateRow["arm"], largest: number | undefined, lowestCost: number): RateRow => ({
  configuration: "relu, He",
  arm,
  cells: [
    { below: 5, diverged: 0 },
    { below: 3, diverged: 2 },
    { below: 0, diverged: 4 },
    { below: 0, diverged: 5 },
  ],
  ...(largest === undefined ? {} : { largest }),
  lowestCost,
});

const MAP: RateMap = {
  exponents: [-1.5, -1, -0.5, 0],
  seeds: 5,
  rows: [row("plain", undefined, Number.POSITIVE_INFINITY), row("bn", -1.5, 57.5)],
};

const FATES = ["all seeds end below their initial cost", "some do", "none does", "all diverge"];
const chart = rateChart(MAP, "Small nets.");

test("marks how the seeds fare at every rate, by shape and color", async () => {
  const { bare } = await drawn(chart);
  const shapes = [...bare.matchAll(/<path [^>]*>/g)].flatMap(([tag]) => {
    const d = / d="([^"]*)"/.exec(tag)?.[1];
    return d !== undefined && /stroke="#(?:0072B2|5f5f5f|D55E00)"/i.test(tag) ? [d] : [];
  });
  expect(shapes.length).toBeGreaterThanOrEqual(8);
  expect(scanXml(bare).texts).toEqual(expect.arrayContaining(FATES));
  expect(scanXml(bare).texts).not.toContain("undefined");
  expect(faultsOf(JSON.parse(JSON.stringify(chart.spec)))).toEqual([]);
});

test("writes limits and costs beside the rows, and what is missing as none", async () => {
  const warnings: string[] = [];
  const svg = await renderSpec(chart.spec, chart.sets, {
    title: "",
    description: "",
    idPrefix: "map",
    onWarning: (text) => warnings.push(text),
  });
  expect(warnings).toEqual([]);
  const words = scanXml(svg).texts.map((text) => text.replaceAll("\u00a0", " ").trim());
  expect(words).toEqual(
    expect.arrayContaining(["relu, He, plain", "relu, He, bn", "0.0316", "57.5", "10⁻¹", "10⁰", "learning rate"]),
  );
  expect(words.filter((text) => text === "none")).toHaveLength(2);
});

test("says the limits in words for those who cannot see it", () => {
  expect(chart.description).toBe(
    "Small nets. The largest learning rate at which all 5 seeds end below their initial cost is none for relu, He, plain and 0.0316 for relu, He, bn.",
  );
});

test("is the same picture every time", async () => {
  expect((await drawn(rateChart(MAP, "Small nets."))).file).toBe((await drawn(chart)).file);
});
