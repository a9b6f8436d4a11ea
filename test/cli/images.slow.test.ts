import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bnCompare, emptyFolder } from "./command.js";

test("a run on the bundled digits records channels as units, runs again byte by byte, and says what it is", async () => {
  const cwd = emptyFolder();
  const read = (file: string) => readFileSync(join(cwd, "made", file), "utf8");
  const ran = await bnCompare(cwd, "run", "--preset", "images", "--epochs", "1", "--out", "made", "--quiet");
  expect(ran.exitCode).toBe(0);

  const { config, data, arms } = JSON.parse(read("result.json"));
  expect(config).toMatchObject({ sizes: [1, 16, 16, 32, 32, 10], image: { height: 8, width: 8 } });
  expect(data).toMatchObject({ inputs: 64, trainingSamples: 1437, evaluationSamples: 360 });
  for (const { costs, checkpoints } of [arms.plain, arms.bn]) {
    expect(costs.at(-1).accuracy.train).toBeGreaterThan(0.1);
    const [first] = checkpoints[0].layers;
    const { counts, underflow, overflow, nonFinite } = first.preActivation;
    const seen = counts.reduce((sum: number, count: number) => sum + count, underflow + overflow + nonFinite);
    // 16 channels of 64 pixels, for every observed image.
    expect([first.health.units, seen]).toEqual([16, 16 * 64 * data.observedSamples]);
  }
  expect(arms.bn.checkpoints[0].layers[0].batchMean).toHaveLength(16);

  expect((await bnCompare(cwd, "verify", "made")).exitCode).toBe(0);

  const page = read("report.html");
  expect(page).toContain("Two networks with the layers conv 16, conv 16, max, conv 32, conv 32, mean, dense 10");
  expect(page).toContain("1437 images of 8 × 8 pixels");
});

test.each([
  [["--layers", "max,flatten,dense 8,dense 10", "--preset", "images"], 0, ""],
  [["--layers", "max,flatten,dense 10", "--preset", "images"], 2, "layer 3, dense 10: a hidden layer, conv or dense"],
  [["--preset", "images", "--layers", "max,flatten"], 2, "layer 2, flatten: the last layer must be dense"],
  [["--preset", "images", "--layers", "conv 4,dense 10"], 2, "layer 2, dense 10: a dense layer takes vectors"],
  [["--layers", "conv 4,flatten,dense 1"], 2, "layer 1, conv 4: conv takes images, and here they are vectors"],
  [["--data", "digits", "--loss", "crossEntropy"], 2, "the points are images; say which layers lie between them"],
  [["--preset", "images", "--test-data", "a.csv"], 2, "digits has its own test images"],
  [["--normalizer", "instance"], 2, "instance normalization needs images"],
] as const)("run %j ends with %i", async (flags, exitCode, message) => {
  const ended = await bnCompare(emptyFolder(), "run", ...flags, "--updates", "1", "--quiet");
  expect(ended.stderr).toContain(message);
  expect(ended.exitCode).toBe(exitCode);
});
