import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { type InputKind, readInputText } from "../input-file.js";
import { excerpt } from "../text/excerpt.js";
import { KEYS, type KeyName, type Settings } from "./keys.js";
import { checkLayer, flagLayer, type Layer, type Problem, type RawLayer } from "./layers.js";
import { type Configuration, mergeLayers } from "./merge.js";
import { presets } from "./presets.js";

/** The experiments that come with the package. */
export const PACKAGED = fileURLToPath(new URL("../../experiments/", import.meta.url));

/**
 * Reads an experiment (a folder with `experiment.yaml`, or a YAML file) if one is named, and the flags over it.
 * Throws one error with every problem found.
 */
export function loadConfiguration(
  experiment: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Configuration {
  const problems: Problem[] = [];
  const layers: Layer[] = [];
  if (experiment !== undefined) {
    const file = experimentFile(experiment);
    layers.push(relativeTo(dirname(file), checkLayer(readYaml(file), problems)));
  }
  layers.push(checkLayer(flagLayer(flags), problems));
  const preset = layers.map(({ settings }) => settings.preset).findLast((name) => name !== undefined) ?? "tutorial";
  const configuration = mergeLayers({ ...presets[preset], preset }, layers, problems);
  if (problems.length > 0) throw configurationError(problems);
  return configuration;
}

/** The settings of flags alone, checked. */
export function checkedFlags(flags: Readonly<Record<string, unknown>>): Settings {
  const problems: Problem[] = [];
  const { settings } = checkLayer(flagLayer(flags), problems);
  if (problems.length > 0) throw configurationError(problems);
  return settings;
}

export function configurationError(problems: readonly Problem[]): ExpectedError {
  if (problems.length === 1) return usageError(problems[0] as string);
  return usageError([
    `${problems.length} problems in the configuration:`,
    ...problems.map((problem) => `  ${problem}`),
  ]);
}

/** The YAML file meant by a folder, a file, or the name of an experiment that comes with the package. */
export function experimentFile(experiment: string): string {
  const candidates = [experiment, join(PACKAGED, experiment.replace(/^experiments\//, ""))];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new ExpectedError(
      EXIT.file,
      `cannot read the experiment ${experiment}: there is no such file or folder, and none of that name comes with bn-compare`,
    );
  }
  if (!statSync(found).isDirectory()) return found;
  const file = join(found, "experiment.yaml");
  if (!existsSync(file)) throw new ExpectedError(EXIT.file, `${found} is no experiment: it has no experiment.yaml`);
  return file;
}

/** Characters of a key's path; those of an arm's keys, whose name is right, have fewer. */
const LONGEST_PATH = 100;

/** The keys of a YAML file with their lines. */
export function readYaml(file: string, kind: Extract<InputKind, "experiment" | "claim"> = "experiment"): RawLayer {
  const text = readInputText(file, kind);
  const shownFile =
    isAbsolute(file) && !relative(process.cwd(), file).startsWith("..") ? relative(process.cwd(), file) : file;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw configurationError(
      document.errors.map(
        (error) => `${shownFile}:${lines.linePos(error.pos[0]).line}: this is not YAML: ${excerpt(error.message, 200)}`,
      ),
    );
  }
  if (document.contents === null) return { entries: [], locate: () => shownFile };
  if (!isMap(document.contents))
    throw usageError(
      `${shownFile}:1: ${kind === "claim" ? "a claim" : "an experiment"} must be a list of "key: value" lines`,
    );
  const values = plainValues(document, shownFile);
  const lineOf = new Map<string, number>();
  noteLines(document.contents, "", (path, offset) => lineOf.set(path, lines.linePos(offset).line));
  const entries = Object.entries(values).map(([key, value]) => ({ key, value }));
  return {
    entries,
    locate: (path) => `${shownFile}:${lineOf.get(path) ?? 1}: ${excerpt(path, LONGEST_PATH)}`,
  };
}

/** Where each key stands, by its path: `arms.plain.init`. */
function noteLines(map: YAMLMap, prefix: string, note: (path: string, offset: number) => void): void {
  for (const { key, value } of map.items) {
    const path = `${prefix}${isScalar(key) ? String(key.value) : "a key that is no text"}`;
    note(path, isScalar(key) ? (key.range?.[0] ?? 0) : 0);
    if (isMap(value)) noteLines(value, `${path}.`, note);
  }
}

/** Fails on an alias without its anchor, or one that multiplies without end. */
function plainValues(document: Document.Parsed, file: string): Record<string, unknown> {
  try {
    return document.toJS() as Record<string, unknown>;
  } catch (error) {
    throw usageError(`${file}:1: this is not YAML: ${excerpt((error as Error).message, 200)}`);
  }
}

/** Paths in a file are meant from the file's own folder. */
function relativeTo(folder: string, layer: Layer): Layer {
  const settings: Record<string, unknown> = { ...layer.settings };
  for (const [key, value] of Object.entries(settings)) {
    if (key in KEYS && KEYS[key as KeyName].type === "path") settings[key] = resolve(folder, value as string);
  }
  return { ...layer, settings: settings as Settings };
}
