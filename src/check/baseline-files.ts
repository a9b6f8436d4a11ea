import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { byteDigest } from "../data/digest.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { type FileSetKind, settleFileSet, writeFileSet } from "../files/file-set.js";
import { formatJson } from "../files/json.js";
import { readInput, readInputText } from "../input-file.js";
import { parseJson, versionText } from "../input-json.js";
import { readSafetensors } from "../model/safetensors.js";
import type { TensorMap } from "../model/tensors.js";
import { problemsOf } from "../problems.js";
import { BASELINE_VERSION, type Baseline, baselineSchema, currentBaseline } from "../record/baseline.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { BASELINE_FILE, configHash, STATES_FILES } from "./baseline.js";

/** A baseline's two files. The tensors' name comes first in order: where the baseline is, they are. */
const BASELINE_SET: FileSetKind = { name: "baseline", afterwards: removeSuperseded };

/** A baseline as it lies in an experiment's folder. */
export interface ReadBaseline {
  readonly file: string;
  readonly baseline: Baseline;
  /** The tensors of the recorded states. */
  readonly recordedStates: TensorMap;
}

/** Writes a baseline; returns what went wrong once it was in place. */
export function writeBaseline(
  folder: string,
  { baseline, recordedStates }: { readonly baseline: Baseline; readonly recordedStates: Uint8Array },
  signal: AbortSignal,
): Promise<string[]> {
  const files = new Map<string, string | Uint8Array>([
    [baseline.recordedStates.file, recordedStates],
    [BASELINE_FILE, formatJson(baseline)],
  ]);
  return writeFileSet(folder, BASELINE_SET, files, { signal });
}

/** Tensors of earlier baselines. */
function removeSuperseded(folder: string): void {
  const { recordedStates } = baselineSchema.parse(JSON.parse(readInputText(join(folder, BASELINE_FILE), "baseline")));
  for (const name of readdirSync(folder)) {
    if (STATES_FILES.test(name) && name !== basename(recordedStates.file)) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Reads and checks a baseline, after settling what a killed update left there. Everything wrong with it is a usage error that
 * names the file and `check --update`.
 */
export function readBaseline(folder: string): ReadBaseline {
  settleFileSet(folder, BASELINE_SET);
  const file = join(folder, BASELINE_FILE);
  const renew = t`write a new one with: bn-compare check --update ${folder}`;
  if (!existsSync(file))
    throw usageError(t`${folder} has no ${BASELINE_FILE}; write it with: bn-compare check --update ${folder}`);
  const json = parseJson(readInputText(file, "baseline"));
  if ("fault" in json) throw usageError(t`${file} ${json.fault}; it may be truncated; ${renew}`);
  const value = currentBaseline(json.value);
  const version = (value as { baselineVersion?: unknown } | null)?.baselineVersion;
  if (version !== BASELINE_VERSION) {
    const found = versionText("baselineVersion", value);
    throw usageError(t`${file} has ${found}; this bn-compare reads ${BASELINE_VERSION}; ${renew}`);
  }
  const unsound = (faults: readonly string[]) => {
    const lines = problemsOf(faults).lines();
    return usageError([t`${file} is not a valid baseline; ${renew}`, ...lines.map((line) => `  ${line}`)]);
  };
  const parsed = baselineSchema.safeParse(value);
  if (!parsed.success) {
    throw unsound(parsed.error.issues.map((issue) => faultText(issue, value)));
  }
  const baseline = parsed.data;
  if (configHash(baseline.config) !== baseline.configHash) {
    throw usageError(t`${file}: configHash is not the hash of config: one of them was edited; ${renew}`);
  }
  const holes = holesIn(baseline);
  if (holes.length > 0) throw unsound(holes);
  // Read now, not when the bytes differ: a baseline without them would pass until it is needed.
  return { file, baseline, recordedStates: readStates(folder, baseline, renew) };
}

/** What is not there though every value that is there is right. */
function holesIn({ config, seeds, costs, digests }: Baseline): string[] {
  const arms = Object.keys((config["arms"] as object | undefined) ?? costs);
  const seen = new Set<number>();
  return [
    ...arms.filter((arm) => !Object.hasOwn(costs, arm)).map((arm) => t`costs.${excerpt(arm)} is missing`),
    ...seeds.flatMap(({ seed, arms: outcomes }, i) => [
      ...(seen.size === seen.add(seed).size ? [t`seeds.${i}.seed is ${seed}, which occurs twice`] : []),
      ...arms
        .filter((arm) => !Object.hasOwn(outcomes, arm))
        .map((arm) => t`seeds.${i}.arms.${excerpt(arm)} is missing`),
    ]),
    ...Object.entries(digests).flatMap(([arm, { tensors, updates }]) =>
      updates
        .filter(([, digits]) => digits.length !== 8 * tensors.length)
        .map(
          ([update]) =>
            t`digests.${excerpt(arm)}: update ${update} does not have eight digits for each of ${tensors.length} tensors`,
        ),
    ),
  ];
}

/** `seeds.0.arms.bn.final.train is "NaN", not a number`. */
function faultText({ path, message }: z.core.$ZodIssue, value: unknown): string {
  let found: unknown = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const shown = found === undefined ? "missing" : typeof found === "number" ? String(found) : JSON.stringify(found);
  return t`${excerpt(path.join("."), 100)} is ${excerpt(shown)}: ${message}`;
}

function readStates(folder: string, { recordedStates }: Baseline, renew: string): TensorMap {
  const file = join(folder, basename(recordedStates.file));
  let bytes: Buffer;
  try {
    bytes = readInput(file, "states");
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    throw new ExpectedError(EXIT.usage, `${error.message}; ${renew}`);
  }
  if (byteDigest(bytes) !== recordedStates.sha256) {
    throw usageError(t`${file} is not the file that ${BASELINE_FILE} was written with: its SHA-256 differs; ${renew}`);
  }
  return readSafetensors(bytes, file).tensors;
}
