import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ARM_KEYS, keyNames } from "../../src/config/keys.js";
import { loadConfiguration } from "../../src/config/load.js";
import { pairOf, TUTORIAL_ARMS } from "../../src/config/merge.js";
import { EXIT, ExpectedError } from "../../src/errors.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "arms-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, flags: Readonly<Record<string, unknown>> = {}) {
  const file = join(folder, "a.yaml");
  writeFileSync(file, text);
  return loadConfiguration(file, flags);
}

/** What is wrong, without the folder's path; the heading above several problems left out. */
function problemsOf(text: string, flags: Readonly<Record<string, unknown>> = {}): string[] {
  try {
    load(text, flags);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.usage);
    const lines = (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
    return lines.filter((line) => !line.endsWith("problems in the configuration:")).map((line) => line.trim());
  }
  return [];
}

describe("arms in a file", () => {
  test("are kept in their order with the keys they set, and each key's line is known", () => {
    const { settings, written } = load(
      [
        "width: 8",
        "arms:",
        "  without:",
        "    normalize: none",
        "  with BN: {}",
        "  with BN slow:",
        "    decay: 0.9",
        "    against: with BN",
      ].join("\n"),
    );
    expect(Object.entries(settings.arms ?? {})).toEqual([
      ["without", { normalize: "none" }],
      ["with BN", {}],
      ["with BN slow", { decay: 0.9, against: "with BN" }],
    ]);
    const at = (key: string) => written.get(key)?.replace(`${folder}/`, "");
    expect(at("arms")).toBe("a.yaml:2: arms");
    expect(at("arms.without.normalize")).toBe("a.yaml:4: arms.without.normalize");
    expect(at("arms.with BN slow.decay")).toBe("a.yaml:7: arms.with BN slow.decay");
    expect(at("arms.with BN slow.against")).toBe("a.yaml:8: arms.with BN slow.against");
  });

  test("without keys of their own may be left empty", () => {
    expect(load("arms:\n  plain: {normalize: none}\n  bn:\n").settings.arms).toEqual({
      plain: { normalize: "none" },
      bn: {},
    });
  });

  test("are the tutorial's pair where none are given, which says nothing in the settings", () => {
    expect(load("width: 8\n").settings).not.toHaveProperty("arms");
    expect(Object.entries(TUTORIAL_ARMS)).toEqual([
      ["plain", { normalize: "none" }],
      ["bn", {}],
    ]);
  });

  test("keep their order, whatever their names", () => {
    const names = ["plain", "ghost 16", "b2", "4x", "0.5", "b1"];
    const text = `arms:\n${names.map((name) => `  "${name}": {}\n`).join("")}`;
    expect(Object.keys(load(text).settings.arms ?? {})).toEqual(names);
  });

  // An object's keys that are whole numbers come before all others: the first arm, the control, would be another one.
  test.each(["4", "16", "0"])("are not called %s: a name that is a number alone", (name) => {
    const [problem] = problemsOf(`arms:\n  plain: {}\n  ${name}: {}\n`);
    expect(problem).toMatch(`a.yaml:3: arms.${name}: an arm's name`);
  });

  test("may each set every key that makes no other data or network size", () => {
    // Each key once: what one normalizer or optimizer reads, another does not.
    const values = {
      activation: "tanh",
      init: "normal",
      initStd: 0.5,
      bias: -0.5,
      biasStd: 0.25,
      normalize: "hidden",
      normalizer: "batch",
      transform: "scale",
      affine: false,
      position: "after",
      ghostBatchSize: 4,
      decay: 0.75,
      epsilon: 0,
      debias: true,
      frozenFrom: 7,
      axes: "height",
      normalizeOutput: true,
      learningRate: 0.5,
      optimizer: "adam",
      beta1: 0.5,
      beta2: 0.75,
      weightDecay: 0.25,
      decayNorms: true,
    };
    const renorm = { normalizer: "renorm", renormMax: 1.5, renormShift: 0.5, optimizer: "momentum", momentum: 0.5 };
    expect(new Set([...Object.keys(values), ...Object.keys(renorm)])).toEqual(new Set(ARM_KEYS));
    const text = (keys: object) => Object.entries(keys).map(([key, value]) => `    ${key}: ${value}`);
    const file = ["arms:", "  plain: {normalize: none}", "  other:", ...text(values), "  third:", ...text(renorm)];
    expect(load(file.join("\n")).settings.arms).toMatchObject({ other: values, third: renorm });
  });

  test("stay when flags change what they are over", () => {
    const { settings } = load("arms:\n  a: {decay: 0.9}\n  b: {}\n", { decay: "0.2" });
    expect(settings).toMatchObject({ decay: 0.2, arms: { a: { decay: 0.9 }, b: {} } });
  });

  test("may all normalize, or all not", () => {
    expect(problemsOf("arms:\n  a: {}\n  b: {decay: 0.9}\n")).toEqual([]);
    expect(problemsOf("normalize: none\narms:\n  a: {}\n  b: {init: he}\n")).toEqual([]);
    expect(problemsOf("normalize: none\narms:\n  a: {}\n  b: {normalize: all, decay: 0.9}\n")).toEqual([]);
  });
});

describe("a fault among the arms is told with its line", () => {
  test.each<[string, string, string[]]>([
    [
      "an unknown key, with the one that is near",
      "arms:\n  a: {}\n  b:\n    decai: 0.5\n",
      ["a.yaml:4: arms.b.decai: there is no such key; did you mean decay?"],
    ],
    [
      "an unknown key that is near none",
      "arms:\n  a:\n    zzzzzzzzzz: 1\n",
      ["a.yaml:3: arms.a.zzzzzzzzzz: there is no such key"],
    ],
    [
      "a value that the key does not take",
      "arms:\n  a:\n    affine: true\n    decay: 1\n",
      ["a.yaml:4: arms.a.decay: 1 is not a number ≥ 0 and < 1"],
    ],
    [
      "a choice that is nearly right",
      "arms:\n  a: {transform: centre}\n",
      ['a.yaml:2: arms.a.transform: "centre" is not one of standardize, center, scale; did you mean center?'],
    ],
    [
      "a key that all arms have in common",
      "arms:\n  a: {}\n  b:\n    seed: 2\n    width: 3\n",
      [
        "a.yaml:4: arms.b.seed: there is no such key; all arms have it in common, so it stands beside arms",
        "a.yaml:5: arms.b.width: there is no such key; all arms have it in common, so it stands beside arms",
      ],
    ],
    [
      "a control that is no arm",
      "arms:\n  plain: {}\n  bn:\n    against: plane\n",
      ['a.yaml:4: arms.bn.against: "plane" is not the name of another arm; did you mean plain?'],
    ],
    [
      "an arm against itself",
      "arms:\n  plain: {}\n  bn:\n    against: bn\n",
      ['a.yaml:4: arms.bn.against: "bn" is not the name of another arm'],
    ],
    [
      "a control that is no name at all",
      "arms:\n  plain: {}\n  bn: {against: 3}\n",
      ["a.yaml:3: arms.bn.against: 3 is not the name of another arm"],
    ],
    [
      "a list",
      "arms:\n  - plain\n",
      ["a.yaml:1: arms: a list is not a list of arms, each a name with keys of its own"],
    ],
    ["a word", "arms: plain\n", ['a.yaml:1: arms: "plain" is not a list of arms, each a name with keys of its own']],
    ["nothing", "arms:\n", ["a.yaml:1: arms: nothing is not a list of arms, each a name with keys of its own"]],
    ["no arm", "arms: {}\n", ["a.yaml:1: arms: 0 arms; give 1 to 40"]],
    [
      "an arm that is a word",
      "arms:\n  a: {}\n  b: none\n",
      ['a.yaml:3: arms.b: "none" is not a group of keys; an arm without keys of its own is {}'],
    ],
  ])("%s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test("more than 40 arms, and not 40", () => {
    const arms = (count: number) => `arms:\n${Array.from({ length: count }, (_, i) => `  a${i}: {}\n`).join("")}`;
    expect(problemsOf(arms(41))).toEqual(["a.yaml:1: arms: 41 arms; give 1 to 40"]);
    expect(problemsOf(arms(40))).toEqual([]);
  });

  test.each(["_hidden", "a/b", "../up", "-dash", " space", "a|b", "x".repeat(41), "constructor()"])(
    "a name that is none: %j",
    (name) => {
      expect(problemsOf(`arms:\n  plain: {}\n  "${name}": {}\n`)).toEqual([
        `a.yaml:3: arms.${name}: an arm's name has at most 40 letters of any script, digits, spaces, ., _, + and -, and not digits alone`.replace(
          "  ",
          " ",
        ),
      ]);
    },
  );

  test("a name that is long or that a terminal would obey is repeated short and harmless", () => {
    const [long = "", ...others] = problemsOf(`arms:\n  plain: {}\n  ? ${"x".repeat(10_000)}\n  : {decay: 2}\n`);
    expect(long).toMatch(/^a\.yaml:3: arms\.x{95}…: an arm's name has at most 40 letters/);
    expect(others).toEqual([`a.yaml:4: arms.${"x".repeat(95)}…: 2 is not a number ≥ 0 and < 1`]);
    expect(problemsOf('arms:\n  plain: {}\n  "\\e[31mred\\u202e": {against: "\\e[31mred"}\n')).toEqual([
      expect.stringMatching(/^a\.yaml:3: arms\.\\u\{1b\}\[31mred\\u\{202e\}: an arm's name has/),
      'a.yaml:3: arms.\\u{1b}[31mred\\u{202e}.against: "\\u{1b}[31mred" is not the name of another arm',
    ]);
    const suggested = problemsOf('arms:\n  "\\e[31mred": {}\n  b: {against: "[31mred"}\n');
    expect(suggested.at(-1)).toMatch(/; did you mean \\u\{1b\}\[31mred\?$/);
  });

  test.each(["A", "9a", "BN after ReLU", "lr 1", "he+bn_0.5-x", "x".repeat(40), "constructor"])(
    "and none for the name %j",
    (name) => {
      expect(problemsOf(`arms:\n  plain: {}\n  "${name}": {}\n`)).toEqual([]);
    },
  );

  test("every fault at once, those of the whole included", () => {
    const text = "width: 0\narms:\n  a: {decay: 2, against: c}\n  b: {initStd: 3, init: he}\n";
    expect(problemsOf(text, { seeds: "0" })).toEqual([
      "a.yaml:1: width: 0 is not a whole number from 1 to 4096",
      "a.yaml:3: arms.a.decay: 2 is not a number ≥ 0 and < 1",
      'a.yaml:3: arms.a.against: "c" is not the name of another arm; did you mean b?',
      "--seeds: 0 is not a number of seeds from 1 to 10000, or a list of different seeds",
      "a.yaml:4: arms.b.initStd: applies to init normal only; this arm's init is he",
    ]);
  });
});

describe("what cannot hold together in an arm", () => {
  test.each([
    "transform: center",
    "affine: false",
    "position: after",
    "ghostBatchSize: 5",
    "decay: 0.9",
    "epsilon: 1",
    "debias: true",
  ])("%s where it normalizes nothing", (line) => {
    const [key] = line.split(":") as [string];
    const problem = (at: string) => [`${at}: arms.b.${key}: this arm normalizes nothing (normalize is none)`];
    expect(problemsOf(`arms:\n  a: {}\n  b:\n    normalize: none\n    ${line}\n`)).toEqual(problem("a.yaml:5"));
    expect(problemsOf(`normalize: none\narms:\n  a: {}\n  b:\n    ${line}\n`)).toEqual(problem("a.yaml:5"));
    expect(problemsOf(`arms:\n  a: {normalize: none}\n  b:\n    ${line}\n`)).toEqual([]);
  });

  test("a standard deviation with an init that has its own, whichever of the two is the arm's", () => {
    const problem = (line: number) => [
      `a.yaml:${line}: arms.b.initStd: applies to init normal only; this arm's init is he`,
    ];
    expect(problemsOf("arms:\n  a: {}\n  b: {init: he, initStd: 2}\n")).toEqual(problem(3));
    expect(problemsOf("init: he\narms:\n  a: {}\n  b: {initStd: 2}\n")).toEqual(problem(4));
    expect(problemsOf("init: he\narms:\n  a: {}\n  b: {init: normal, initStd: 2}\n")).toEqual([]);
    expect(problemsOf("arms:\n  a: {}\n  b: {init: he}\n")).toEqual([]);
  });

  test("initial values beside given weights, which all arms start from", () => {
    const text = "weights: w.safetensors\narms:\n  a: {}\n  b:\n    init: he\n    bias: 0\n    learningRate: 0.1\n";
    expect(problemsOf(text)).toEqual([
      "a.yaml:5: arms.b.init: conflicts with a.yaml:1: weights: all arms start from it",
      "a.yaml:6: arms.b.bias: conflicts with a.yaml:1: weights: all arms start from it",
    ]);
    expect(problemsOf("arms:\n  a: {}\n  b: {initStd: 2, biasStd: 1}\n", { weights: "w.safetensors" })).toEqual([
      "a.yaml:3: arms.b.initStd: conflicts with --weights: all arms start from it",
      "a.yaml:3: arms.b.biasStd: conflicts with --weights: all arms start from it",
    ]);
  });
});

describe("normalizing nothing", () => {
  test("would leave the tutorial's pair without its difference", () => {
    const problem =
      "none would switch normalization off in both arms; set it for one arm under arms: in an experiment file";
    expect(problemsOf("", { normalize: "none" })).toEqual([`--normalize: ${problem}`]);
    expect(problemsOf("normalize: none\n")).toEqual([`a.yaml:1: normalize: ${problem}`]);
    expect(problemsOf("arms:\n  a: {}\n  b: {normalize: all}\n", { normalize: "none" })).toEqual([]);
  });

  test.each(["all", "hidden", "input"])("is not meant by --normalize %s", (normalize) => {
    expect(load("", { normalize }).settings.normalize).toBe(normalize);
  });
});

test("arms are no flag", () => {
  expect(keyNames).not.toContain("arms");
});

describe("keys that only some normalizers and optimizers read", () => {
  const arms = (keys: string, shared = "width: 30") =>
    problemsOf([shared, "arms:", "  plain: {normalize: none}", "  bn: {}", `  other: {${keys}}`].join("\n"));

  test.each([
    ["normalizer: layer, debias: true", "debias: has no effect on this arm, whose normalizer is layer"],
    ["normalizer: renorm, debias: true", "debias: has no effect on this arm, whose normalizer is renorm"],
    ["normalizer: weight, position: after", "position: has no effect on this arm, whose normalizer is weight"],
    ["renormMax: 2", "renormMax: has no effect on this arm, whose normalizer is batch"],
    [
      "momentum: 0.5",
      "momentum: has no effect on this arm, whose optimizer is sgd; for BN's moving averages, --decay: momentum in Keras",
    ],
    ["optimizer: momentum, beta1: 0.5", "beta1: has no effect on this arm, whose optimizer is momentum"],
    ["normalizer: rms, normalize: all", "normalize: only batch and renorm normalize the input"],
    ["normalizer: rms, normalize: input", "normalize: only batch and renorm normalize the input"],
    ["frozenFrom: 0", "frozenFrom: 0 is not a whole number from 1"],
    ["normalizer: group", 'normalizer: "group" is not one of batch, layer, group N'],
    ["normalizer: layer 3", 'normalizer: "layer 3" is not one of batch, layer, group N'],
  ])("{%s} is an error of that arm", (keys, message) => {
    expect(arms(keys)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    "normalizer: layer",
    "normalizer: group 6, affine: false",
    "normalizer: renorm, renormMax: 1, ghostBatchSize: 5",
    "normalizer: dyt, normalize: hidden, decay: 0.9, epsilon: 0.1",
    "optimizer: adam, beta2: 0.9, weightDecay: 0.1",
  ])("{%s} is none", (keys) => {
    expect(arms(keys)).toEqual([]);
  });

  test("a shared key is ignored by the arms that do not read it, and an error where no arm does", () => {
    expect(arms("normalizer: layer", "debias: true")).toEqual([]);
    expect(arms("optimizer: momentum", "momentum: 0.5")).toEqual([]);
    expect(arms("normalizer: layer", "renormMax: 2")).toEqual([expect.stringContaining("no arm has a normalizer")]);
    expect(arms("", "beta1: 0.5")).toEqual([expect.stringContaining("no arm has")]);
    expect(problemsOf("momentum: 0.99")).toEqual([expect.stringContaining("for BN's moving averages, --decay")]);
    // As a preset says anyway.
    expect(problemsOf("transform: standardize\narms: {layer: {normalizer: layer}}")).toEqual([]);
  });
});

test("renorm takes ghost batches in place of accumulated ones, which are its weights' own", () => {
  const settings = "arms: {bn: {}, renorm: {normalizer: renorm}}\nbatchSize: 10\naccumulate: 4";
  expect(problemsOf(settings)).toEqual([
    expect.stringMatching(/accumulate: with normalizer renorm .+; give batchSize 40 with ghostBatchSize 10 instead$/),
  ]);
  expect(problemsOf("arms: {bn: {}, layer: {normalizer: layer}}\nbatchSize: 10\naccumulate: 4")).toEqual([]);
  expect(problemsOf("normalizer: renorm\naccumulate: 1")).toEqual([]);
});

test("without arms of its own, a run compares plain with BN, or with the normalizer that it names", () => {
  const armsOf = (settings: { normalizer?: string }) => Object.keys(pairOf(settings));
  expect([armsOf({}), armsOf({ normalizer: "batch" })]).toEqual([
    ["plain", "bn"],
    ["plain", "bn"],
  ]);
  expect(armsOf({ normalizer: "group 6" })).toEqual(["plain", "group 6"]);
});
