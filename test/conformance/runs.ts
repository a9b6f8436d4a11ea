import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { CHARTS } from "../../src/charts/index.js";
import { cacheRoot } from "../../src/engines/tensorflow-paths.js";
import { MAIN } from "../cli/command.js";
import nodes from "./nodes.json" with { type: "json" };

/** A way to start Node: the program, what stands before its arguments, and what is added to the environment. */
export interface Host {
  readonly program: string;
  readonly before?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The Node that runs the tests. */
export const HERE: Host = { program: process.execPath };

/** The files of a run that are promised to be the same bytes everywhere. */
const SAME = ["result.json", "digests.json", "summary.md", ...CHARTS.map(({ name }) => `${name}.svg`)];
/** Pictures of several seeds, or of images and classes, of which a run may have none. */
const OPTIONAL = 5;

/** A small run on images, whose convolutions have strides and windows that reach beyond the image. */
export const IMAGES = ["--preset", "images", "--layers", "conv 4,max,conv 6 /2,mean,dense 10", "--updates", "12"];

/** Their contents by name. */
export type RunBytes = Readonly<Record<string, string>>;

/** What the built command writes for `run` with these flags. */
export async function runFiles(host: Host, ...flags: readonly string[]): Promise<RunBytes> {
  const parent = mkdtempSync(join(tmpdir(), "bn-compare-test-"));
  try {
    const folder = join(parent, "run");
    await bnCompareOn(host, "run", "--engine", "fused", "--quiet", "--out", folder, ...flags);
    const written = SAME.filter((name) => existsSync(join(folder, name)));
    expect(written.length).toBeGreaterThanOrEqual(SAME.length - OPTIONAL);
    return Object.fromEntries(written.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Runs the built command; throws with what it wrote when its exit code is not 0. */
export async function bnCompareOn({ program, before = [], env = {} }: Host, ...args: readonly string[]) {
  const { stdout } = await execa(program, [...before, MAIN, ...args], { stdin: "ignore", env });
  return stdout;
}

/** File by file, and without printing hundreds of kilobytes: the first place where two runs differ. */
export function expectSameBytes(actual: RunBytes, expected: RunBytes): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  const found = Object.entries(expected).map(([name, bytes]) => differenceOf(name, actual[name] ?? "", bytes));
  expect(found).toEqual(found.map(() => "same"));
}

function differenceOf(name: string, actual: string, expected: string): string {
  if (actual === expected) return "same";
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
  return `${name} at byte ${at}: ${around(actual)} instead of ${around(expected)}`;
}

/** The binaries that `install-nodes.mjs` installs, by package. */
export const NODES = {
  x64: nodes.x64.map((name) => ({ version: versionOf(name), binary: binaryOf(name) })),
  arm64: { version: versionOf(nodes.arm64), binary: binaryOf(nodes.arm64) },
  npm: nodes.npm.map((name) => ({ version: versionOf(name), folder: join(cacheRoot(), "nodes", name) })),
};

function versionOf(name: string): string {
  return name.slice(name.indexOf("@") + 1);
}

function binaryOf(name: string): string {
  return join(cacheRoot(), "nodes", name, "node");
}

/** Why a test is skipped; undefined where it runs. Where the suite is the judge, a missing part is a failure instead. */
export function skipReason(parts: readonly string[], advice: string): string | undefined {
  const missing = parts.filter((file) => !existsSync(file));
  if (missing.length === 0 || process.env["CI"] === "true") return undefined;
  return ` (skipped: no ${missing.join(", no ")}; ${advice})`;
}

export const INSTALL_NODES = "npm run setup:nodes";
