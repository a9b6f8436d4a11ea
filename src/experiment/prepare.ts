import { readFileSync } from "node:fs";
import { flagOf, type KeyName, type Settings } from "../config/keys.js";
import { configurationError } from "../config/load.js";
import type { Configuration } from "../config/merge.js";
import { parsePoints } from "../data/csv.js";
import { buildDataset, type DataSource, type Dataset } from "../data/dataset.js";
import { byteDigest } from "../data/digest.js";
import type { Points } from "../data/points.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { ENGINES } from "../engines/names.js";
import { fileError } from "../errors.js";
import { initialWeights } from "../model/initialisers.js";
import type { NetworkSpec } from "../model/network.js";
import type { TensorMap } from "../model/tensors.js";
import { readWeights, sizesOf } from "../model/weights.js";
import type { Schedule } from "../training/schedule.js";
import type { ResolvedConfig } from "./result.js";

/** An experiment with everything read, made and checked: ready to train. */
export interface Experiment {
  /** The resolved configuration, as `result.json` shows it; the engine is added when it is loaded. */
  readonly config: Omit<ResolvedConfig, "engine" | "backend">;
  readonly name: string;
  readonly dataset: Dataset;
  readonly weights: TensorMap;
  /** One spec an arm, in the order shown. */
  readonly arms: Readonly<Record<string, NetworkSpec>>;
  readonly batchSize: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  readonly saveWeights: boolean;
  /** The given files' contents by their name in the run folder, which is then whole without them. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly engine: { readonly name: EngineName; readonly backend?: BackendName };
  readonly notices: readonly string[];
}

/** Where a run folder keeps the files that were given. */
export const INPUTS = {
  data: "inputs/data.csv",
  testData: "inputs/test-data.csv",
  weights: "inputs/weights.safetensors",
} as const;

/** The settings that the presets guarantee. */
type Complete = Settings & Required<Pick<Settings, (typeof GUARANTEED)[number]>>;
const GUARANTEED = [
  "preset",
  "activation",
  "seed",
  "shuffle",
  "hiddenLayers",
  "width",
  "init",
  "decay",
  "epsilon",
  "debias",
  "batchSize",
  "learningRate",
  "costEvery",
  "histogramEvery",
] as const satisfies readonly KeyName[];

/** Reads the files the settings name, makes data and weights, and settles every size. Throws expected errors. */
export function prepareExperiment({ settings, written }: Configuration): Experiment {
  const complete = settings as Complete;
  const data = readData(complete);
  const dataset = buildDataset(data.source, complete.seed, complete.shuffle);
  const { sizes, weights, file, notices } = readOrDrawWeights(complete, written, dataset.inputs);

  const { samples } = dataset.training;
  if (complete.batchSize !== "full" && complete.batchSize > samples) {
    const at = written.get("batchSize") ?? flagOf("batchSize");
    throw configurationError([
      `${at}: ${complete.batchSize} is more than the ${samples} samples; give at most that, or full`,
    ]);
  }
  const batchSize = complete.batchSize === "full" ? samples : complete.batchSize;
  const updates = complete.updates ?? (complete.epochs as number) * Math.ceil(samples / batchSize);
  const plain: NetworkSpec = { sizes, activation: complete.activation, learningRate: complete.learningRate };
  const normalization = { epsilon: complete.epsilon, decay: complete.decay, debias: complete.debias };
  const [width, ...widths] = sizes.slice(1, -1);

  return {
    name: complete.name ?? `${complete.data === undefined ? complete.preset : "data"}-${complete.activation}`,
    dataset,
    weights,
    arms: { plain, bn: { ...plain, normalization } },
    batchSize,
    schedule: {
      updates,
      costEvery: complete.costEvery,
      histogramEvery: complete.histogramEvery,
      fullBatch: batchSize === samples,
    },
    saveWeights: complete.saveWeights ?? false,
    engine: {
      name: complete.engine ?? ENGINES[0],
      ...(complete.backend === undefined ? {} : { backend: complete.backend }),
    },
    notices,
    inputs: new Map([...data.inputs, ...(file === undefined ? [] : [[INPUTS.weights, file.bytes] as const])]),
    config: {
      preset: complete.preset,
      activation: complete.activation,
      seed: complete.seed,
      samples,
      ...(data.generated ? { testSamples: complete.testSamples, noise: complete.noise } : {}),
      shuffle: complete.shuffle,
      ...data.files,
      sizes,
      ...(widths.every((other) => other === width) ? { hiddenLayers: sizes.length - 2, width } : {}),
      ...(file === undefined
        ? { init: complete.init, ...(complete.init === "normal" ? { initStd: complete.initStd } : {}) }
        : { weights: { sha256: file.sha256 } }),
      decay: complete.decay,
      epsilon: complete.epsilon,
      debias: complete.debias,
      updates,
      batchSize,
      learningRate: complete.learningRate,
      costEvery: complete.costEvery,
      histogramEvery: complete.histogramEvery,
    },
  };
}

interface Read {
  readonly source: DataSource;
  readonly generated: boolean;
  /** Contents of the given files, never their paths. */
  readonly files: Readonly<Record<string, { readonly sha256: string }>>;
  readonly inputs: readonly (readonly [name: string, bytes: Uint8Array])[];
}

function readData(settings: Settings): Read {
  if (settings.data === undefined) {
    const { samples = 0, testSamples = 0, noise = 0 } = settings;
    return { source: { kind: "parabola", samples, testSamples, noise }, generated: true, files: {}, inputs: [] };
  }
  const training = readPoints(settings.data);
  const test = settings.testData === undefined ? undefined : readPoints(settings.testData);
  if (test !== undefined && test.points.inputs !== training.points.inputs) {
    const [trained, tested] = [training.points.inputs, test.points.inputs];
    throw configurationError([
      `${settings.testData}: ${tested} input column${tested === 1 ? "" : "s"} where ${settings.data} has ${trained}; both need the same`,
    ]);
  }
  return {
    source: { kind: "given", training: training.points, ...(test === undefined ? {} : { test: test.points }) },
    generated: false,
    files: { data: { sha256: training.sha256 }, ...(test === undefined ? {} : { testData: { sha256: test.sha256 } }) },
    inputs: [[INPUTS.data, training.bytes], ...(test === undefined ? [] : [[INPUTS.testData, test.bytes] as const])],
  };
}

function readPoints(file: string): { points: Points; sha256: string; bytes: Uint8Array } {
  const bytes = readInput(file);
  return { points: parsePoints(bytes.toString("utf8"), file), sha256: byteDigest(bytes), bytes };
}

function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileError("read", file, error);
  }
}

function readOrDrawWeights(settings: Complete, written: ReadonlyMap<KeyName, string>, inputs: number) {
  if (settings.weights === undefined) {
    const sizes = [inputs, ...new Array<number>(settings.hiddenLayers).fill(settings.width), 1];
    const { init, initStd = 1, seed } = settings;
    return { sizes, weights: initialWeights(sizes, { init, initStd }, seed), file: undefined, notices: [] };
  }
  const bytes = readInput(settings.weights);
  const { weights, ignored } = readWeights(bytes, settings.weights);
  const sizes = sizesOf(weights);
  const hidden = sizes.slice(1, -1);
  const conflicts: string[] = [];
  const conflict = (name: KeyName, holds: boolean, found: string) => {
    if (written.has(name) && !holds)
      conflicts.push(`${written.get(name)}: ${settings[name]} conflicts with ${settings.weights}, which has ${found}`);
  };
  conflict("hiddenLayers", hidden.length === settings.hiddenLayers, `${hidden.length} hidden layers`);
  conflict(
    "width",
    hidden.every((units) => units === settings.width),
    `hidden layers of ${hidden.join(", ")} units`,
  );
  conflict("init", false, "the initial kernels themselves");
  conflict("initStd", false, "the initial kernels themselves");
  if (sizes[0] !== inputs) {
    conflicts.push(
      `${settings.weights}: layers.0.kernel has ${sizes[0]} inputs where the data has ${inputs} input column${inputs === 1 ? "" : "s"}`,
    );
  }
  if (conflicts.length > 0) throw configurationError(conflicts);
  const notices =
    ignored.length === 0
      ? []
      : [`${settings.weights}: not used: ${ignored.join(", ")}; both arms start from kernels and biases alone`];
  return { sizes, weights, file: { sha256: byteDigest(bytes), bytes }, notices };
}
