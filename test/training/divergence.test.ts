import { describe, expect, test } from "vitest";
import type { ArmState, LayerObservation, NormObservation, Observation } from "../../src/engines/engine.js";
import { locateDivergence } from "../../src/training/divergence.js";

const { NaN: NAN, POSITIVE_INFINITY: INFINITY } = Number;
const one = Float64Array.of(1);
const fine: NormObservation = { batchMean: one, batchVariance: one, movingMean: one, movingVariance: one };

function stateWith(broken: Readonly<Record<string, number>>): ArmState {
  const names = [
    "layers.0.kernel",
    "layers.0.bias",
    "layers.1.kernel",
    "layers.1.bias",
    "layers.2.kernel",
    "layers.2.bias",
  ];
  const norms = [0, 1, 2].flatMap((norm) =>
    ["gamma", "beta", "moving_mean", "moving_variance"].map((kind) => `norms.${norm}.${kind}`),
  );
  const tensors = [...names, ...norms].map(
    (name) => [name, { shape: [2], data: Float64Array.of(1, broken[name] ?? 1) }] as const,
  );
  return { update: 9, tensors: new Map(tensors) };
}

/** Three layers, the last linear; what is broken by layer. */
function observationWith(
  layers: readonly Partial<LayerObservation>[] = [],
  inputNorm: Partial<NormObservation> = {},
): Observation {
  const layer = (index: number): LayerObservation => ({
    preActivation: one,
    layerInput: one,
    gradientNorms: { kernel: 1, preActivation: 1 },
    ...(index < 2 ? { norm: fine } : {}),
    ...layers[index],
  });
  return { update: 9, cost: INFINITY, inputNorm: { ...fine, ...inputNorm }, layers: [0, 1, 2].map(layer) };
}

const bad = (value = INFINITY) => Float64Array.of(1, value, 1);

describe("the first tensor that float32 cannot hold", () => {
  test.each<[string, Record<string, number>, number, string, pass?: string]>([
    ["a kernel", { "layers.1.kernel": NAN }, 1, "kernel"],
    ["a bias", { "layers.2.bias": -INFINITY }, 2, "bias"],
    ["a value that only float64 holds", { "layers.0.kernel": 1e39 }, 0, "kernel"],
    ["a gamma behind hidden layer 1", { "norms.2.gamma": NAN }, 1, "gamma"],
    ["moving variance, in camel case", { "norms.1.moving_variance": INFINITY }, 0, "movingVariance", "forward"],
    ["a tensor of the input's normalization", { "norms.0.beta": NAN }, 0, "inputNorm.beta"],
    [
      "the deepest layer's, which the backward pass reached first",
      { "layers.0.kernel": NAN, "layers.2.kernel": NAN, "layers.1.bias": NAN },
      2,
      "kernel",
    ],
    [
      "a moving average, of a forward pass, though it is deeper than a kernel",
      { "layers.0.kernel": NAN, "norms.2.moving_mean": INFINITY },
      1,
      "movingMean",
      "forward",
    ],
    ["a layer's kernel before its gamma", { "norms.2.gamma": NAN, "layers.1.kernel": NAN }, 1, "kernel"],
  ])("among the parameters: %s", (_, broken, layer, tensor, pass = "backward") => {
    const everything = observationWith([{ preActivation: bad(), layerInput: bad() }]);
    expect(locateDivergence(stateWith(broken), everything)).toEqual({ update: 9, layer, tensor, pass });
  });

  test("the largest float32 is still held", () => {
    const state = stateWith({ "layers.0.kernel": 3.4028234663852886e38, "layers.1.kernel": -3.4028234663852886e38 });
    expect(locateDivergence(state, observationWith())).toEqual({
      update: 9,
      layer: 2,
      tensor: "cost",
      pass: "forward",
    });
  });

  test.each<[string, Observation, number, string]>([
    [
      "the input's variance first",
      observationWith([{ layerInput: bad() }], { batchVariance: bad() }),
      0,
      "inputNorm.batchVariance",
    ],
    [
      "an earlier layer before a later one",
      observationWith([{}, { preActivation: bad(NAN) }, { layerInput: bad() }]),
      1,
      "preActivation",
    ],
    [
      "a layer's input before what follows from it",
      observationWith([{}, { layerInput: bad(), norm: { ...fine, batchMean: bad() }, preActivation: bad() }]),
      1,
      "layerInput",
    ],
    [
      "the batch's mean before its variance",
      observationWith([{ norm: { ...fine, batchMean: bad(), batchVariance: bad() }, preActivation: bad() }]),
      0,
      "batchMean",
    ],
    [
      "the batch's variance before the pre-activation",
      observationWith([{ norm: { ...fine, batchVariance: bad(1e39) }, preActivation: bad() }]),
      0,
      "batchVariance",
    ],
    ["the prediction", observationWith([{}, {}, { preActivation: bad() }]), 2, "preActivation"],
    ["the cost alone", observationWith(), 2, "cost"],
  ])("in the forward pass through sound parameters: %s", (_, observation, layer, tensor) => {
    expect(locateDivergence(stateWith({}), observation)).toEqual({ update: 9, layer, tensor, pass: "forward" });
  });

  test("in a plain arm, which normalizes nothing", () => {
    const { layers } = observationWith([{}, { preActivation: bad() }]);
    const plain = layers.map(({ norm: _, ...rest }) => rest);
    expect(locateDivergence(stateWith({}), { update: 9, cost: INFINITY, layers: plain })).toEqual({
      update: 9,
      layer: 1,
      tensor: "preActivation",
      pass: "forward",
    });
  });
});
