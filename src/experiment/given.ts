import { isDeepStrictEqual } from "node:util";
import { INPUTS, inputName } from "../config/codec.js";
import { type CompleteSettings, flagOf, type KeyName, type Settings } from "../config/keys.js";
import { readTable, type Table } from "../data/csv.js";
import { amountsOf, type DataSource } from "../data/dataset.js";
import { type Digest, float32Digest } from "../data/digest.js";
import { tensorFormat } from "../data/formats/names.js";
import { readInput } from "../input-file.js";
import { type InputShape, inputShape, namedFault, networkOfNamed } from "../model/layers/index.js";
import { MAX_UNITS } from "../model/layers/layer.js";
import type { ImageNetwork } from "../model/layers/stages.js";
import { stagesOf } from "../model/layers/stages.js";
import { lossOf } from "../model/losses/index.js";
import type { TensorMap } from "../model/tensors.js";
import { readWeights, sizesOf } from "../model/weights.js";
import { configurationError } from "../problems.js";
import { t } from "../text/language.js";
import { listed } from "../text/listed.js";
import { countedText } from "../text/numbers.js";
import { readGivenPoints } from "./given-sets.js";
import { tensorPoints } from "./given-tensors.js";
import { generatedSource } from "./passes.js";

/** The columns of a file of points, and how it was read. */
export type GivenColumns = Pick<Table, "inputs" | "target" | "reading" | "rounding">;

/** Where the points come from. */
export interface Read {
  readonly source: DataSource;
  /** Of points in columns; absent where they are generated, or tensors. */
  readonly columns?: GivenColumns;
  /** The float32 values of the given files by their digest, never their paths or bytes: spelling makes no other numbers. */
  readonly files: Readonly<Record<string, { readonly sha256: Digest; readonly format?: "safetensors" }>>;
  readonly inputs: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly notices: readonly string[];
}

/** Reads the files of points that the settings name. Throws expected errors. */
export function readData(settings: Settings, written: ReadonlyMap<string, string>): Read {
  if (settings.data === undefined) {
    return { source: generatedSource(settings), files: {}, inputs: [], notices: [] };
  }
  if (tensorFormat(settings.data) !== undefined) return tensors(settings, written);
  const { target, columns, delimiter } = settings;
  const training = readTable(readInput(settings.data, "points"), settings.data, { target, columns, delimiter });
  const test =
    settings.testData === undefined
      ? undefined
      : readTable(readInput(settings.testData, "points"), settings.testData, { delimiter, like: training });
  const file = ({ points: { x, y } }: Table) => ({ sha256: float32Digest(x, y) });
  return {
    source: { kind: "given", training: training.points, ...(test === undefined ? {} : { test: test.points }) },
    columns: training,
    files: { data: file(training), ...(test === undefined ? {} : { testData: file(test) }) },
    inputs: [[INPUTS.data, training.bytes], ...(test === undefined ? [] : [[INPUTS.testData, test.bytes] as const])],
    notices: [...training.notices, ...(test?.notices ?? [])],
  };
}

/** Whatever their format, the run folder keeps the points that were taken as tensors. */
function tensors(settings: Settings, written: ReadonlyMap<string, string>): Read {
  const { training, test, notices } = readGivenPoints(settings, written);
  const sets = [["data", training] as const, ...(test === undefined ? [] : [["testData", test] as const])];
  return {
    source: { kind: "given", training, ...(test === undefined ? {} : { test }) },
    files: Object.fromEntries(
      sets.map(([key, { x, y }]) => [key, { sha256: float32Digest(x, y), format: "safetensors" }]),
    ),
    inputs: sets.map(([key, points]) => [inputName(key, "safetensors"), tensorPoints(points)]),
    notices,
  };
}

/** A network's sizes, and its weights where a file gives them. */
export interface Settled {
  readonly sizes: readonly number[];
  /** Where the points are images. */
  readonly images?: ImageNetwork;
  /** The weights given in a file. */
  readonly given?: { readonly weights: TensorMap; readonly sha256: Digest; readonly bytes: Buffer };
  readonly notices: readonly string[];
}

/**
 * Layers as the settings or a file of weights have them. Their last has an output for each number of a target, or of
 * labels one for each class.
 */
export function settleSizes(
  settings: CompleteSettings,
  written: ReadonlyMap<string, string>,
  { source }: Pick<Read, "source">,
): Settled {
  const settled = sizesWith(settings, written, source);
  const { targets } = amountsOf(source);
  if (settings.standardizeTargets && targets > 1) {
    throw configurationError([
      t`${written.get("standardizeTargets")}: a point has ${targets} targets; standardize them in the file, or leave it out`,
    ]);
  }
  const fault = outputFault(settings, source, settled.sizes.at(-1) ?? 1);
  if (fault === undefined) return settled;
  const at = settings.layers === undefined ? settings.weights : written.get("layers");
  throw configurationError([fault.at === "loss" ? `${written.get("loss")}: ${fault.is}` : `${at}: ${fault.is}`]);
}

/** Every label of the points that are given. */
function* labelsOf(source: DataSource): Generator<{ readonly label: number; readonly place: string }> {
  if (source.kind !== "given") return;
  const sets = [
    ["data", source.training],
    ["testData", source.test],
  ] as const;
  for (const [key, points] of sets) {
    for (const [i, label] of (points?.y ?? []).entries()) yield { label, place: t`${key}, point ${i + 1}` };
  }
}

function outputFault(
  settings: CompleteSettings,
  source: DataSource,
  outputs: number,
): { readonly at: "loss" | "layers"; readonly is: string } | undefined {
  const { targets } = amountsOf(source);
  if (!lossOf(settings).classes) {
    if (outputs === targets) return undefined;
    return {
      at: "layers",
      is: t`the last layer has ${outputs} outputs, and a target is ${countedText(targets, "number")}`,
    };
  }
  if (targets !== 1)
    return { at: "loss", is: t`${settings.loss} takes one label a point; here a target is ${targets} numbers` };
  for (const { label, place } of labelsOf(source)) {
    if (!Number.isInteger(label) || label < 0)
      return { at: "loss", is: t`${settings.loss} takes labels 0, 1, 2, …; ${place} has ${label}` };
    if (label >= outputs)
      return {
        at: "layers",
        is: t`the last layer has ${outputs} outputs, for labels 0 … ${outputs - 1}; ${place} has ${label}`,
      };
  }
  return outputs > 1
    ? undefined
    : { at: "layers", is: t`the last layer has one output; ${settings.loss} takes at least two` };
}

/** As many outputs as the targets ask for, where nothing says how many. */
function outputsFor(settings: CompleteSettings, source: DataSource): number {
  if (!lossOf(settings).classes) return amountsOf(source).targets;
  let most = 1;
  for (const { label } of labelsOf(source)) most = Math.max(most, Math.floor(label));
  return Math.min(most + 1, MAX_UNITS);
}

function imagesFault({ isImage }: InputShape): string | undefined {
  return isImage
    ? t`the points are images; say which layers lie between them and the outputs, as in layers: [conv 16, max, flatten, dense 10]`
    : undefined;
}

function sizesWith(settings: CompleteSettings, written: ReadonlyMap<string, string>, source: DataSource): Settled {
  const { inputs, image } = amountsOf(source);
  const { layers, weights: path } = settings;
  const input = inputShape(inputs, image);
  const fault = layers === undefined ? imagesFault(input) : namedFault(layers, input);
  if (fault !== undefined) throw configurationError([`${written.get("layers") ?? flagOf("layers")}: ${fault}`]);
  const { sizes: stated, images } = layers === undefined ? {} : networkOfNamed(layers, input);
  if (path === undefined) {
    const hidden = new Array<number>(settings.hiddenLayers).fill(settings.width);
    return {
      sizes: stated ?? [inputs, ...hidden, outputsFor(settings, source)],
      ...(images && { images }),
      notices: [],
    };
  }
  const bytes = readInput(path, "weights");
  const {
    weights,
    ignored,
    notices: read,
  } = readWeights(bytes, path, images && stated && stagesOf({ sizes: stated, images }));
  const sizes = sizesOf(weights);
  const hidden = sizes.slice(1, -1);
  const conflicts: string[] = [];
  const conflict = (name: KeyName, holds: boolean, found: string) => {
    if (written.has(name) && !holds)
      conflicts.push(t`${written.get(name)}: ${settings[name]} conflicts with ${path}, which has ${found}`);
  };
  conflict("hiddenLayers", hidden.length === settings.hiddenLayers, t`${hidden.length} hidden layers`);
  conflict(
    "width",
    hidden.every((units) => units === settings.width),
    t`hidden layers of ${hidden.join(", ")} units`,
  );
  if (stated !== undefined && !isDeepStrictEqual(stated.slice(1), sizes.slice(1)))
    conflicts.push(
      t`${written.get("layers")}: layers of ${stated.slice(1).join(", ")} units conflict with ${path}, which has ${sizes.slice(1).join(", ")}`,
    );
  for (const name of ["init", "initStd", "bias", "biasStd"] as const) {
    conflict(name, false, t`the initial kernels and biases themselves`);
  }
  if (images === undefined && sizes[0] !== inputs) {
    conflicts.push(
      inputs === 1
        ? t`${path}: layers.0.kernel has ${sizes[0]} inputs where the data has 1 input column`
        : t`${path}: layers.0.kernel has ${sizes[0]} inputs where the data has ${inputs} input columns`,
    );
  }
  if (conflicts.length > 0) throw configurationError(conflicts);
  const sha256 = float32Digest(...[...weights.values()].map(({ data }) => data));
  const unused =
    ignored.length === 0
      ? []
      : [t`${path}: not used: ${listed(ignored)}; all arms start from kernels and biases alone`];
  const network = images === undefined || stated === undefined ? { sizes } : { sizes: stated, images };
  return { ...network, given: { weights, sha256, bytes }, notices: [...read, ...unused] };
}
