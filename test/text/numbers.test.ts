import { parse, type Spec, View } from "vega";
import { describe, expect, test } from "vitest";
import { countExpr, numberExpr, shareExpr } from "../../src/charts/vega-text.js";
import { countedText, countText, digitsText, numberText, percentRange, percentText } from "../../src/text/numbers.js";

/** Texts with plain spaces: what is compared here is not where lines may break. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("a number is written with three significant digits, one minus sign and one separator of thousands:", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [57.64, "57.6"],
    [0.01234, "0.0123"],
    [0.00099, "9.9e-4"],
    [999.4, "999"],
    [1163.4, "1163"],
    [25_837.1, "25 837"],
    [99_999.4, "99 999"],
    [99_999.5, "1e5"],
    [987_654_321, "9.9e8"],
    [-25_837, "−25 837"],
    [-1e-7, "−1e-7"],
    [1e300, "1e300"],
    ["Infinity", "Infinity"],
    ["-Infinity", "−Infinity"],
    ["NaN", "NaN"],
  ] as const)("%s", (value, text) => expect(plain(numberText(value))).toBe(text));

  test("or with as many digits as asked for", () => {
    expect([digitsText(0.123456, 4), plain(digitsText(12_345.678, 7)), digitsText(-1.5e-9, 4)]).toEqual([
      "0.1235",
      "12 345.678",
      "−1.5e-9",
    ]);
  });
});

test("counts of five digits and more have their thousands apart, and a noun follows its number", () => {
  expect([9999, 10_000, 1_234_567].map((count) => plain(countText(count)))).toEqual(["9999", "10 000", "1 234 567"]);
  expect([countedText(1, "update"), countedText(250, "update")]).toEqual(["1 update", "250 updates"]);
});

test("only all of a share is 100 %, only none of it 0 %", () => {
  const texts = [0, 3e-8, 0.004, 0.0096, 0.41, 0.985, 0.996, 1].map((share) => plain(percentText(share)));
  expect(texts).toEqual(["0 %", "3e-6 %", "0.4 %", "1 %", "41 %", "99 %", ">99 %", "100 %"]);
  expect(plain(percentRange({ low: 0.566, high: 1 }))).toBe("57–100 %");
});

describe("charts write in Vega's expressions what this room writes:", () => {
  const VALUES = [
    0, 1e-9, 3.2e-5, 0.000999, 0.001, 0.0123, 0.004, 0.0096, 0.41, 0.985, 0.9949, 0.996, 1, 57.64, 999.4, 999.6, 1163.4,
    9999.4, 9999.6, 25_837.1, 99_999.4, 99_999.6, 4.56e8, -25_837, -0.0123, -4.56e8,
  ];
  /** What an expression over the field `value` gives for each of these values. */
  const evaluated = async (values: readonly number[], expr: string): Promise<string[]> => {
    const spec: Spec = {
      data: [
        {
          name: "texts",
          values: values.map((value) => ({ value })),
          transform: [{ type: "formula", as: "text", expr }],
        },
      ],
    };
    const view = await new View(parse(spec), { renderer: "none" }).runAsync();
    const texts = view.data("texts").map(({ text }) => String(text));
    view.finalize();
    return texts;
  };

  test("numbers", async () => {
    expect(await evaluated(VALUES, numberExpr("datum.value"))).toEqual(VALUES.map((value) => numberText(value)));
  });

  test("shares", async () => {
    const shares = VALUES.filter((value) => value >= 0 && value <= 1);
    expect(await evaluated(shares, shareExpr("datum.value"))).toEqual(shares.map(percentText));
  });

  test("counts", async () => {
    const counts = [0, 1, 9999, 10_000, 1_234_567];
    expect(await evaluated(counts, countExpr("datum.value"))).toEqual(counts.map(countText));
  });
});
