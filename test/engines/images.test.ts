import { describe, expect, test } from "vitest";
import type { ArmTask } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import type { LayerSpec, Shape } from "../../src/model/layers/stages.js";
import { layerFault, stagesOf, windowPadding } from "../../src/model/layers/stages.js";
import { norms, parameterNames } from "../../src/model/network.js";
import { AXES } from "../../src/model/normalizers/normalizer.js";
import { valuesOf } from "../../src/model/tensors.js";
import { describeEngines } from "./engines.js";
import { imageCases } from "./image-cases.js";
import { imageTask, SMALL_IMAGES } from "./image-tasks.js";
import { changed, startingFrom } from "./tasks.js";

const reference = (task: ArmTask) => referenceEngine().createArm(task);
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - (b[i] ?? Number.NaN)));

describe("shapes of images", () => {
  test('follow TensorFlow\'s padding "same", strides, and pooling', () => {
    const stages = stagesOf({ sizes: [2, 4, 4, 8, 3], images: SMALL_IMAGES });
    const form = ({ height, width, channels }: Shape) => `${height} × ${width} × ${channels}`;
    expect(stages.map(({ from, to }) => [form(from), form(to)])).toEqual([
      ["7 × 9 × 2", "7 × 9 × 4"],
      ["7 × 9 × 4", "4 × 5 × 4"],
      ["1 × 1 × 16", "1 × 1 × 8"],
      ["1 × 1 × 8", "1 × 1 × 3"],
    ]);
    // An even window has the smaller half of its padding above and left.
    expect(stages.slice(0, 2).map(windowPadding)).toEqual([
      { top: 0, left: 0 },
      { top: 1, left: 1 },
    ]);
  });

  test.each<[string, readonly LayerSpec[], number, string]>([
    ["an image into a dense layer", [{ kind: "dense", units: 3 }], 0, "put flatten or mean in front of it"],
    ["vectors into a pooling", [{ kind: "mean" }, { kind: "max" }, { kind: "dense", units: 3 }], 1, "max takes images"],
    ["an image as output", [{ kind: "conv", units: 3, kernel: [3, 3], stride: 1 }], 0, "the last layer must be dense"],
    ["no hidden layer", [{ kind: "mean" }, { kind: "dense", units: 3 }], 1, "a hidden layer, conv or dense"],
    [
      "too few pixels",
      [{ kind: "max" }, { kind: "max" }, { kind: "max" }, { kind: "flatten" }],
      2,
      "max takes 2 × 2 pixels, and here are 1 × 1",
    ],
  ])("%s is a fault", (_, layers, place, fault) => {
    const found = layerFault(layers, { height: 5, width: 7, channels: 1, isImage: true });
    expect(found?.place).toBe(place);
    expect(found?.fault).toContain(fault);
  });
});

describe("the reference engine's gradient on images is the one that central differences show", () => {
  test.each(imageCases)("$name", ({ normalization }) => {
    const base = imageTask(normalization && { normalization });
    // r and d of renorm at their bounds, which are constants.
    const means = changed(base.initial.tensors, /moving_mean$/, (_, i) => (i % 2 === 0 ? 90 : -90));
    const far = changed(means, /moving_variance$/, () => 1e4);
    const task = startingFrom(base, normalization?.normalizer === "renorm" ? far : base.initial.tensors);
    const gradients = reference(task).gradients("next-batch");
    expect([...gradients.keys()]).toEqual(parameterNames(task.spec));
    const h = 1e-5;
    for (const [name, { data }] of gradients) {
      const only = new RegExp(`^${name.replaceAll(".", "\\.")}$`);
      const cost = (entry: number, step: number) => {
        const moved = changed(task.initial.tensors, only, (old, i) => (i === entry ? old + step : old));
        return reference(startingFrom(task, moved)).observe("next-batch").cost;
      };
      // Every eleventh entry, the first and the last among them.
      const entries = [...data.keys()].filter((i) => i % 11 === 0 || i === data.length - 1);
      const differences = entries.map((entry) => (cost(entry, h) - cost(entry, -h)) / (2 * h));
      const found = entries.map((entry) => data[entry] ?? Number.NaN);
      expect(apart(found, differences), name).toBeLessThan(1e-6 * Math.max(1, largest(differences)));
    }
  });
});

await describeEngines("images", (engine, { float64 }) => {
  const close = float64 ? 1e-12 : 1e-4;
  const near = (found: ArrayLike<number>, expected: ArrayLike<number>, what: string, size = largest(expected)) => {
    expect(found.length, what).toBe(expected.length);
    expect(apart(found, expected), what).toBeLessThanOrEqual(close * Math.max(size, 1e-3));
  };

  // More entries than a chunk of the kernel's has, whose ends cut images and their lines; and few.
  const sized = imageCases.flatMap((choices) => [
    { ...choices, samples: 11, batchSize: 4 },
    { ...choices, samples: 32, batchSize: 32 },
  ]);

  test.each(sized)("$name, batches of $batchSize: as the reference engine", ({ normalization, samples, batchSize }) => {
    const task = imageTask({ ...(normalization && { normalization }), samples, batchSize, activation: "elu" });
    const [own, truth] = [engine().createArm(task), reference(task)];
    for (const update of [0, 1, 3]) {
      own.advance(update);
      truth.advance(update);
      const [seen, expected] = [own.observe("next-batch"), truth.observe("next-batch")];
      near([seen.cost], [expected.cost], `cost @${update}`);
      for (const [layer, { preActivation, layerInput, gradientNorms, norm }] of expected.layers.entries()) {
        near(seen.layers[layer]?.preActivation ?? [], preActivation, `pre-activation ${layer} @${update}`);
        near(seen.layers[layer]?.layerInput ?? [], layerInput, `input ${layer} @${update}`);
        near([seen.layers[layer]?.gradientNorms.kernel ?? 0], [gradientNorms.kernel], `kernel ${layer}`);
        near(seen.layers[layer]?.norm?.batchVariance ?? [], norm?.batchVariance ?? [], `variance ${layer}`);
      }
      const [gradients, exact] = [own.gradients("next-batch"), truth.gradients("next-batch")];
      const most = Math.max(...[...exact.values()].map(({ data }) => largest(data)));
      for (const [name, { data }] of exact) near(valuesOf(gradients, name), data, `${name} @${update}`, most);
      const [costs, trueCosts] = [own.costs(), truth.costs()];
      near([costs.train, costs.inference ?? 0], [trueCosts.train, trueCosts.inference ?? 0], "costs");
      expect(costs.accuracy?.train).toBe(trueCosts.accuracy?.train);
      if (update > 0) near(own.predict(task.evaluation), truth.predict(task.evaluation), `predictions @${update}`);
    }
    near([own.recalibrated()?.cost ?? 0], [truth.recalibrated()?.cost ?? 0], "recalibrated");
    for (const [name, { data }] of truth.state().tensors) near(valuesOf(own.state().tensors, name), data, name);
    own.dispose();
  });

  // Lines of 3 to 6 maxima, of which some engines make four at a time; chunks end in the midst of lines. ReLU makes many
  // pixels equal, of which the first one gets the gradient.
  test.each([6, 8, 9, 10, 12])("maxima of images %i pixels wide: as the reference engine", (width) => {
    const layers: LayerSpec[] = [
      { kind: "conv", units: 3, kernel: [3, 3], stride: 1 },
      { kind: "max" },
      { kind: "flatten" },
      { kind: "dense", units: 3 },
    ];
    const task = imageTask({ images: { height: 6, width, layers }, samples: 40, activation: "relu" });
    const [own, truth] = [engine().createArm(task), reference(task)];
    const [seen, expected] = [own.observe("next-batch"), truth.observe("next-batch")];
    near(seen.layers[1]?.layerInput ?? [], expected.layers[1]?.layerInput ?? [], "maxima");
    const gradients = own.gradients("next-batch");
    for (const [name, { data }] of truth.gradients("next-batch")) near(valuesOf(gradients, name), data, name);
    own.dispose();
  });
});

test("instance normalization leaves vectors as they are", () => {
  const { spec } = imageTask({ normalization: { normalizer: "instance" } });
  expect(norms(spec).map(({ index }) => index)).toEqual([1, 2]);
});

test("the axes of a norm have an entry of gamma for each statistic", () => {
  const sizes = AXES.map((axes) => {
    const { spec } = imageTask({ normalization: { axes } });
    return norms(spec).map(({ units }) => units);
  });
  // The input 7 × 9 × 2, two convolutions of four channels, the dense layer of eight units.
  expect(sizes).toEqual([
    [2, 4, 4, 8],
    [126, 252, 80, 8],
    [7, 7, 4, 8],
  ]);
});
