import { DIGITS } from "../data/formats/names.js";
import { INITIAL_BIAS } from "../model/initializers.js";
import type { CompleteSettings, PresetName, Settings } from "./keys.js";

/** What the tutorial does: the 500 points in order, full batch; costs measured on the same points. */
const tutorial = {
  preset: "tutorial",
  activation: "relu",
  seed: 1,
  dataset: "parabola",
  samples: 500,
  testSamples: 0,
  noise: 8,
  shuffle: false,
  hiddenLayers: 7,
  width: 30,
  init: "normal",
  initStd: 1,
  bias: INITIAL_BIAS,
  biasStd: 0,
  normalize: "all",
  transform: "standardize",
  affine: true,
  position: "before",
  decay: 0.5,
  epsilon: 0.001,
  debias: false,
  epochs: 250,
  batchSize: "full",
  learningRate: 0.001,
  costEvery: 5,
  histogramEvery: 50,
  roundingProbe: 0,
} as const satisfies Settings;

/** What belongs to generated points, and to kernels drawn with a deviation of the experiment's own. */
const { initStd: _, dataset: __, samples: ___, testSamples: ____, noise: _____, ...shared } = tutorial;

/** The settings each preset starts from; a file and then the flags override them. */
export const presets: Readonly<Record<PresetName, CompleteSettings>> = {
  tutorial,
  /** The tutorial's longer version: 2500 shuffled points in batches of 10, one pass, 200 points to measure on. */
  "tutorial-minibatch": {
    ...tutorial,
    preset: "tutorial-minibatch",
    samples: 2500,
    testSamples: 200,
    shuffle: true,
    epochs: 1,
    batchSize: 10,
  },
  /** Handwritten digits of 8 × 8 pixels, four convolutions, batches of 64, Adam. */
  images: {
    ...shared,
    preset: "images",
    data: DIGITS,
    layers: ["conv 16", "conv 16", "max", "conv 32", "conv 32", "mean", "dense 10"],
    loss: "crossEntropy",
    init: "he",
    shuffle: true,
    batchSize: 64,
    epochs: 10,
    optimizer: "adam",
    learningRate: 0.003,
    decay: 0.9,
    costEvery: 25,
    histogramEvery: 100,
  },
};
