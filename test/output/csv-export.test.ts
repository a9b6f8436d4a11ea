import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvFilesOf } from "../../src/output/csv-export.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

/** Half a pair of UTF-16 has no place in a file. */
const inFile = (text: string) => Buffer.from(text).toString();
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

test.each(Object.entries(cases))("every cost and every count comes back: %s", (_, result) => {
  const files = csvFilesOf(result);
  const costs = rowsOf(files["costs.csv"]);
  const wanted = result.seeds.flatMap(({ seed, arms }) =>
    Object.entries(arms).flatMap(([arm, entries]) =>
      entries.costs.flatMap(({ update, train, inference }) => [
        { seed: `${seed}`, arm: inFile(arm), update: `${update}`, mode: "train", cost: `${train}` },
        { seed: `${seed}`, arm: inFile(arm), update: `${update}`, mode: "inference", cost: `${inference ?? ""}` },
      ]),
    ),
  );
  expect(costs).toEqual(wanted);

  const counts = new Map<string, number>();
  for (const { arm, update, layer, quantity, count } of rowsOf(files["histograms.csv"])) {
    const key = JSON.stringify([arm, update, layer, quantity]);
    counts.set(key, (counts.get(key) ?? 0) + Number(count));
  }
  for (const [arm, { checkpoints }] of Object.entries(result.arms)) {
    for (const { update, layers } of checkpoints) {
      for (const { layer, preActivation } of layers) {
        const { underflow, overflow, nonFinite } = preActivation;
        const all = preActivation.counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
        expect(counts.get(JSON.stringify([inFile(arm), `${update}`, `${layer}`, "preActivation"]))).toBe(all);
      }
    }
  }
});

test("what is not finite is named, and each quantity is found by its path", () => {
  const result = makeResult({ plainDivergesAt: 1 });
  const layers = rowsOf(csvFilesOf(result)["layers.csv"]);
  expect(Object.keys(layers[0] ?? {})).toEqual(["arm", "update", "layer", "quantity", "value"]);
  const value = (quantity: string, update: number) =>
    layers.find(
      (row) =>
        row["arm"] === "plain" && row["update"] === `${update}` && row["layer"] === "0" && row["quantity"] === quantity,
    )?.["value"];
  const [first, last] = result.arms.plain?.checkpoints ?? [];
  expect(value("preActivation.mean", 0)).toBe(`${first?.layers[0]?.preActivation.mean}`);
  expect(value("health.secondMoment", 0)).toBe(`${first?.layers[0]?.health.secondMoment}`);
  expect(value("preActivation.nonFinite", 1)).toBe(`${last?.layers[0]?.preActivation.nonFinite}`);
  expect(layers.filter((row) => /^-?(Infinity|NaN)$/.test(row["value"] ?? "")).length).toBeGreaterThan(0);
  for (const row of layers) expect(row["value"]).toMatch(/^(-?[\d.]+(e[-+]?\d+)?|-?Infinity|NaN)$/);
});

test("the bins of a histogram lie side by side from −∞ to ∞", () => {
  const rows = rowsOf(csvFilesOf(makeResult())["histograms.csv"]);
  const bins = rows.filter(
    (row) =>
      row["arm"] === "bn" && row["update"] === "0" && row["layer"] === "0" && row["quantity"] === "preActivation",
  );
  expect(bins[0]?.["from"]).toBe("-Infinity");
  expect(bins.at(-2)?.["to"]).toBe("Infinity");
  for (const [place, bin] of bins.slice(0, -2).entries()) expect(bins[place + 1]?.["from"]).toBe(bin["to"]);
  expect(bins.at(-1)).toMatchObject({ from: "NaN", to: "NaN" });
});
