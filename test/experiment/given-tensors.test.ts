import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ArmSettings, Settings } from "../../src/config/keys.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { prepareExperiment } from "../../src/experiment/prepare.js";
import { recordedConfiguration } from "../../src/experiment/recorded-config.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { runExperiment } from "../../src/experiment/run.js";
import type { LayerSpec } from "../../src/model/layers/stages.js";
import { writeSafetensors } from "../../src/model/safetensors.js";
import type { TensorMap } from "../../src/model/tensors.js";
import { Problems } from "../../src/problems.js";
import { resultSchema } from "../../src/record/result.js";
import { describeEngines } from "../engines/engines.js";
import { type LayersFixture, layersFixtures, stateAt } from "../golden/layers/fixtures.js";
import { experimentOf, runnerOf } from "./experiments.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tensors-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Raw {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file of any types, as other programs write them. */
function safetensors(tensors: Readonly<Record<string, Raw>>): Uint8Array {
  let offset = 0;
  const header = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const data_offsets = [offset, offset + bytes.length];
    offset += bytes.length;
    return [name, { dtype, shape, data_offsets }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const f32 = (shape: readonly number[], values: readonly number[]): Raw => ({
  dtype: "F32",
  shape,
  bytes: bytesOf(Float32Array.from(values)),
});

const X = Array.from({ length: 24 }, (_, i) => Math.sin(i));
const LABELS = [0, 1, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2];
const x = f32([12, 2], X);
const classes: Settings = { loss: "crossEntropy", layers: ["dense 5", "dense 3"] };

const points = (y: Raw, more: Readonly<Record<string, Raw>> = {}) =>
  file(`${y.dtype}.safetensors`, safetensors({ x, y, ...more }));
const faultOf = (settings: Settings) => {
  try {
    experimentOf(settings);
  } catch (error) {
    return String(error).replaceAll(`${folder}/`, "");
  }
  return "";
};

describe("points from tensors", () => {
  test.each<[string, Raw]>([
    ["F32", f32([12], LABELS)],
    ["F64", { dtype: "F64", shape: [12], bytes: bytesOf(Float64Array.from(LABELS)) }],
    ["I64", { dtype: "I64", shape: [12], bytes: bytesOf(BigInt64Array.from(LABELS, BigInt)) }],
    ["I32", { dtype: "I32", shape: [12], bytes: bytesOf(Int32Array.from(LABELS)) }],
    ["U8", { dtype: "U8", shape: [12], bytes: Uint8Array.from(LABELS) }],
  ])("labels of %s are the same labels", (_, y) => {
    const { dataset } = experimentOf({ data: points(y), ...classes }).draw(1);
    expect([...dataset.training.y]).toEqual(LABELS);
    expect([...dataset.training.x]).toEqual([...Float32Array.from(X)]);
  });

  test("other tensors are ignored, and named", () => {
    const experiment = experimentOf({ data: points(f32([12], LABELS), { ids: f32([1], [1]) }), ...classes });
    expect(experiment.notices.join()).toMatch(/F32\.safetensors: not used: ids$/);
  });

  test("several targets are as many outputs, and one target may be a column", async () => {
    const two = file("two.safetensors", safetensors({ x, y: f32([12, 2], X.toReversed()) }));
    expect(experimentOf({ data: two }).config.sizes.at(-1)).toBe(2);
    const [column, row] = [f32([12, 1], LABELS), f32([12], LABELS)].map((y) => {
      const { config } = experimentOf({ data: points(y) });
      return config;
    });
    expect(column).toEqual(row);
    expect(faultOf({ data: two, loss: "crossEntropy" })).toContain("loss: crossEntropy takes one label a point");
    expect(faultOf({ data: two, standardizeTargets: true })).toContain("standardizeTargets: a point has 2 targets");
  });

  test.each<[string, Readonly<Record<string, Raw>>, string]>([
    ["no x", { y: x }, "wrong.safetensors: the tensor x is missing"],
    ["no y", { x }, "wrong.safetensors: the tensor y is missing"],
    [
      "labels of 16 bits",
      { x, y: { dtype: "I16", shape: [1], bytes: new Uint8Array(2) } },
      "y is I16; it must be F64, F32",
    ],
    [
      "x of whole numbers",
      { x: { dtype: "U8", shape: [1, 1], bytes: new Uint8Array(1) }, y: x },
      "x is U8; it must be F64, F32, F16 or BF16",
    ],
    [
      "x of one axis",
      { x: f32([24], X), y: f32([24], X) },
      "x has shape [24]; it must be [samples, columns] or, of images, [samples, height, width, channels]",
    ],
    ["another number of points", { x, y: f32([3], [0, 1, 2]) }, "x has 12 points, and y has 3"],
    [
      "a value that is not finite",
      { x: f32([2, 1], [1, Number.NaN]), y: f32([2], [0, 1]) },
      "x has NaN at point 2, which is not a finite float32 number",
    ],
  ])("refuses a file with %s", (_, tensors, says) => {
    expect(faultOf({ data: file("wrong.safetensors", safetensors(tensors)) })).toContain(says);
  });

  test("refuses what is about columns, and test points of another form", () => {
    const data = points(f32([12], LABELS));
    expect(faultOf({ data, target: "y" })).toContain(
      "target: applies to a file with columns; data is a file of tensors",
    );
    const csv = file("test.csv", Buffer.from("a,b,y\n1,2,0\n"));
    expect(faultOf({ data, testData: csv })).toContain(
      "testData: its format differs from that of data; give both files in the same format",
    );
    const narrow = file("narrow.safetensors", safetensors({ x: f32([2, 1], [1, 2]), y: f32([2], [0, 1]) }));
    expect(faultOf({ data, testData: narrow })).toContain(
      "points of 1 columns and 1 targets, where F32.safetensors has 2 and 1",
    );
  });

  const image = f32(
    [12, 2, 2, 2],
    Array.from({ length: 96 }, (_, i) => Math.cos(i)),
  );
  const images = () => file("images.safetensors", safetensors({ x: image, y: f32([12], LABELS) }));
  const layers = ["conv 4", "conv 3 2x1 /2", "mean", "dense 3"];

  test("images make a result that holds together", async () => {
    const settings: Settings = { data: images(), loss: "crossEntropy", layers };
    const arms = {
      plain: { normalize: "none" },
      bn: {},
      pixels: { axes: "position" },
      behind: { position: "afterPooling", normalize: "conv" },
    } as const;
    const { result } = await runExperiment(experimentOf({ ...settings, arms }), runnerOf(referenceEngine()));
    expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)));
    expect(faultsOf(result)).toEqual([]);
    expect(result.config.sizes).toEqual([2, 4, 3, 3]);
    expect(result.config.image).toEqual({ height: 2, width: 2 });
    const health = result.arms["bn"]?.checkpoints[0]?.layers.map(({ health: { units } }) => units);
    expect(health).toEqual([4, 3, 3]);
    // A statistic for each channel of each pixel.
    expect(result.arms["pixels"]?.checkpoints[0]?.layers[0]?.batchMean).toHaveLength(16);
    expect(result.arms["behind"]?.checkpoints[0]?.inputNorm).toBeUndefined();
    expect(result.warnings.filter(({ code }) => code === "constant-column")).toEqual([]);
  });

  test.each<[string, Settings, string]>([
    ["without layers", {}, "--layers: the points are images; say which layers lie between them and the outputs"],
    [
      "in front of a dense layer",
      { layers: ["conv 4", "dense 3"] },
      "layers: layer 2, dense 3: a dense layer takes vectors",
    ],
    [
      "too small to be pooled",
      { layers: ["max", "max", "flatten", "dense 3"] },
      "layers: layer 2, max: max takes 2 × 2 pixels, and here are 1 × 1",
    ],
    [
      "without a dense last layer",
      { layers: ["conv 4", "mean"] },
      "layers: layer 2, mean: the last layer must be dense",
    ],
  ])("refuses images %s", (_, settings, says) => {
    expect(faultOf({ data: images(), loss: "crossEntropy", ...settings })).toContain(says);
  });

  test.each<[string, Settings, string]>([
    ["a convolution", { layers: ["conv 4", "mean", "dense 3"] }, "layers: layer 1, conv 4: conv takes images"],
    ["a place", { normalize: "conv" }, "normalize: conv applies to images"],
    ["a position", { position: "afterPooling" }, "position: afterPooling applies to images"],
    ["axes", { axes: "height" }, "axes: height applies to images"],
  ])("refuses %s of images where points are columns", (_, settings, says) => {
    expect(faultOf({ data: points(f32([12], LABELS)), ...classes, ...settings })).toContain(says);
  });

  test("a recorded configuration finds its files again", async () => {
    const experiment = experimentOf({ data: points(f32([12], LABELS)), ...classes });
    for (const [name, bytes] of experiment.inputs) {
      expect(name).toBe("inputs/data.safetensors");
      file("data.safetensors", bytes);
    }
    const config = { ...experiment.config, engine: "fused", backend: "wasm-simd" };
    const problems = new Problems();
    const again = recordedConfiguration({ config } as never, "run", problems);
    expect(problems.lines()).toEqual([]);
    expect(again.settings.data).toBe(join("run", "inputs/data.safetensors"));
    const settings = { ...again.settings, data: join(folder, "data.safetensors") };
    expect(prepareExperiment({ ...again, settings }).config).toEqual(experiment.config);
  });
});

function wordsOf(layer: LayerSpec): string {
  if (layer.kind === "dense") return `dense ${layer.units}`;
  if (layer.kind !== "conv") return layer.kind;
  const [height, width] = layer.kernel;
  return `conv ${layer.units} ${height}x${width} /${layer.stride}`;
}

/** The keys of an experiment that trains as a fixture was recorded. */
function keysOf({ name, spec, training, batchSize, tensors, updates }: LayersFixture): Settings {
  const [normalization, optimization] = [spec.normalization, spec.optimization];
  const { images, sizes } = spec;
  const form = images === undefined ? [training.inputs] : [images.height, images.width, sizes[0] ?? 0];
  const targets = spec.loss === "crossEntropy" ? [] : [spec.sizes.at(-1) ?? 1];
  const y = { shape: [training.samples, ...targets], data: training.y };
  const given = new Map([
    ["x", { shape: [training.samples, ...form], data: training.x }],
    ["y", y],
  ]);
  const weights: TensorMap = new Map(
    [...stateAt({ tensors } as LayersFixture, 0)].filter(([key]) => /^layers\.\d+\.(kernel|bias)$/.test(key)),
  );
  const { normalizer = "batch", groups, where = "all", position, axes, renormMax, renormShift } = normalization ?? {};
  const isRenorm = normalizer === "renorm";
  const own: ArmSettings =
    normalization === undefined
      ? { normalize: "none" }
      : {
          normalize: where === "input" || where === "all" ? where : "hidden",
          normalizer: groups === undefined ? normalizer : `${normalizer} ${groups}`,
          ...(position === "after" ? { position } : {}),
          ...(axes === "position" || axes === "height" ? { axes } : {}),
          ...(isRenorm && renormMax !== undefined && renormShift !== undefined ? { renormMax, renormShift } : {}),
        };
  return {
    data: file(`${name}.safetensors`, writeSafetensors(given, {})),
    weights: file(`${name}-weights.safetensors`, writeSafetensors(weights, {})),
    layers: images === undefined ? sizes.slice(1).map((units) => `dense ${units}`) : images.layers.map(wordsOf),
    loss: spec.loss ?? "mse",
    activation: spec.activation,
    optimizer: optimization?.optimizer ?? "sgd",
    ...(optimization?.optimizer === "momentum" ? { momentum: optimization.momentum ?? 0.9 } : {}),
    learningRate: spec.learningRate,
    decay: normalization?.decay ?? 0.5,
    epsilon: normalization?.epsilon ?? 0.001,
    batchSize,
    updates,
    costEvery: 1,
    arms: { recorded: own },
  };
}

await describeEngines("the keys layers, loss, data and weights make what TensorFlow recorded", (engine) => {
  test.each(layersFixtures)("$name", async (fixture) => {
    const { result } = await runExperiment(experimentOf(keysOf(fixture)), runnerOf(engine()));
    const { recorded } = result.arms;
    if (recorded?.status !== "trained") throw new Error("the arm diverged");
    expect(recorded.costs.map(({ update }) => update)).toEqual(fixture.costs.train.map((_, update) => update));
    const adam = fixture.spec.optimization?.optimizer === "adam" ? 3 : 1;
    for (const { update, train, accuracy } of recorded.costs) {
      const tolerance = adam * (update === 0 ? 2e-5 : update <= 2 ? 3e-4 : 5e-3);
      expect(Math.abs(train / (fixture.costs.train[update] ?? Number.NaN) - 1), `@${update}`).toBeLessThan(tolerance);
      const right = fixture.costs.accuracy[update];
      // One point may lie between two classes.
      if (right === undefined) expect(accuracy).toBeUndefined();
      else expect(Math.abs((accuracy?.train ?? Number.NaN) - right)).toBeLessThan(1.5 / fixture.training.samples);
    }
  });
});
