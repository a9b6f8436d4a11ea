import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import { loadConfiguration, loadSweep } from "../../src/config/load.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { ExpectedError } from "../../src/errors.js";
import { prepareExperiment } from "../../src/experiment/prepare.js";
import { replayed } from "../../src/experiment/replay.js";
import { runExperiment } from "../../src/experiment/run.js";
import { emptyFolder } from "../cli/command.js";
import { array, byteOf, cifarFolder, idxFolder, MNIST } from "../data/image-files.js";
import { experimentOf, runnerOf } from "./experiments.js";

const images: Settings = { loss: "crossEntropy", layers: ["conv 2", "mean", "dense 3"], costEvery: 12 };
const pointsOf = (settings: Settings) => {
  const { original, hasTestPoints } = experimentOf(settings).draw(1).dataset;
  return { ...original, hasTestPoints };
};
const firstBytes = ({ x, inputs, samples }: { x: Float32Array; inputs: number; samples: number }) =>
  Array.from({ length: samples }, (_, i) => Math.round(255 * (x[i * inputs] ?? 0)));

function faultOf(settings: Settings): string {
  try {
    experimentOf(settings);
  } catch (error) {
    if (error instanceof ExpectedError) return `${error.exitCode} ${error.message}`;
    throw error;
  }
  return "";
}

/** Images without test images of their own: the label of each says which it is. */
function numpyPair(folder: string, samples = 20, more: Readonly<Record<string, Uint8Array>> = {}): string {
  const pixels = Uint8Array.from({ length: samples * 4 }, (_, i) => byteOf(Math.floor(i / 4), i % 4));
  const labels = BigInt64Array.from({ length: samples }, (_, i) => BigInt(i % 3));
  for (const [name, bytes] of Object.entries({
    "x.npy": array("|u1", [samples, 2, 2], pixels),
    "y.npy": array("<i8", [samples], labels),
    ...more,
  }))
    writeFileSync(join(folder, name), bytes);
  return join(folder, "x.npy");
}

describe("images with test images of their own", () => {
  const data = () => `idx:${idxFolder(emptyFolder())}`;

  test("are trained on in the order of the files", () => {
    const { training, evaluation } = pointsOf({ data: data(), ...images });
    expect(firstBytes(training)).toEqual(Array.from({ length: 10 }, (_, i) => byteOf(i, 0)));
    expect(firstBytes(evaluation)).toEqual([0, 1, 2, 3].map((i) => byteOf(i, 0)));
  });

  test("samples and testSamples take some of them, the same in every run, fewer among more, in the files' order", () => {
    const of = (samples: number, seed = 1) =>
      firstBytes(pointsOf({ data: data(), ...images, samples, testSamples: 2, seed }).training);
    const [four, six] = [of(4), of(6)];
    expect(four).toEqual(of(4, 2));
    expect(six.filter((byte) => four.includes(byte))).toEqual(four);
    const places = six.map((byte) => Array.from({ length: 10 }, (_, i) => byteOf(i, 0)).indexOf(byte));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toEqual([0, 1, 2, 3, 4, 5]);
    const { evaluation, hasTestPoints } = pointsOf({ data: data(), ...images, testSamples: 2 });
    expect([evaluation.samples, hasTestPoints]).toEqual([2, true]);
    expect(pointsOf({ data: data(), ...images, testSamples: 0 }).hasTestPoints).toBe(false);
  });

  test("refuse more than there are, test points of another file, and keys of columns", () => {
    const from = data();
    expect(faultOf({ data: from, ...images, samples: 11 })).toBe(
      `2 samples: 11 is more than the training points in ${from}: 10`,
    );
    expect(faultOf({ data: from, ...images, testSamples: 5 })).toContain(
      "testSamples: 5 is more than the test points in",
    );
    expect(faultOf({ data: from, ...images, testData: "t.csv" })).toContain("testData: idx has its own test images");
    expect(faultOf({ data: from, ...images, target: "y", noise: 1 })).toContain(
      "target: applies to a file with columns; data is a set of images",
    );
  });
});

describe("images without", () => {
  test("have every fifth set aside, the same in every run, or as many as testSamples says", () => {
    const data = numpyPair(emptyFolder());
    const { training, evaluation } = pointsOf({ data, ...images });
    expect([training.samples, evaluation.samples, training.image]).toEqual([
      16,
      4,
      { height: 2, width: 2, channels: 1 },
    ]);
    const all = [...firstBytes(training), ...firstBytes(evaluation)];
    expect(new Set(all)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => byteOf(i, 0))));
    expect(firstBytes(pointsOf({ data, ...images, seed: 7 }).evaluation)).toEqual(firstBytes(evaluation));
    expect(experimentOf({ data, ...images }).notices.join()).toContain(
      "x.npy: 4 of 20 points, always the same, are set aside",
    );
    const some = pointsOf({ data, ...images, testSamples: 5, samples: 3 });
    expect([some.training.samples, some.evaluation.samples]).toEqual([3, 5]);
    expect(pointsOf({ data, ...images, testSamples: 0 }).training.samples).toBe(20);
    expect(faultOf({ data, ...images, testSamples: 20 })).toContain(
      "testSamples: 20 is more than the points that can be set aside",
    );
    expect(faultOf({ data, ...images, testSamples: 5, samples: 16 })).toContain(
      "samples: 16 is more than the points to train on",
    );
  });

  test("of MNIST's files, too", () => {
    const data = `idx:${idxFolder(emptyFolder(), {}, { test: 0 })}`;
    const { training, evaluation } = pointsOf({ data, ...images });
    expect([training.samples, evaluation.samples]).toEqual([8, 2]);
  });
});

describe("NumPy's pairs", () => {
  test("take targets and test points from the files beside them, in either case of the letter", () => {
    const folder = emptyFolder();
    const column = (values: readonly number[]) => array("<f8", [values.length], Float64Array.from(values));
    const rows = (values: readonly number[]) => array("<f4", [values.length, 1], Float32Array.from(values));
    const files = {
      "X_train.npy": rows([1, 2, 3]),
      "y_train.npy": column([4, 5, 6]),
      "x_test.npy": rows([7]),
      "Y_test.npy": column([8]),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const { training, evaluation } = pointsOf({
      data: join(folder, "X_train.npy"),
      testData: join(folder, "x_test.npy"),
    });
    expect([[...training.x], [...training.y], [...evaluation.x], [...evaluation.y]]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7],
      [8],
    ]);
    // Columns are measured on the training points unless others are given.
    expect(pointsOf({ data: join(folder, "X_train.npy") }).hasTestPoints).toBe(false);
  });

  test("of float images keep their values, those of bytes are divided by 255", () => {
    const folder = emptyFolder();
    const x = numpyPair(folder, 5, {
      "x.npy": array(
        "<f4",
        [5, 1, 1, 2],
        Float32Array.from({ length: 10 }, (_, i) => 100 - i),
      ),
    });
    const { training } = pointsOf({ data: x, ...images, testSamples: 0 });
    expect([...training.x]).toEqual([100, 99, 98, 97, 96, 95, 94, 93, 92, 91]);
    expect(training.image).toEqual({ height: 1, width: 1, channels: 2 });
    numpyPair(folder, 5);
    expect(Math.max(...pointsOf({ data: x, ...images, testSamples: 0 }).training.x)).toBeLessThanOrEqual(1);
  });

  test.each<[string, string, Readonly<Record<string, Uint8Array>>, string]>([
    ["another name", "images.npy", {}, "2 DIR/images.npy: the name of an array of inputs must start with x"],
    [
      "no targets",
      "x_train.npy",
      { "x_train.npy": array("|u1", [1, 2, 2], new Uint8Array(4)) },
      "5 cannot read DIR/y_train.npy: it does not exist; it has the targets of x_train.npy",
    ],
    ["no inputs", "x2.npy", {}, "5 cannot read DIR/x2.npy: it does not exist"],
    [
      "other targets than inputs",
      "x.npy",
      { "y.npy": array("|u1", [2], new Uint8Array(2)) },
      "2 DIR/y.npy: x has 20 points, and y has 2",
    ],
    [
      "one axis",
      "x.npy",
      { "x.npy": array("<f4", [2], new Float32Array(2)) },
      "2 DIR/x.npy: x has shape [2]; it must be [samples, columns]",
    ],
    [
      "a value that is not finite",
      "x.npy",
      { "x.npy": array("<f8", [1, 1], Float64Array.of(1e300)) },
      "x has 1e+300 at point 1, which is not a finite float32 number",
    ],
    [
      "targets of three axes",
      "x.npy",
      { "y.npy": array("|u1", [20, 1, 1], new Uint8Array(20)) },
      "2 DIR/y.npy: y has shape [20, 1, 1]; it must be [samples, outputs]",
    ],
  ])("with %s are refused", (_, name, files, says) => {
    const folder = emptyFolder();
    numpyPair(folder, 20, files);
    expect(faultOf({ data: join(folder, name), ...images }).replaceAll(folder, "DIR")).toContain(says);
  });
});

test.each<[string, (folder: string) => string, Settings]>([
  ["idx", (folder) => `idx:${idxFolder(folder)}`, { samples: 6, testSamples: 3 }],
  ["cifar10", (folder) => `cifar10:${cifarFolder(folder)}`, { samples: 4, layers: ["conv 2 /2", "mean", "dense 10"] }],
  ["npy", (folder) => numpyPair(folder), {}],
  ["npy without test points", (folder) => numpyPair(folder), { testSamples: 0 }],
])("a run on %s repeats from its own folder", async (name, dataIn, settings) => {
  const data = dataIn(emptyFolder());
  const experiment = experimentOf({ data, ...images, updates: 1, ...settings });
  const { result } = await runExperiment(experiment, runnerOf(referenceEngine()));
  expect(experiment.name).toBe(`${name.startsWith("npy") ? "data" : name}-tanh`);
  const run = emptyFolder();
  mkdirSync(join(run, "inputs"));
  for (const [file, bytes] of experiment.inputs) writeFileSync(join(run, file), bytes);
  const again = replayed(result, run);
  expect((await runExperiment(again, runnerOf(referenceEngine()))).result).toEqual(result);
});

test("a folder in an experiment file is meant from that file's own folder, and the bundled digits from nowhere", () => {
  const folder = emptyFolder();
  idxFolder(join(folder, "images"));
  const file = join(folder, "experiment.yaml");
  const text = "loss: crossEntropy\nlayers: [conv 2, mean, dense 10]\nupdates: 1\n";
  writeFileSync(file, `data: idx:images\n${text}`);
  expect(prepareExperiment(loadConfiguration(file, {})).config.samples).toBe(10);
  writeFileSync(file, `data: digits\n${text}sweep: { learningRate: [1, 2] }\n`);
  const { stated, at } = loadSweep(file, {});
  expect(prepareExperiment(at({ learningRate: 1 })).config.samples).toBe(1437);
  expect(stated["data"]).toBe("digits");
  expect(prepareExperiment(loadConfiguration(undefined, { preset: "images" })).config.samples).toBe(1437);
});

test("a file of MNIST's kind given as columns is named", () => {
  const folder = idxFolder(emptyFolder(), { "one.idx": MNIST.images(1) });
  expect(faultOf({ data: join(folder, "one.idx") })).toContain(
    "this is an IDX file of MNIST's kind; give its folder as idx:DIR",
  );
});
