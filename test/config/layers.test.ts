import { describe, expect, test } from "vitest";
import { flagOf, KEYS, type KeyName, keyNames } from "../../src/config/keys.js";
import { checkLayer, flagLayer, type RawLayer, suggestion } from "../../src/config/layers.js";
import { Problems } from "../../src/problems.js";

function fileSaying(values: Readonly<Record<string, unknown>>): RawLayer {
  const keys = Object.keys(values);
  return {
    entries: Object.entries(values).map(([key, value]) => ({ key, value })),
    locate: (key) => `a.yaml:${keys.indexOf(key) + 1}: ${key}`,
  };
}

function problemsOf(raw: RawLayer): string[] {
  const problems = new Problems();
  checkLayer(raw, problems);
  return problems.lines();
}

describe("a layer whose keys and values are right", () => {
  test("reports nothing and keeps every value as it was written", () => {
    const problems = new Problems();
    const values = { activation: "silu", seed: 0, noise: 0.5, batchSize: "full", shuffle: false, name: "my-run_1.0" };
    expect(checkLayer(fileSaying(values), problems).settings).toEqual(values);
    expect(problems.lines()).toEqual([]);
  });

  test.each([
    ["seed", 0],
    ["seed", Number.MAX_SAFE_INTEGER],
    ["samples", 1],
    ["testSamples", 0],
    ["decay", 0],
    ["epsilon", 0],
    ["batchSize", 1],
    ["hiddenLayers", 1000],
    ["width", 4096],
  ])("takes %s at its bound %s", (key, value) => {
    expect(problemsOf(fileSaying({ [key]: value }))).toEqual([]);
  });
});

describe("a layer with a fault says where, what was found and what would be right", () => {
  test.each<[string, unknown, string]>([
    ["hiddenLayer", 3, "there is no such key; did you mean hiddenLayers?"],
    ["zzzzzzzzzz", 3, "there is no such key"],
    ["activation", "rleu", /* nearest choice */ '"rleu" is not one of relu, leaky-relu'],
    ["samples", 2.5, "2.5 is not a whole number from 1 to 10000000"],
    ["samples", 0, "0 is not a whole number from 1 to 10000000"],
    ["width", 4097, "4097 is not a whole number from 1 to 4096"],
    ["samples", "many", '"many" is not a whole number'],
    ["seed", -1, "-1 is not a whole number from 0"],
    ["noise", -0.1, "-0.1 is not a number ≥ 0"],
    ["noise", Number.NaN, "NaN is not a number ≥ 0"],
    ["learningRate", Number.POSITIVE_INFINITY, "Infinity is not a number ≥ 0"],
    ["decay", 1, "1 is not a number ≥ 0 and < 1"],
    ["batchSize", 0, '0 is not a whole number ≥ 1, or "full"'],
    ["batchSize", "half", '"half" is not a whole number ≥ 1, or "full"'],
    ["shuffle", "yes", '"yes" is not true or false'],
    ["data", "", "an empty text is not the path of a file or folder"],
    [
      "name",
      "../up",
      '"../up" is not a text of letters of any script, digits, ., _ and -, which can be the name of a folder',
    ],
    ["name", 5, "5 is not a text of letters of any script, digits, ., _ and -, which can be the name of a folder"],
    ["width", null, "nothing is not a whole number"],
    ["width", [1, 2], "a list is not a whole number"],
    ["width", { min: 1 }, "a group of keys is not a whole number"],
  ])("%s: %s", (key, value, expected) => {
    const problems = problemsOf(fileSaying({ [key]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`a.yaml:1: ${key}: ${expected}`);
  });

  test("a choice that is nearly right comes with the right one", () => {
    const nearly = { activation: "rleu", init: "He", engine: "refrence", preset: "tutorial-mini-batch" };
    const meant = ["relu", "he", "reference", "tutorial-minibatch"];
    expect(problemsOf(fileSaying(nearly)).map((problem) => problem.split("; ").at(-1))).toEqual(
      meant.map((name) => `did you mean ${name}?`),
    );
  });

  test("a long text is cut where it is quoted", () => {
    const [problem] = problemsOf(fileSaying({ activation: "x".repeat(1000) }));
    expect(problem).toContain(`"${"x".repeat(60)}…"`);
    expect(problem?.length).toBeLessThan(300);
  });

  test("what a terminal would obey is named where a text is quoted", () => {
    expect(problemsOf(flagLayer({ name: "\u001b[31mred\u202e" }))).toEqual([
      '--name: "\\u{1b}[31mred\\u{202e}" is not a text of letters of any script, digits, ., _ and -, which can be the name of a folder',
    ]);
    expect(problemsOf(flagLayer({ name: "\u001b".repeat(10_000) }))[0]?.length).toBeLessThan(500);
  });

  test("all faults of a layer are reported together, and what is right is kept", () => {
    const problems = new Problems();
    const layer = checkLayer(fileSaying({ widht: 3, samples: 0, seed: 4, decay: 2 }), problems);
    expect(problems.lines().map((problem) => problem.split(": ").slice(0, 2).join(": "))).toEqual([
      "a.yaml:1: widht",
      "a.yaml:2: samples",
      "a.yaml:4: decay",
    ]);
    expect(layer.settings).toEqual({ seed: 4 });
  });

  test.each(["constructor", "toString", "__proto__"])("%s is no key, whatever objects inherit", (key) => {
    const raw: RawLayer = { entries: [{ key, value: 1 }], locate: (name) => name };
    expect(problemsOf(raw)).toEqual([expect.stringContaining("there is no such key")]);
  });
});

describe("flags", () => {
  test("every key has a flag of its own in kebab case", () => {
    const flags = keyNames.map(flagOf);
    expect(new Set(flags).size).toBe(keyNames.length);
    for (const flag of flags) expect(flag).toMatch(/^--[a-z]+\d?(-[a-z]+)*$/);
    expect(flagOf("hiddenLayers")).toBe("--hidden-layers");
  });

  test("numbers arrive as text and become numbers; everything else stays", () => {
    const problems = new Problems();
    const given = { width: "16", noise: "1e-1", batchSize: "full", name: "42", shuffle: false };
    const { settings } = checkLayer(flagLayer(given), problems);
    expect(settings).toEqual({ width: 16, noise: 0.1, batchSize: "full", name: "42", shuffle: false });
    expect(problems.lines()).toEqual([]);
    expect(checkLayer(flagLayer({ batchSize: "10" }), problems).settings).toEqual({ batchSize: 10 });
  });

  test.each([
    ["width", "wide", '--width: "wide" is not a whole number from 1 to 4096'],
    ["width", "", "--width: an empty text is not a whole number"],
    ["width", " ", '--width: " " is not a whole number'],
    ["hiddenLayers", "2.5", "--hidden-layers: 2.5 is not a whole number"],
    ["learningRate", "-1", "--learning-rate: -1 is not a number ≥ 0"],
    ["batchSize", "all", '--batch-size: "all" is not a whole number ≥ 1, or "full"'],
    ["activation", "thanh", '--activation: "thanh" is not one of'],
    ["layers", "dense 3,conv", '--layers: layer 2, "conv", is not one of dense U, conv C'],
    ["layers", "dense 3", "--layers: a list of 1; a network has 2 to 1001 layers"],
    ["layers", "5", "--layers: 5 is not a layer; for 5 hidden layers of one width give --hidden-layers 5"],
  ])("%s given as %j is a problem that names the flag", (key, value, expected) => {
    const problems = problemsOf(flagLayer({ [key]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test("flags that were not given say nothing", () => {
    expect(flagLayer({ width: undefined }).entries).toEqual([]);
  });
});

test("a suggestion is made only where something known is near", () => {
  expect(suggestion("TANH", ["relu", "tanh"])).toBe("; did you mean tanh?");
  expect(suggestion("costEvry", keyNames)).toBe("; did you mean costEvery?");
  expect(suggestion("entirely-other", ["relu", "tanh"])).toBe("");
  expect(suggestion("anything", [])).toBe("");
});

test("what a key expects is said for every key", () => {
  for (const name of Object.keys(KEYS) as KeyName[]) {
    const [problem] = problemsOf(fileSaying({ [name]: { not: "a value" } }));
    expect(problem, name).toMatch(/^a\.yaml:1: \w+: a group of keys is not (one of|a |true|the path|the name|names)/);
  }
});
