import { gunzipSync } from "fflate";
import type { Amounts } from "./dataset.js";
import type { Digest } from "./digest.js";
import { DIGITS } from "./formats/names.js";
import { type Points, samplesAt } from "./points.js";
import { randomStream } from "./streams.js";

const SIDE = 8;
const BRIGHTEST = 16;
/** Every fifth image, in an order that is drawn once for all, is one to measure costs on. */
const TEST_SHARE = 5;

/** What all of them are, known without the file. */
export const DIGITS_AMOUNTS: Amounts = {
  samples: 1437,
  testSamples: 360,
  inputs: SIDE * SIDE,
  targets: 1,
  image: { height: SIDE, width: SIDE, channels: 1 },
};
/** `float32Digest` of both sets, by the keys that a record has them under. */
export const DIGITS_DIGESTS: Readonly<Record<"data" | "testData", Digest>> = {
  data: "191396a61f187f7447a0b58e6c326d48187dbdd337ac6c9a5af044f60aff5b62",
  testData: "0812b6259baa31b6490eeb89a304db7d38014a2aebdd8a45562ff5de97268c00",
};

/**
 * 1 797 handwritten digits of 8 × 8 pixels, values from 0 to 1, with their labels: 1 437 to train on and 360 to measure
 * costs on, the same in every run; `file` is digits.csv.gz. Alpaydin & Kaynak 1998, see LICENSE.txt beside it.
 */
export function digitsIn(file: Uint8Array): { readonly training: Points; readonly test: Points } {
  const rows = new TextDecoder().decode(gunzipSync(file)).trim().split("\n");
  const inputs = SIDE * SIDE;
  const values = rows.map((row) => row.split(",").map(Number));
  const all: Points = {
    samples: rows.length,
    inputs,
    x: Float32Array.from(values.flatMap((row) => row.slice(0, inputs).map((value) => value / BRIGHTEST))),
    y: Float32Array.from(values, (row) => row[inputs] ?? Number.NaN),
    image: { height: SIDE, width: SIDE, channels: 1 },
  };
  const order = [...randomStream(1, DIGITS).permutation(all.samples)];
  return {
    training: samplesAt(
      all,
      order.filter((_, i) => i % TEST_SHARE !== 0),
    ),
    test: samplesAt(
      all,
      order.filter((_, i) => i % TEST_SHARE === 0),
    ),
  };
}
