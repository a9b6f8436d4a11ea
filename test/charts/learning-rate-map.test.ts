import { expect, test } from "vitest";
import { learningRateMap } from "../../src/charts/learning-rate-map.js";
import { renderSvg } from "../../src/charts/render.js";
import type { RateMap, RateRow } from "../../src/published/learning-rates.js";
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

const draw = async (map: RateMap) => {
  const { spec, title, description } = learningRateMap(map, "Small nets.");
  const warnings: string[] = [];
  const svg = await renderSvg(spec, { title, description, idPrefix: "map", onWarning: (text) => warnings.push(text) });
  expect(warnings).toEqual([]);
  return svg;
};

test("marks how the seeds fare at every rate, by shape and colour", () => {
  const { spec } = learningRateMap(MAP, "Small nets.");
  const { layer } = spec as unknown as { layer: { data: { values: { name?: string; shape?: string }[] } }[] };
  const marks = (layer[1]?.data.values ?? []).map(({ name }) => name);
  const fates = ["all seeds end below their initial cost", "some do", "none does", "all diverge"];
  // Two rows, and the legend.
  expect(marks).toEqual([...fates, ...fates, ...fates]);
  expect(new Set((layer[1]?.data.values ?? []).map(({ shape }) => shape)).size).toBe(4);
});

test("writes names, limits and costs beside the rows, and what is missing as none", async () => {
  const { texts } = scanXml(await draw(MAP));
  const words = texts.map((text) => text.replaceAll(" ", " ").trim()).filter((text) => text !== "");
  expect(words.filter((text) => text === "relu, He")).toHaveLength(1);
  expect(words).toEqual(
    expect.arrayContaining(["plain", "bn", "10^−1.5", "57.5", "−1", "0", "learning rate, power of ten"]),
  );
  expect(words.filter((text) => text === "none")).toHaveLength(2);
});

test("says the limits in words for those who cannot see it", () => {
  expect(learningRateMap(MAP, "Small nets.").description).toBe(
    "Small nets. The largest learning rate at which all 5 seeds end below their initial cost is none for relu, He, plain and 10^−1.5 for relu, He, bn.",
  );
});

test("is the same picture every time", async () => {
  expect(await draw(MAP)).toBe(await draw(MAP));
});
