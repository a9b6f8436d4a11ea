import { expect, test } from "vitest";
import { amountsOf } from "../../src/data/dataset.js";
import { float32Digest } from "../../src/data/digest.js";
import { DIGITS_AMOUNTS, DIGITS_DIGESTS, digitsIn } from "../../src/data/digits.js";
import { digitsFile } from "../../src/data/digits-file.js";

test("the digits are images of 8 × 8 with every class in both parts, split the same in every run", () => {
  const { training, test: rest } = digitsIn(digitsFile());
  expect(amountsOf({ kind: "given", training, test: rest })).toEqual(DIGITS_AMOUNTS);
  for (const { image, x, y } of [training, rest]) {
    expect(image).toEqual({ height: 8, width: 8, channels: 1 });
    expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
    const counts = new Map<number, number>();
    for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // None has less than half of a tenth.
    expect(Math.min(...counts.values())).toBeGreaterThan(y.length / 20);
  }
  const [data, testData] = [training, rest].map(({ x, y }) => float32Digest(x, y));
  expect({ data, testData }).toEqual(DIGITS_DIGESTS);
});
