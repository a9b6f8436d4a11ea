import { DATASETS, datasets, WITH_ANY_INPUTS } from "../data/datasets/index.js";
import { BACKENDS, ENGINES } from "../engines/names.js";
import { type ActivationName, activations } from "../model/activations.js";
import { type InitializerName, initializers } from "../model/initializers.js";
import { LAYER_FORMS, MAX_LAYERS, MIN_LAYERS } from "../model/layers/index.js";
import { type LossName, losses } from "../model/losses/index.js";
import { NORMALIZED_PLACES, POSITIONS, TRANSFORMS } from "../model/network.js";
import { NORMALIZER_FORMS } from "../model/normalizers/index.js";
import { AXES } from "../model/normalizers/normalizer.js";
import { type OptimizerName, optimizers } from "../model/optimizers/index.js";
import { DELIMITER_NAMES } from "../record/names.js";
import { t } from "../text/language.js";

export const PRESETS = ["tutorial", "tutorial-minibatch", "images"] as const;
export type PresetName = (typeof PRESETS)[number];

export const CHART_FORMATS = ["svg", "vega", "both"] as const;

/** Groups of the help, in its order, with their headings. */
export const HEADINGS = {
  Experiment: t`Experiment`,
  Data: t`Data`,
  Network: t`Network`,
  "Batch normalization": t`Batch normalization`,
  Training: t`Training`,
  Recording: t`Recording`,
  Engine: t`Engine`,
  Output: t`Output`,
};

type Group = keyof typeof HEADINGS;

export const GROUPS = Object.keys(HEADINGS) as Group[];

interface Described {
  readonly group: Group;
  readonly help: string;
}

/**
 * What a key may hold. The flag, the check of flags and files, the help and the JSON Schema all follow from it. A switch
 * that is on in some preset has help for turning it `off`.
 */
export type KeyType =
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "integer"; readonly min: number; readonly max: number }
  | { readonly type: "number"; readonly min?: number; readonly below?: number }
  | { readonly type: "batch" }
  | { readonly type: "normalizer" }
  | { readonly type: "layers" }
  | { readonly type: "seeds" }
  | { readonly type: "switch"; readonly off?: string }
  | { readonly type: "path"; readonly metavar: string }
  | { readonly type: "column" }
  | { readonly type: "columns" }
  | { readonly type: "text" };

export type Key = KeyType & Described;

const ACTIVATIONS = Object.keys(activations) as ActivationName[];
const INITIALIZERS = Object.keys(initializers) as InitializerName[];
const LOSSES = Object.keys(losses) as LossName[];
const OPTIMIZERS = Object.keys(optimizers) as OptimizerName[];
const MANY = 10_000_000;

const count = (min: number, max: number = MANY) => ({ type: "integer", min, max }) as const;
const path = (metavar: string) => ({ type: "path", metavar }) as const;

/** Every key of an experiment file but `arms`; each is also a flag of `run`, in kebab case. */
export const KEYS = {
  preset: { type: "choice", choices: PRESETS, group: "Experiment", help: t`settings to start from` },
  name: { type: "text", group: "Experiment", help: t`name of the run folder, in front of its hash` },
  activation: { type: "choice", choices: ACTIVATIONS, group: "Experiment", help: t`activation of the hidden layers` },
  seed: { ...count(0, Number.MAX_SAFE_INTEGER), group: "Experiment", help: t`seed of data, weights and shuffling` },
  seeds: {
    type: "seeds",
    group: "Experiment",
    help: t`train every arm for N seeds starting with --seed, or for a list of seeds`,
  },

  dataset: {
    type: "choice",
    choices: DATASETS,
    group: "Data",
    help: t`generated data: ${Object.values(datasets)
      .map(({ about }) => about)
      .join("; ")}`,
  },
  inputs: { ...count(1, 4096), group: "Data", help: t`number of input columns (dataset ${WITH_ANY_INPUTS})` },
  samples: {
    ...count(1),
    group: "Data",
    help: t`training points to generate, or to take from tensors and image datasets`,
  },
  testSamples: { ...count(0), group: "Data", help: t`separate points to measure costs on; 0: use the training points` },
  // Deviates reach 9 deviations; targets are float32.
  noise: { type: "number", min: 0, below: 1e37, group: "Data", help: t`standard deviation of the noise on y` },
  shuffle: {
    type: "switch",
    group: "Data",
    help: t`shuffle the training points once`,
    off: t`do not shuffle the training points`,
  },
  data: {
    ...path("FILE"),
    group: "Data",
    help: t`training data: a file with columns of numbers, FILE.safetensors with tensors x and y, or x.npy with y.npy beside it; or images: digits (bundled), idx:DIR (MNIST format), cifar10:DIR (binary version)`,
  },
  testData: { ...path("FILE"), group: "Data", help: t`file of points to measure costs on, with the same column names` },
  target: { type: "column", group: "Data", help: t`column of the targets; default: y, otherwise the last one` },
  columns: { type: "columns", group: "Data", help: t`input columns; default: all except the target` },
  delimiter: {
    type: "choice",
    choices: DELIMITER_NAMES,
    group: "Data",
    help: t`column separator; default: detected from the file`,
  },
  standardizeInputs: {
    type: "switch",
    group: "Data",
    help: t`scale each input column to mean 0 and standard deviation 1 over the training set`,
  },
  standardizeTargets: {
    type: "switch",
    group: "Data",
    help: t`train on targets scaled to mean 0 and standard deviation 1; costs stay in the targets' own units`,
  },

  hiddenLayers: { ...count(1, 1000), group: "Network", help: t`number of hidden layers` },
  width: { ...count(1, 4096), group: "Network", help: t`units per hidden layer` },
  layers: {
    type: "layers",
    group: "Network",
    help: t`every layer in order, instead of hidden-layers and width; the last one is the output layer`,
  },
  init: { type: "choice", choices: INITIALIZERS, group: "Network", help: t`distribution of the initial kernels` },
  initStd: {
    type: "number",
    min: 0,
    group: "Network",
    help: t`standard deviation of the initial kernels (init normal)`,
  },
  bias: { type: "number", group: "Network", help: t`mean of the initial biases` },
  biasStd: { type: "number", min: 0, group: "Network", help: t`standard deviation of the initial biases` },
  weights: {
    ...path("FILE.safetensors"),
    group: "Network",
    help: t`initial kernels and biases from a file, which also sets the layer sizes`,
  },

  normalize: {
    type: "choice",
    choices: [...NORMALIZED_PLACES, "none"],
    group: "Batch normalization",
    help: t`what is normalized: the input and the hidden layers, only one of the two, only convolutions or dense layers, or nothing`,
  },
  normalizeOutput: {
    type: "switch",
    group: "Batch normalization",
    help: t`also normalize the output layer`,
  },
  axes: {
    type: "choice",
    choices: AXES,
    group: "Batch normalization",
    help: t`for images, what gets its own statistics: each channel, each channel of each pixel, or each row of pixels; default: channel`,
  },
  normalizer: {
    type: "normalizer",
    group: "Batch normalization",
    help: t`normalizer to use instead of BN; only batch and renorm also normalize the input`,
  },
  transform: {
    type: "choice",
    choices: TRANSFORMS,
    group: "Batch normalization",
    help: t`subtract the mean and divide by the standard deviation, or only one of the two`,
  },
  affine: {
    type: "switch",
    group: "Batch normalization",
    help: t`train gamma and beta`,
    off: t`do not train gamma and beta`,
  },
  position: {
    type: "choice",
    choices: POSITIONS,
    group: "Batch normalization",
    help: t`BN before or after the activation, or after the pooling that follows it`,
  },
  ghostBatchSize: {
    ...count(1),
    group: "Batch normalization",
    help: t`batch statistics over N points at a time; default: the whole batch`,
  },
  decay: { type: "number", min: 0, below: 1, group: "Batch normalization", help: t`decay of the moving averages` },
  epsilon: { type: "number", min: 0, group: "Batch normalization", help: t`added to the variance under the root` },
  debias: { type: "switch", group: "Batch normalization", help: t`divide the moving averages by 1 − decayᵗ` },

  renormMax: {
    type: "number",
    min: 1,
    group: "Batch normalization",
    help: t`bound of renorm's r, from 1/N to N; default: 3`,
  },
  renormShift: {
    type: "number",
    min: 0,
    group: "Batch normalization",
    help: t`bound of renorm's d, ±N standard deviations; default: 5`,
  },
  frozenFrom: {
    ...count(1),
    group: "Batch normalization",
    help: t`from update N on, train with the moving averages and stop updating them`,
  },

  loss: {
    type: "choice",
    choices: LOSSES,
    group: "Training",
    help: t`training loss: mean squared error, or cross-entropy for targets that are classes 0, 1, 2, …; default: mse`,
  },
  epochs: { ...count(1), group: "Training", help: t`passes over the training points` },
  updates: { ...count(1), group: "Training", help: t`gradient steps, instead of epochs` },
  batchSize: { type: "batch", group: "Training", help: t`points per update; full: all of them` },
  learningRate: { type: "number", min: 0, group: "Training", help: t`step size of the gradient descent` },
  accumulate: {
    ...count(1),
    group: "Training",
    help: t`batches per update; each has its own statistics, and their gradients are averaged`,
  },
  optimizer: {
    type: "choice",
    choices: OPTIMIZERS,
    group: "Training",
    help: t`optimizer; default: sgd`,
  },
  momentum: {
    type: "number",
    min: 0,
    below: 1,
    group: "Training",
    help: t`momentum of the momentum optimizer; default: 0.9`,
  },
  beta1: { type: "number", min: 0, below: 1, group: "Training", help: t`decay of Adam's mean gradient; default: 0.9` },
  beta2: {
    type: "number",
    min: 0,
    below: 1,
    group: "Training",
    help: t`decay of Adam's mean squared gradient; default: 0.999`,
  },
  weightDecay: {
    type: "number",
    min: 0,
    group: "Training",
    help: t`each update subtracts this share of the kernels, times the learning rate`,
  },
  decayNorms: { type: "switch", group: "Training", help: t`apply weight decay to gamma, beta, gains and biases, too` },

  costEvery: { ...count(1), group: "Recording", help: t`updates between recorded costs` },
  histogramEvery: { ...count(1), group: "Recording", help: t`updates between recorded histograms` },
  roundingProbe: {
    ...count(0, 1000),
    group: "Recording",
    help: t`repeat each arm N times with every initial kernel entry changed by one unit in the last place`,
  },
  mapsOf: {
    ...count(0),
    group: "Recording",
    help: t`image whose feature maps are recorded: its index among the observed training images, from 0`,
  },
  saveWeights: { type: "switch", group: "Recording", help: t`write the weights of every recorded checkpoint` },

  engine: {
    type: "choice",
    choices: ENGINES,
    group: "Engine",
    help: t`implementation of the forward and backward passes; default: fused`,
  },
  backend: {
    type: "choice",
    choices: BACKENDS,
    group: "Engine",
    help: t`backend of the tfjs engine; default: the best that loads`,
  },
  workers: { ...count(1, 256), group: "Engine", help: t`arms trained in parallel; default: one per core` },

  out: { ...path("DIR"), group: "Output", help: t`run folder; default runs/NAME-HASH` },
  json: { type: "switch", group: "Output", help: t`print result.json and nothing else` },
  quiet: { type: "switch", group: "Output", help: t`show no progress` },
  verbose: { type: "switch", group: "Output", help: t`print more about each phase` },
  csv: { type: "switch", group: "Output", help: t`also write arms, costs, layers and histograms as CSV files` },
  png: { type: "switch", group: "Output", help: t`also write the charts as PNG files` },
  animation: {
    type: "switch",
    group: "Output",
    help: t`also write training.svg, an animation of fits, costs and layers`,
  },
  chartFormat: {
    type: "choice",
    choices: CHART_FORMATS,
    group: "Output",
    help: t`charts as SVG files, as Vega-Lite specifications, or as both; default: svg`,
  },
  open: { type: "switch", group: "Output", help: t`open the report when done` },
} as const satisfies Record<string, Key>;

export type KeyName = keyof typeof KEYS;

type ValueOf<K extends KeyType> = K extends { type: "choice"; choices: readonly (infer C)[] }
  ? C
  : K extends { type: "integer" | "number" }
    ? number
    : K extends { type: "batch" }
      ? number | "full"
      : K extends { type: "seeds" }
        ? number | number[]
        : K extends { type: "columns" | "layers" }
          ? string[]
          : K extends { type: "switch" }
            ? boolean
            : string;

type KeySettings = { -readonly [K in KeyName]?: ValueOf<(typeof KEYS)[K]> };

/** Keys that an arm may set. All other keys are shared by every arm; otherwise the arms would not be comparable. */
export const ARM_KEYS = [
  "activation",
  "init",
  "initStd",
  "bias",
  "biasStd",
  "normalize",
  "normalizer",
  "normalizeOutput",
  "axes",
  "transform",
  "affine",
  "position",
  "ghostBatchSize",
  "decay",
  "epsilon",
  "debias",
  "renormMax",
  "renormShift",
  "frozenFrom",
  "learningRate",
  "optimizer",
  "momentum",
  "beta1",
  "beta2",
  "weightDecay",
  "decayNorms",
] as const satisfies readonly KeyName[];

/** Of an arm whose effect is not measured, unless an arm has that name. */
export const NO_CONTROL = "none";

/** What one arm sets over the experiment's settings, and the arm its effect is measured against (the first one). */
export interface ArmSettings extends Pick<KeySettings, (typeof ARM_KEYS)[number]> {
  against?: string;
}

/** How `bn-compare check` judges the experiment. */
export interface CheckSettings {
  /** How much a gated quantity may increase, unless its gate has its own tolerance: `"5%"` or an amount. */
  maxIncrease?: string | number;
  /** The quantities that are gated, `ARM.train|inference|recalibrated|effect|gap`, each with its own tolerance or none. */
  gates?: Readonly<Record<string, string | number | null>>;
  /** Whether code that takes different steps from the baseline's states is inconclusive (gate) or only mentioned (note). */
  steps?: "gate" | "note";
  /** Number of seeds to compare, from the experiment's first one on; default: the experiment's own, or 20 if it has one. */
  seeds?: number;
  /** Number of seeds in the baseline, for checks with `--max-seeds`. */
  maxSeeds?: number;
}

/** One value of an axis of a sweep. */
export type AxisValue = string | number | boolean;

/** The keys that a sweep varies, each with its values in order; the grid is their product. */
export type Axes = Readonly<Record<string, readonly AxisValue[]>>;

/** Values of some keys, from a preset, a file or flags. `arms`, `check` and `sweep` are allowed only in files. */
export type Settings = KeySettings & {
  arms?: Readonly<Record<string, ArmSettings>>;
  check?: CheckSettings;
  sweep?: Axes;
};

/** Keys without which there is no run; every preset says them. */
type Guaranteed =
  | "preset"
  | "activation"
  | "seed"
  | "shuffle"
  | "hiddenLayers"
  | "width"
  | "init"
  | "bias"
  | "biasStd"
  | "normalize"
  | "transform"
  | "affine"
  | "position"
  | "decay"
  | "epsilon"
  | "debias"
  | "batchSize"
  | "learningRate"
  | "costEvery"
  | "histogramEvery"
  | "roundingProbe";

/** Settings after merging: a preset with what a file and flags say over it. */
export type CompleteSettings = Settings & Required<Pick<KeySettings, Guaranteed>>;

export const keyNames = Object.keys(KEYS) as KeyName[];

export const isKeyName = (key: string): key is KeyName => Object.hasOwn(KEYS, key);

export const keyOf = (name: KeyName): Key => KEYS[name];

/** `hiddenLayers` → `--hidden-layers`. */
export const flagOf = (name: KeyName): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What would be right, for an error message. */
export function expectation(key: Key): string {
  switch (key.type) {
    case "choice":
      return t`one of ${key.choices.join(", ")}`;
    case "integer":
      return t`a whole number from ${key.min} to ${key.max}`;
    case "number":
      return t`a number${key.min === undefined ? "" : ` ≥ ${key.min}`}${key.below === undefined ? "" : t` and < ${key.below}`}`;
    case "batch":
      return t`a whole number ≥ 1, or "full"`;
    case "normalizer":
      return t`one of ${NORMALIZER_FORMS.join(", ")}`;
    case "layers":
      return t`a list of ${MIN_LAYERS} to ${MAX_LAYERS} layers, each ${LAYER_FORMS.join(", ")}`;
    case "seeds":
      return t`a number of seeds from 1 to 10000, or a list of different seeds`;
    case "switch":
      return t`true or false`;
    case "path":
      return t`the path of a file or folder`;
    case "column":
      return t`the name of a column`;
    case "columns":
      return t`names of columns, separated by commas`;
    case "text":
      return t`a text of letters of any script, digits, ., _ and -, which can be the name of a folder`;
  }
}
