import { parse, View } from "vega";
import { describe, expect, test } from "vitest";
import { NUMBER_LABEL, roundTicks, spacedTicks } from "../../src/charts/ticks.js";
import { numberText } from "../../src/charts/wording.js";

/** What Vega writes at ticks of these values. */
async function labelsOf(values: readonly number[]): Promise<string[]> {
  const data = {
    name: "ticks",
    values: values.map((value) => ({ value })),
    transform: [{ type: "formula", as: "text", expr: NUMBER_LABEL } as const],
  };
  const view = await new View(parse({ data: [data] }), { renderer: "none" }).runAsync();
  const texts = view.data("ticks").map(({ text }) => text as string);
  view.finalize();
  return texts;
}

describe("a tick's text", () => {
  const sizes = [
    1e-9, 2e-4, 0.001, 0.05, 0.3, 1, 2.5, 30, 999, 1000, 1250, 9990, 10_000, 25_000, 99_900, 1e5, 2e5, 1e38,
  ];

  test("is what numberText writes", async () => {
    const values = [0, ...sizes, ...sizes.map((size) => -size)];
    expect(await labelsOf(values)).toEqual(values.map(numberText));
  });

  test("has no digits that rounding has left behind", async () => {
    expect(await labelsOf([0.1 + 0.2, -0.1 - 0.2])).toEqual(["0.3", "−0.3"]);
  });
});

test("ticks whose texts would touch are left out, never the last one", () => {
  const ticks = Array.from({ length: 11 }, (_, place) => ({ at: place * 10, text: String(place * 100) }));
  expect(spacedTicks(ticks, 11).map(({ text }) => text)).toEqual(["0", "500", "1000"]);
  expect(spacedTicks([], 11)).toEqual([]);
});

test("round ticks lie within the range, and are as many as are wanted", () => {
  expect(roundTicks([-0.3, 1.1], 8)).toEqual([-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(roundTicks([1, 1], 8)).toEqual([]);
});
