import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExpectedError } from "../../src/errors.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { readRun } from "../../src/output/run-reader.js";
import type { Result } from "../../src/record/result.js";
import { recordedResult } from "./recorded-run.js";

/** biome-ignore lint/suspicious/noExplicitAny: a result is spoiled in ways that its type forbids. */
type Spoil = (result: any) => unknown;

let sound: Result;
const folder = mkdtempSync(join(tmpdir(), "bn-compare-rules-"));
beforeAll(async () => {
  sound = await recordedResult({ seeds: 2, roundingProbe: 2 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where the result is at fault once `spoil` has had it, as dotted paths. */
function paths(spoil: Spoil): string[] {
  const result = structuredClone(sound);
  spoil(result);
  return faultsOf(result).map(({ path }) => path.join("."));
}

/** What reading says of the result once `spoil` has had it. */
function refusal(spoil: Spoil): string {
  const result = structuredClone(sound);
  spoil(result);
  writeFileSync(join(folder, "result.json"), JSON.stringify(result));
  try {
    readRun(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(5);
    return (error as ExpectedError).message;
  }
  return "";
}

describe("a result that contradicts itself", () => {
  test("is told from a sound one of every kind", async () => {
    const arms = {
      toString: { normalize: "none" },
      constructor: { against: "toString", affine: false, position: "after" },
      valueOf: { init: "he", transform: "center" },
    } as const;
    const csv = join(folder, "points.csv");
    writeFileSync(csv, `x1,x2,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i % 5}`).join("\n")}\n`);
    const kinds = [
      sound,
      await recordedResult({ dataset: "gaussian", inputs: 3, testSamples: 20, batchSize: 7 }),
      await recordedResult({ activation: "relu", learningRate: 1000, seeds: 3, roundingProbe: 3 }),
      await recordedResult({ arms }),
      await recordedResult({ data: csv, shuffle: true, seeds: [5, 3] }),
      await recordedResult({ standardizeInputs: true, standardizeTargets: true, batchSize: 8 }),
    ];
    expect(kinds[2]?.arms["plain"]?.status).toBe("diverged");
    for (const result of kinds) {
      expect(faultsOf(result)).toEqual([]);
      mkdirSync(join(folder, "kind"), { recursive: true });
      writeFileSync(join(folder, "kind", "result.json"), JSON.stringify(result));
      expect(readRun(join(folder, "kind")).result).toEqual(result);
    }
  });

  test.each<[string, string[], Spoil]>([
    ["other widths than width", ["config.sizes"], ({ config }) => (config.width = 7)],
    ["other samples", ["config.samples", "config.testSamples"], ({ config }) => (config.samples = 61)],
    ["a batch that is too large", ["config.batchSize"], ({ config }) => (config.batchSize = 61)],
    ["another engine", ["config.engine"], ({ config }) => (config.engine = "fused")],
    ["other seeds", ["seeds"], ({ config }) => (config.seeds = [1, 3])],
    ["another first seed", ["config.seed"], ({ config }) => (config.seed = 7)],
    [
      "more repeats",
      ["config.roundingProbe", "roundingProbe.arms.plain", "roundingProbe.arms.bn"],
      ({ config }) => (config.roundingProbe = 3),
    ],
    ["an arm too many", ["config.arms"], ({ config }) => (config.arms.toString = {})],
    ["an arm missing in the certificate", ["pairing.arms"], ({ pairing }) => delete pairing.arms.bn],
    ["an arm missing in a seed", ["seeds.1.arms"], ({ seeds }) => delete seeds[1].arms.plain],
    ["an arm missing in the probe", ["roundingProbe.arms"], ({ roundingProbe }) => delete roundingProbe.arms.bn],
    ["a probe that ends too seldom", ["roundingProbe.arms.bn"], (r) => r.roundingProbe.arms.bn.finals.pop()],
    ["a spread below 0", ["roundingProbe.arms.bn.costs.1"], (r) => (r.roundingProbe.arms.bn.costs[1].train.low = -1)],
    [
      "a spread without order",
      ["roundingProbe.arms.bn.costs.1"],
      (r) => (r.roundingProbe.arms.bn.costs[1].train.high = 0),
    ],
    [
      "a noise floor of no noise",
      ["referenceCosts.noiseFloor"],
      ({ referenceCosts }) => (referenceCosts.noiseFloor = 1e308),
    ],
    [
      "a mean's cost below 0",
      ["seeds.1.referenceCosts.predictMean"],
      ({ seeds }) => (seeds[1].referenceCosts.predictMean = -1),
    ],
    ["an effect against nobody", ["effects.bn"], ({ effects }) => (effects.bn.against = "toString")],
    ["a warning of nobody", ["warnings.0.arm"], ({ warnings }) => (warnings[0] = { ...WARNING, arm: "valueOf" })],
    ["costs without order", ["seeds.1.arms.bn.costs"], ({ seeds }) => swap(seeds[1].arms.bn.costs)],
    ["a cost below 0", ["arms.bn.costs.1"], (r) => (r.seeds[0].arms.bn.costs[1].train = r.arms.bn.costs[1].train = -1)],
    ["a cost beyond float32", ["seeds.1.arms.bn.costs.1"], (r) => (r.seeds[1].arms.bn.costs[1].train = 1e300)],
    ["another first seed's arm", ["seeds.0.arms.bn"], (r) => (r.seeds[0].arms.bn.costs[1].train += 1)],
    ["another end", ["seeds.1.arms.bn.final"], (r) => (r.seeds[1].arms.bn.final.train += 1)],
    ["records backwards", ["arms.bn.checkpoints"], ({ arms }) => arms.bn.checkpoints.reverse()],
    ["a record too late", ["arms.bn.checkpoints"], ({ arms }) => (arms.bn.checkpoints.at(-1).update = 1e15)],
    ["a layer missing", ["arms.bn.checkpoints.0.layers"], ({ arms }) => arms.bn.checkpoints[0].layers.pop()],
    ["a short fit", ["arms.bn.fit"], ({ arms }) => (arms.bn.fit = [1])],
    ["frames backwards", ["arms.bn.frames"], ({ arms }) => arms.bn.frames.reverse()],
    [
      "a state's digest missing",
      ["arms.bn.stateDigests"],
      ({ arms }) => (arms.bn.stateDigests = arms.bn.stateDigests.slice(8)),
    ],
    [
      "digests after the divergence",
      ["arms.plain.stateDigests"],
      ({ arms }) => (arms.plain.stateDigests = "0".repeat(8 * 900)),
    ],
    ["a frame's layer missing", ["arms.bn.frames.1.layers"], ({ arms }) => arms.bn.frames[1].layers.pop()],
    ["a frame's short fit", ["arms.bn.frames.1.fit"], ({ arms }) => arms.bn.frames[1].fit.pop()],
    ["a frame's bin missing", [FRAME_LAYER], (r) => r.arms.bn.frames[1].layers[0].counts.pop()],
    ["a frame's value too many", [FRAME_LAYER], (r) => (r.arms.bn.frames[1].layers[0].nonFinite += 1)],
    ["a share above 1", [`${FRAME_LAYER}.flatShare`], (r) => (r.arms.bn.frames[1].layers[0].flatShare = 2)],
    ["a grid that is short", ["data.grid", "arms.plain.fit", "arms.bn.fit"], ({ data }) => data.grid.pop()],
    ["a grid beyond float32", ["data.grid", "data.grid"], ({ data }) => (data.grid[0] = 1e308)],
    ["a grid without order", ["data.grid"], ({ data }) => data.grid.reverse()],
    ["a point beyond float32", ["data.drawn.y"], ({ data }) => (data.drawn.y[3] = -1e300)],
    ["points without x", ["data.drawn.x"], ({ data }) => delete data.drawn.x],
    ["an edge too few", [BINS], ({ arms }) => arms.bn.checkpoints[0].layers[1].layerInput.edges.pop()],
    [
      "edges that do not ascend",
      [`${BINS}.edges`],
      (r) => r.arms.bn.checkpoints[0].layers[1].layerInput.edges.reverse(),
    ],
    ["an edge far away", [`${BINS}.edges`], (r) => (r.arms.bn.checkpoints[0].layers[1].layerInput.edges[64] = 1e21)],
    [
      "edges far away",
      [`${BINS}.edges`],
      (r) => (r.arms.bn.checkpoints[0].layers[1].layerInput.edges = Array.from({ length: 65 }, (_, i) => 1e306 * i)),
    ],
    ["more values than there are", [BINS], (r) => (r.arms.bn.checkpoints[0].layers[1].layerInput.counts[3] = 1e9)],
    ["other units", [`${LAYER}.health.units`], (r) => (r.arms.bn.checkpoints[0].layers[1].health.units = 1e9)],
    [
      "more units than there are",
      [`${LAYER}.health`],
      (r) => (r.arms.bn.checkpoints[0].layers[1].health.constantUnits = 7),
    ],
    ["a feature too many", [`${LAYER}.movingMean`], (r) => r.arms.bn.checkpoints[0].layers[1].movingMean.push(0)],
    ["a log ratio that no costs have", ["effects.bn.train"], (r) => (r.effects.bn.train.mean.high = 1e6)],
    ["quartiles that do not ascend", ["effects.bn.train.quartiles"], (r) => (r.effects.bn.train.quartiles.q25 = 900)],
    [
      "pairs that are not there",
      ["effects.bn.train.pairs", "effects.bn.train", "effects.bn.train.wins"],
      (r) => (r.effects.bn.train.pairs = 3),
    ],
    ["shares above 1", ["effects.bn.train.wins"], (r) => (r.effects.bn.train.wins.high = 2)],
  ])("is found: %s", (_what, where, spoil) => {
    expect(paths(spoil)).toEqual(where);
    expect(refusal(spoil)).toContain(`does not hold a result:\n  `);
  });

  test("without arms or a hidden layer is refused", () => {
    expect(paths((result) => (result.arms = {}))).toContain("arms");
    expect(paths(({ config }) => (config.sizes = [1, 1]))).toContain("config.sizes");
  });
});

/** The second entry and the third change places. */
function swap(list: unknown[]): void {
  list.splice(1, 2, ...list.slice(1, 3).reverse());
}

const FRAME_LAYER = "arms.bn.frames.1.layers.0";
const LAYER = "arms.bn.checkpoints.0.layers.1";
const BINS = `${LAYER}.layerInput`;
const WARNING = { code: "inference-gap", value: 1, limit: 1, train: 1, inference: 2 };

describe("a recorded configuration keeps the rules of flags and files", () => {
  test.each<[string, string, Spoil]>([
    ["an activation", 'config.activation: "nope" is not one of relu,', ({ config }) => (config.activation = "nope")],
    [
      "a name that every object has",
      '"toString" is not one of relu,',
      ({ config }) => (config.activation = "toString"),
    ],
    ["an interval", "config.costEvery: 0 is not a whole number from 1", ({ config }) => (config.costEvery = 0)],
    ["a width", "config.width: 2147483648 is not a whole number", ({ config }) => (config.width = 2147483648)],
    ["no arms", "config.arms: 0 arms; give 1 to 40", ({ config }) => (config.arms = {})],
    ["an arm's key", "config.arms.bn.widht: there is no such key", ({ config }) => (config.arms.bn.widht = 3)],
    ["an arm's value", "config.arms.bn.decay: 1 is not a number", ({ config }) => (config.arms.bn.decay = 1)],
    [
      "an arm's control",
      'config.arms.bn.against: "toString" is not',
      ({ config }) => (config.arms.bn.against = "toString"),
    ],
    ["a preset", 'config.preset: "constructor" is not one of', ({ config }) => (config.preset = "constructor")],
    ["updates", "config.updates: 9000000000 is not a whole number", ({ config }) => (config.updates = 9e9)],
    [
      "a backend",
      'config.backend: "gpu" is not one of',
      ({ config }) => Object.assign(config, { engine: "tfjs", backend: "gpu" }),
    ],
    [
      "keys that exclude each other",
      "config.initStd: applies to init normal only",
      ({ config }) => (config.init = "he"),
    ],
  ])("%s", (_what, message, spoil) => {
    expect(refusal(spoil)).toContain(message);
  });

  test("at most twenty faults are listed, and the rest counted", () => {
    const lines = refusal(({ arms }) => arms.bn.fit.fill("nope")).split("\n");
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe("  and 181 more");
  });
});
