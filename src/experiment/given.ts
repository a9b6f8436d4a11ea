import { INPUTS } from "../config/codec.js";
import type { CompleteSettings, KeyName, Settings } from "../config/keys.js";
import { readTable, type Table } from "../data/csv.js";
import type { DataSource } from "../data/dataset.js";
import { type Digest, float32Digest } from "../data/digest.js";
import { readInput } from "../input-file.js";
import type { TensorMap } from "../model/tensors.js";
import { readWeights, sizesOf } from "../model/weights.js";
import { configurationError } from "../problems.js";
import { listed } from "../text/listed.js";
import { generatedSource } from "./passes.js";

/** The columns of a file of points, and how it was read. */
export type GivenColumns = Pick<Table, "inputs" | "target" | "reading" | "rounding">;

/** Where the points come from. */
export interface Read {
  readonly source: DataSource;
  /** Absent where the points are generated. */
  readonly columns?: GivenColumns;
  /** The float32 values of the given files by their digest, never their paths or bytes: spelling makes no other numbers. */
  readonly files: Readonly<Record<string, { readonly sha256: Digest }>>;
  readonly inputs: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly notices: readonly string[];
}

/** Reads the files of points that the settings name. Throws expected errors. */
export function readData(settings: Settings): Read {
  if (settings.data === undefined) {
    return { source: generatedSource(settings), files: {}, inputs: [], notices: [] };
  }
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

/** A network's sizes, and its weights where a file gives them. */
export interface Settled {
  readonly sizes: readonly number[];
  /** The weights given in a file. */
  readonly given?: { readonly weights: TensorMap; readonly sha256: Digest; readonly bytes: Buffer };
  readonly notices: readonly string[];
}

export function settleSizes(settings: CompleteSettings, written: ReadonlyMap<string, string>, inputs: number): Settled {
  if (settings.weights === undefined) {
    return { sizes: [inputs, ...new Array<number>(settings.hiddenLayers).fill(settings.width), 1], notices: [] };
  }
  const bytes = readInput(settings.weights, "weights");
  const { weights, ignored, notices: read } = readWeights(bytes, settings.weights);
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
  for (const name of ["init", "initStd", "bias", "biasStd"] as const) {
    conflict(name, false, "the initial kernels and biases themselves");
  }
  if (sizes[0] !== inputs) {
    conflicts.push(
      `${settings.weights}: layers.0.kernel has ${sizes[0]} inputs where the data has ${inputs} input column${inputs === 1 ? "" : "s"}`,
    );
  }
  if (conflicts.length > 0) throw configurationError(conflicts);
  const sha256 = float32Digest(...[...weights.values()].map(({ data }) => data));
  const unused =
    ignored.length === 0
      ? []
      : [`${settings.weights}: not used: ${listed(ignored)}; all arms start from kernels and biases alone`];
  return { sizes, given: { weights, sha256, bytes }, notices: [...read, ...unused] };
}
