import { readFileSync } from "node:fs";
import { gunzipSync } from "fflate";
import { DIGITS } from "./formats/names.js";
import { type Points, samplesAt } from "./points.js";
import { randomStream } from "./streams.js";

const SIDE = 8;
const BRIGHTEST = 16;
/** Every fifth image, in an order that is drawn once for all, is one to measure costs on. */
const TEST_SHARE = 5;

/**
 * 1 797 handwritten digits of 8 × 8 pixels, values from 0 to 1, with their labels: 1 437 to train on and 360 to measure
 * costs on, the same in every run. Alpaydin & Kaynak 1998, see LICENSE.txt beside the file.
 */
export function readDigits(): { readonly training: Points; readonly test: Points } {
  const bytes = gunzipSync(readFileSync(new URL("../../dist/data/digits.csv.gz", import.meta.url)));
  const rows = new TextDecoder().decode(bytes).trim().split("\n");
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
