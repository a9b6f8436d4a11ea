import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfiguration } from "../../src/config/load.js";
import { presets } from "../../src/config/presets.js";
import { EXIT, ExpectedError } from "../../src/errors.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "load-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function experiment(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function refusal(load: () => unknown): ExpectedError {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    return error as ExpectedError;
  }
  throw new Error("nothing was refused");
}

describe("where the settings come from", () => {
  test("without experiment and flags, the tutorial", () => {
    expect(loadConfiguration(undefined, {}).settings).toEqual({ ...presets.tutorial, preset: "tutorial" });
  });

  test("preset < file < flags", () => {
    const file = experiment("precedence.yaml", "preset: tutorial-minibatch\nwidth: 12\nseed: 5\n");
    const { settings, written } = loadConfiguration(file, { seed: "6", shuffle: false });
    expect(settings).toEqual({
      ...presets["tutorial-minibatch"],
      preset: "tutorial-minibatch",
      width: 12,
      seed: 6,
      shuffle: false,
    });
    expect(written.get("width")).toBe(`${file}:2: width`);
    expect(written.get("seed")).toBe("--seed");
  });

  test("a preset among the flags replaces the file's, and the file's other keys stay", () => {
    const file = experiment("replaced.yaml", "preset: tutorial-minibatch\nwidth: 12\n");
    const { settings } = loadConfiguration(file, { preset: "tutorial" });
    expect(settings).toEqual({ ...presets.tutorial, preset: "tutorial", width: 12 });
  });

  test("a folder stands for its experiment.yaml", () => {
    const inside = join(folder, "an-experiment");
    mkdirSync(inside);
    writeFileSync(join(inside, "experiment.yaml"), "seed: 77\n");
    expect(loadConfiguration(inside, {}).settings.seed).toBe(77);
  });

  test.each(["tutorial-tanh", "experiments/tutorial-tanh"])("%s comes with the package", (name) => {
    expect(loadConfiguration(name, {}).settings.activation).toBe("tanh");
  });

  test("an empty file and one of comments alone leave the preset as it is", () => {
    for (const text of ["", "# nothing yet\n"]) {
      expect(loadConfiguration(experiment("empty.yaml", text), {}).settings).toEqual({
        ...presets.tutorial,
        preset: "tutorial",
      });
    }
  });

  test("paths in a file are meant from the file's folder, those of flags from where the command runs", () => {
    const file = experiment("paths.yaml", "data: points.csv\n");
    const { settings } = loadConfiguration(file, { testData: "test.csv" });
    expect(settings.data).toBe(join(folder, "points.csv"));
    expect(settings.testData).toBe("test.csv");
  });
});

describe("what is refused", () => {
  test("one problem is the whole message, with file, line and key", () => {
    const file = experiment("one.yaml", "# a comment\nseed: 1\n\nactivation: tahn\n");
    const error = refusal(() => loadConfiguration(file, {}));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toMatch(
      new RegExp(`^${file}:4: activation: "tahn" is not one of relu, .*; did you mean tanh\\?$`),
    );
  });

  test("every problem of file, flags and their combination comes at once", () => {
    const file = experiment("many.yaml", "widht: 3\nsamples: -1\ninit: he\ninitStd: 2\n");
    const error = refusal(() => loadConfiguration(file, { seed: "x", engine: "reference", backend: "cpu" }));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message.split("\n")).toEqual([
      "5 problems in the configuration:",
      `  ${file}:1: widht: there is no such key; did you mean width?`,
      `  ${file}:2: samples: -1 is not a whole number from 1 to 10000000`,
      '  --seed: "x" is not a whole number from 0 to 9007199254740991',
      `  ${file}:4: initStd: applies to init normal only; init is he`,
      "  --backend: applies to engine tfjs only; engine is reference",
    ]);
  });

  test.each([
    ["an unclosed quote", 'name: "a\n', /:\d+: this is not YAML: /],
    ["a key twice", "seed: 1\nseed: 2\n", /:2: seed: is already in line 1$/],
    [
      "an arm's key twice",
      "arms:\n  a:\n    width: 2\n    init: he\n    width: 3\n",
      /:5: arms\.a\.width: is already in line 3$/,
    ],
    ["a key that is a list", "? [a, b]\n: 1\n", /:1: a key must be text$/],
    ["a tag", "seed: !secret 1\n", /:1: this is not YAML: Unresolved tag: !secret$/],
    ["two documents", "seed: 1\n---\nseed: 2\n", /this is not YAML: /],
    ["a list", "- seed\n- 1\n", /:1: an experiment must be a list of "key: value" lines/],
    ["a plain text", "hello\n", /:1: an experiment must be a list of "key: value" lines/],
    ["a nested group", "training:\n  seed: 1\n", /:1: training: there is no such key/],
    ["a key without a value", "seed:\n", /:1: seed: nothing is not a whole number/],
  ])("%s is refused with file and line", (title, text, message) => {
    const file = experiment(`${title.replaceAll(" ", "-")}.yaml`, text);
    const error = refusal(() => loadConfiguration(file, {}));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toContain(file);
    expect(error.message).toMatch(message);
  });

  test("an experiment that is nowhere is a file error that names it", () => {
    const error = refusal(() => loadConfiguration(join(folder, "missing.yaml"), {}));
    expect(error.exitCode).toBe(EXIT.file);
    expect(error.message).toContain("missing.yaml: there is no such file or folder");
  });

  test("a folder without experiment.yaml is a file error that says so", () => {
    const inside = join(folder, "no-experiment");
    mkdirSync(inside);
    const error = refusal(() => loadConfiguration(inside, {}));
    expect(error.exitCode).toBe(EXIT.file);
    expect(error.message).toBe(`${inside} is not an experiment: it has no experiment.yaml`);
  });
});

describe("aliases in YAML", () => {
  test.each([
    ["without an anchor", "width: *x\n"],
    ["as a key without an anchor", "*a : 3\n"],
    [
      "that multiply",
      `a: &a [${"x, ".repeat(9)}x]\nb: &b [${"*a, ".repeat(9)}*a]\nc: &c [${"*b, ".repeat(9)}*b]\nd: [${"*c, ".repeat(9)}*c]\n`,
    ],
  ])("%s are refused with the file's name", (_what, text) => {
    const error = refusal(() => loadConfiguration(experiment("alias.yaml", text), {}));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toContain("alias.yaml");
  });

  test("with their anchor count as what they stand for", () => {
    const file = experiment("anchor.yaml", "width: &w 12\nhiddenLayers: *w\n");
    expect(loadConfiguration(file, {}).settings).toMatchObject({ width: 12, hiddenLayers: 12 });
  });
});
