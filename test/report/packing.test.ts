import { expect, test } from "vitest";
import { packed, packedSpecs } from "../../src/report/packing.js";
import { unpacked, unpackedSpec } from "../../src/report/payload.js";

const again = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

test("tables come back as they were", () => {
  const rows = [
    { x: 1, color: "red", y: null },
    { x: 2.5, color: "red", y: 3 },
    ...Array.from({ length: 40 }, (_, x) => ({ x: x % 7, color: x % 2 ? "red" : "blue", y: x })),
  ];
  const table = packed(rows);
  expect(unpacked(again(table))).toEqual(rows);
  expect(JSON.stringify(table).length).toBeLessThan(JSON.stringify(rows).length / 4);
  expect(unpacked(packed([]))).toEqual([]);
  expect(unpacked(packed([{ a: 1 }, { a: "x" }]))).toEqual([{ a: 1 }, { a: "x" }]);
});

test("what repeats is there once, whatever its period", () => {
  for (const period of [1, 2, 43, 688]) {
    const rows = Array.from({ length: 3000 }, (_, row) => ({
      count: row % period === 0 ? row : row % period,
      edge: row % period,
    }));
    expect(unpacked(again(packed(rows)))).toEqual(rows);
    expect(packed(rows).columns["edge"]?.values.length).toBeLessThan(period + 10);
  }
});

test("numbers keep six digits, whole ones all", () => {
  expect(unpacked(packed([{ a: 1 / 3, b: 123_456_789 }]))).toEqual([{ a: 0.333333, b: 123_456_789 }]);
});

test("a column that nobody asks for is left out", () => {
  expect(unpacked(packed([{ a: 1, b: 2 }], (name) => name === "b"))).toEqual([{ b: 2 }]);
});

test("specs come back as they were, and their common parts are there once", () => {
  const axis = { title: "update", labelExpr: "a long expression that stands in every axis of the page" };
  const specs = Array.from({ length: 5 }, (_, width) => ({
    width,
    marks: [{ axis }, { axis, none: null, list: [axis, []] }],
  }));
  const { specs: all, parts } = again(packedSpecs(specs));
  expect(all.map((spec) => unpackedSpec(spec, parts))).toEqual(specs);
  expect(JSON.stringify([all, parts]).split("a long expression")).toHaveLength(2);
});
