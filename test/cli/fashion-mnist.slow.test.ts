import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { float32Digest } from "../../src/data/digest.js";
import { readIdx } from "../../src/data/formats/idx.js";
import type { Samples } from "../../src/data/formats/samples.js";
import { bnCompare, emptyFolder } from "./command.js";

/** Where Debian's package dataset-fashion-mnist has it (Xiao, Rasul & Vollgraf 2017). */
const FOLDER = "/usr/share/datasets/fashion-mnist";

describe.skipIf(!existsSync(FOLDER) && process.env["CI"] !== "true")("Fashion-MNIST as Debian ships it", () => {
  test("has 60 000 images and 10 000 more, as many of each class, with the moments that are known of them", () => {
    const { training, test: rest } = readIdx(FOLDER);
    const all = ({ samples, at }: Samples) => at(Array.from({ length: samples }, (_, i) => i));
    const [points, others] = [all(training), all(rest as Samples)];
    for (const [{ image, y }, each] of [
      [points, 6000],
      [others, 1000],
    ] as const) {
      expect(image).toEqual({ height: 28, width: 28, channels: 1 });
      const counts = new Array<number>(10).fill(0);
      for (const label of y) counts[label] = (counts[label] ?? 0) + 1;
      expect(counts).toEqual(new Array(10).fill(each));
    }
    const { x, y } = points;
    let [sum, squares] = [0, 0];
    for (const value of x) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / x.length;
    // The numbers that its users normalize it with.
    expect([mean, Math.sqrt(squares / x.length - mean * mean)].map((moment) => moment.toFixed(4))).toEqual([
      "0.2860",
      "0.3530",
    ]);
    // The first image is an ankle boot, label 9.
    expect(y[0]).toBe(9);
    expect(float32Digest(training.at([0]).x)).toBe(float32Digest(x.subarray(0, 784)));
  });

  test("trains a small part of it, and runs again from the run's own folder", async () => {
    const cwd = emptyFolder();
    const part = ["--samples", "500", "--test-samples", "200", "--updates", "30", "--cost-every", "30"];
    const small = ["--layers", "conv 8 /2,max,flatten,dense 10", "--histogram-every", "30", "--decay", "0.8"];
    const flags = ["--preset", "images", "--data", `idx:${FOLDER}`, ...part, ...small];
    const ran = await bnCompare(cwd, "run", ...flags, "--out", "made", "--quiet");
    expect(ran.exitCode).toBe(0);
    const { config, data, arms } = JSON.parse(readFileSync(join(cwd, "made/result.json"), "utf8"));
    expect(config).toMatchObject({ samples: 500, sizes: [1, 8, 10], image: { height: 28, width: 28 } });
    expect(data.evaluationSamples).toBe(200);
    expect(arms.bn.costs.at(-1).accuracy.train).toBeGreaterThan(0.3);
    expect((await bnCompare(cwd, "verify", "made")).exitCode).toBe(0);
  });
});
