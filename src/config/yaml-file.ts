import { isAbsolute, relative } from "node:path";
import { type Document, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml";
import { type ExpectedError, usageError } from "../errors.js";
import { type InputKind, readInputText } from "../input-file.js";
import { configurationError, Problems } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import type { RawLayer } from "./layers.js";

/** Characters of a key's path; those of an arm's keys, whose name is right, have fewer. */
const LONGEST_PATH = 100;

/** The keys of a YAML file with their lines. Throws one error with every problem of the file's form. */
export function readYaml(file: string, kind: Extract<InputKind, "experiment" | "claim"> = "experiment"): RawLayer {
  const text = readInputText(file, kind);
  const shownFile =
    isAbsolute(file) && !relative(process.cwd(), file).startsWith("..") ? relative(process.cwd(), file) : file;
  const lines = new LineCounter();
  const at = (offset: number) => `${shownFile}:${lines.linePos(offset).line}`;
  const document = parsed(text, shownFile, lines);
  if (depthOf(document.contents) > DEEPEST) throw tooDeep(shownFile);
  const problems = new Problems();
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const what = code === "NON_STRING_KEY" ? t`a key must be text` : t`this is not YAML: ${excerpt(message, 200)}`;
    problems.push(() => `${at(pos[0])}: ${what}`);
  }
  const lineOf = new Map<string, number>();
  noteKeys(document.contents, "", (path, offset, earlier) => {
    const { line } = lines.linePos(offset);
    lineOf.set(path, line);
    if (earlier === undefined) return;
    problems.push(
      () => t`${at(offset)}: ${excerpt(path, LONGEST_PATH)}: is already in line ${lines.linePos(earlier).line}`,
    );
  });
  if (problems.length > 0) throw configurationError(problems);
  if (document.contents === null) return { entries: [], locate: () => shownFile };
  if (!isMap(document.contents))
    throw usageError(
      t`${shownFile}:1: ${kind === "claim" ? t`a claim` : t`an experiment`} must be a list of "key: value" lines`,
    );
  const values = plainValues(document, shownFile);
  const entries = Object.entries(values).map(([key, value]) => ({ key, value }));
  return {
    entries,
    locate: (path) => `${shownFile}:${lineOf.get(path) ?? 1}: ${excerpt(path, LONGEST_PATH)}`,
  };
}

function parsed(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      // Its own search for a key that stands twice compares each with each.
      uniqueKeys: false,
      stringKeys: true,
      // It would warn on stderr by itself; what it warns of is a problem of the file.
      logLevel: "error",
    });
  } catch (error) {
    // The parser calls itself for what is nested, and runs out of stack.
    if (error instanceof RangeError) throw tooDeep(file);
    throw error;
  }
}

/** Deeper than this no file of ours is; whatever walks its values by calling itself must not run out of stack. */
const DEEPEST = 100;

function tooDeep(file: string): ExpectedError {
  return usageError(t`${file}: keys and lists are nested more than ${DEEPEST} levels deep`);
}

/** How deep maps and lists are in each other at most, found without a call for each level. */
function depthOf(document: ParsedNode | null): number {
  let deepest = 0;
  const open: [node: unknown, depth: number][] = [[document, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    if (isMap(node)) for (const { key, value } of node.items) open.push([key, depth + 1], [value, depth + 1]);
    else if (isSeq(node)) for (const item of node.items) open.push([item, depth + 1]);
  }
  return deepest;
}

/** Notes where a key is, by its path, and where the same map has it before. */
type Note = (path: string, offset: number, earlier: number | undefined) => void;

/** Every key of a document: `arms.plain.init`; in a list, `seeds.0.key`. */
function noteKeys(node: ParsedNode | null, prefix: string, note: Note): void {
  if (isMap(node)) {
    const offsets = new Map<string, number>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const [name, offset] = [String(key.value), key.range[0]];
      const path = `${prefix}${name}`;
      note(path, offset, offsets.get(name));
      offsets.set(name, offset);
      noteKeys(value, `${path}.`, note);
    }
  } else if (isSeq(node)) {
    for (const [place, item] of node.items.entries()) noteKeys(item, `${prefix}${place}.`, note);
  }
}

/** Fails on an alias without its anchor, or one that multiplies without end. */
function plainValues(document: Document.Parsed, file: string): Record<string, unknown> {
  try {
    return document.toJS() as Record<string, unknown>;
  } catch (error) {
    throw usageError(t`${file}:1: this is not YAML: ${excerpt((error as Error).message, 200)}`);
  }
}
