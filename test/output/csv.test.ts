import { expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { TABLES } from "../../src/tables/index.js";
import { layerName } from "../../src/tables/table.js";
import { cases, FEW } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";
import { csvFilesOf, describeRows, rowsOf } from "./csv-rows.js";

describeRows(FEW);

test("a cost is empty where it is undefined, and named where it is no finite number", () => {
  const costs = [null, "NaN", "Infinity", "-Infinity", 2.5] as const;
  const entries = costs.map((inference, update) => ({ update, train: 1, inference }));
  const result = withSeedArm(makeResult(), {
    status: "trained",
    costs: entries,
    final: { train: 1, inference: "NaN" },
  });
  const files = csvFilesOf(result);
  const inference = rowsOf(files["costs.csv"]).filter(({ mode }) => mode === "inference");
  expect(inference.map(({ cost, state }) => [cost, state])).toEqual([
    ["", "undefined"],
    ["NaN", "NaN"],
    ["Infinity", "Infinity"],
    ["-Infinity", "-Infinity"],
    ["2.5", "number"],
  ]);
  expect(rowsOf(files["arms.csv"])).toMatchObject([{ status: "trained", final_train: "1", final_inference: "NaN" }]);
});

test("a divergence in the last layer is in the output, as the pictures call it", () => {
  const divergence = { update: 3, layer: 3, tensor: "cost", pass: "forward" } as const;
  const result = withSeedArm(makeResult({ hiddenLayers: 3 }), { status: "diverged", costs: [], divergence });
  expect(rowsOf(csvFilesOf(result)["arms.csv"])).toMatchObject([
    { divergence_updates: "3", divergence_layer: "3", divergence_layer_name: "output", divergence_pass: "forward" },
  ]);
});

/** The result with this one arm in its one seed. */
function withSeedArm(result: Result, arm: Result["seeds"][number]["arms"][string]): Result {
  return { ...result, seeds: result.seeds.slice(0, 1).map((seed) => ({ ...seed, arms: { bn: arm } })) };
}

test("what is not finite is named, and each quantity is found by its path", () => {
  const result = makeResult({ plainDivergesAt: 1 });
  const layers = rowsOf(csvFilesOf(result)["layers.csv"]);
  const value = (quantity: string, updates: number) =>
    layers.find(
      (row) =>
        row["arm"] === "plain" &&
        row["updates"] === `${updates}` &&
        row["layer"] === "0" &&
        row["quantity"] === quantity,
    )?.["value"];
  const [first, last] = result.arms.plain?.checkpoints ?? [];
  expect(value("preActivation.mean", 0)).toBe(`${first?.layers[0]?.preActivation.mean}`);
  expect(value("health.secondMoment", 0)).toBe(`${first?.layers[0]?.health.secondMoment}`);
  expect(value("preActivation.nonFinite", 1)).toBe(`${last?.layers[0]?.preActivation.nonFinite}`);
  expect(layers.filter((row) => /^-?(Infinity|NaN)$/.test(row["value"] ?? "")).length).toBeGreaterThan(0);
  for (const row of layers) expect(row["value"]).toMatch(/^(-?[\d.]+(e[-+]?\d+)?|-?Infinity|NaN)$/);
});

test("every row of a layer has the layer's name in the pictures, and its verdict", () => {
  const result = cases["every verdict, forty layers, fifty records"] as Result;
  const files = csvFilesOf(result);
  const wanted = new Map<string, string>();
  for (const [arm, { checkpoints }] of Object.entries(result.arms))
    for (const { update, layers } of checkpoints)
      for (const { layer, health } of layers) wanted.set(`${arm} ${update} ${layer}`, health.verdict);
  expect(new Set(wanted.values()).size).toBeGreaterThan(4);

  const layers = rowsOf(files["layers.csv"]);
  const keyOf = (row: Record<string, string>) => `${row["arm"]} ${row["updates"]} ${row["layer"]}`;
  expect(new Set(layers.map(keyOf))).toEqual(new Set(wanted.keys()));
  expect(layers.filter((row) => row["verdict"] !== wanted.get(keyOf(row)))).toEqual([]);
  for (const rows of [layers, rowsOf(files["histograms.csv"])]) {
    expect(rows.filter((row) => row["layer_name"] !== layerName(Number(row["layer"]), 40))).toEqual([]);
    expect(new Set(rows.map((row) => row["layer_name"]))).toContain("output");
  }
});

test("the bins of a histogram lie side by side from −∞ to ∞", () => {
  const rows = rowsOf(csvFilesOf(makeResult())["histograms.csv"]);
  const bins = rows.filter(
    (row) =>
      row["arm"] === "bn" && row["updates"] === "0" && row["layer"] === "0" && row["quantity"] === "preActivation",
  );
  expect(bins[0]?.["low"]).toBe("-Infinity");
  expect(bins.at(-2)?.["high"]).toBe("Infinity");
  for (const [place, bin] of bins.slice(0, -2).entries()) expect(bins[place + 1]?.["low"]).toBe(bin["high"]);
  expect(bins.at(-1)).toMatchObject({ low: "NaN", high: "NaN" });
});

test("every table has the cells of its columns in each row, and no others", () => {
  for (const result of [makeResult({ seeds: 3, probe: 2, plainDivergesAt: 1 }), makeResult({ inputs: 3 })]) {
    for (const table of TABLES) {
      const names = table.columns.map(({ name }) => name).sort();
      expect(new Set(names).size, table.name).toBe(names.length);
      for (const row of table.rows(result)) expect(Object.keys(row).sort(), table.name).toEqual(names);
    }
  }
});

/** Python's keywords, and of SQL the words that SQLite, PostgreSQL or MySQL take for no column's name. */
const RESERVED = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is lambda
  none nonlocal not or pass raise return true try while with yield match case type
  add all alter analyze any array asc between both by cast check collate column constraint create cross cube current_date
  current_time current_timestamp database databases default delete desc describe distinct div drop each end escape exists
  explain false fetch float foreign grant group grouping groups having index inner insert int integer intersect interval
  into join key keys kill lag lead leading left like limit lines load lock long loop natural null numeric of offset on only
  optimize option order out outer over overlaps partition placing precision primary procedure range rank read real
  references release rename repeat replace require returning right row rows schema select session_user set similar some
  sql symmetric system table tables then to trailing transaction trigger undo union unique unlock unsigned update usage
  use user using values varying verbose virtual when where window write xor`.split(/\s+/),
);

test("no column has a name that is reserved in Python or SQL", () => {
  const columns = TABLES.flatMap((table) => table.columns.map(({ name }) => name));
  expect(columns.filter((column) => RESERVED.has(column))).toEqual([]);
  for (const column of columns) expect(column).toMatch(/^[a-z_]+$/);
});
