import { expect, test } from "vitest";
import type { Drawable } from "../../src/charts/picture.js";
import { type PageChart, payloadOf } from "../../src/report/interactive.js";
import { packed, rowsOf, unpacked } from "../../src/report/payload.js";
import type { Row } from "../../src/tables/table.js";

/** A chart of some rows that draws these fields of theirs. */
function chartOf(rows: readonly Row[], fields: readonly string[], id = "x"): PageChart {
  const spec = {
    data: { name: "rows" },
    mark: "point",
    encoding: { tooltip: fields.map((field) => ({ field, type: "nominal" })) },
  };
  const drawable = { name: id, title: id, description: "", notes: [], about: "", spec, sets: { rows } };
  const at = drawable as unknown as Drawable;
  return { id, ways: [{ name: "", at: { wide: at, narrow: at } }] };
}

async function tableOf(rows: readonly Row[], fields: readonly string[], mostRows?: number): Promise<Row[]> {
  return rowsOf((await payloadOf([chartOf(rows, fields)], [], mostRows))?.tables[0]);
}

test("a payload comes back as it was, in few characters, with no markup", async () => {
  const rows = Array.from({ length: 3000 }, (_, x) => ({ x: x % 43, color: x % 2 ? "</script>" : "rot\u00a0ö", y: x }));
  const payload = await payloadOf([chartOf(rows, ["x", "color", "y"])], []);
  if (payload === undefined) throw new Error("no payload");
  const text = packed(payload);
  expect(unpacked(text)).toEqual(JSON.parse(JSON.stringify(payload)));
  expect(rowsOf(unpacked(text).tables[0])).toEqual(rows);
  expect(text).toMatch(/^[A-Za-z0-9+/=]+$/);
  expect(text.length).toBeLessThan(JSON.stringify(payload).length / 4);
});

test("numbers keep six digits, whole ones all", async () => {
  expect(await tableOf([{ a: 1 / 3, b: 123_456_789 }], ["a", "b"])).toEqual([{ a: 0.333333, b: 123_456_789 }]);
});

test("a column that no chart draws is left out", async () => {
  expect(await tableOf([{ a: 1, b: 2 }], ["b"])).toEqual([{ b: 2 }]);
});

test("a table that several charts draw is there once", async () => {
  const rows = [{ a: 1, b: 2 }];
  const payload = await payloadOf([chartOf(rows, ["a"], "one"), chartOf(rows, ["b"], "other")], []);
  expect(payload?.tables).toEqual([{ a: [1], b: [2] }]);
  expect(Object.values(payload?.charts ?? {}).map(({ sets }) => sets)).toEqual([{ rows: 0 }, { rows: 0 }]);
});

test("a table that has no room loses updates evenly, but neither the first nor the last of a line, and the chart says so", async () => {
  const rows = ["plain", "bn"].flatMap((arm) =>
    Array.from({ length: arm === "bn" ? 1001 : 334 }, (_, updates) => ({ arm, updates, cost: updates })),
  );
  const payload = await payloadOf([chartOf(rows, ["arm", "updates", "cost"])], [], 300);
  const kept = rowsOf(payload?.tables[0]);
  expect(kept.length).toBeLessThan(300);
  expect(kept.length).toBeGreaterThan(200);
  for (const [arm, last] of [
    ["plain", 333],
    ["bn", 1000],
  ] as const) {
    const own = kept.filter((row) => row["arm"] === arm).map(({ updates }) => Number(updates));
    expect([own[0], own.at(-1)]).toEqual([0, last]);
  }
  expect(payload?.charts["x"]?.note).toMatch(/^Shown at \d+ of 1001 recorded updates/);
  expect((await payloadOf([chartOf(rows, ["arm", "updates"])], []))?.charts["x"]?.note).toBeUndefined();
});
