import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ExpectedError } from "../../src/errors.js";
import { agrees } from "../../src/published/claim.js";
import { claimNames, loadClaim } from "../../src/published/claim-files.js";
import { emptyFolder } from "../cli/command.js";

const GOOD = `claim: Deep nets are deep.
source: Someone 1999
statistic: bornDead
parameters: {arm: plain}
tolerance: {absolute: 0.1}
seeds: 3
config:
  samples: 10
  hiddenLayers: 2
numbers:
  first:
    is: a share
    published: 0.5
    origin: derived
`;

const fileOf = (text: string) => {
  const file = join(emptyFolder(), "claim.yaml");
  writeFileSync(file, text);
  return file;
};

/** What is wrong with the file, without its folder. */
function faults(text: string): string {
  const file = fileOf(text);
  try {
    loadClaim(file);
  } catch (error) {
    if (error instanceof ExpectedError) return error.message.replaceAll(file, "claim.yaml");
    throw error;
  }
  throw new Error("nothing is wrong");
}

describe("a claim's file", () => {
  test("becomes a claim whose numbers have all that stands at the top", () => {
    const claim = loadClaim(
      fileOf(
        `${GOOD}    config: {width: 4}\n  second: {is: b, published: 1, origin: source, tolerance: {relative: 0.2}}\n`,
      ),
    );
    expect(claim.seeds).toEqual([1, 2, 3]);
    const [first, second] = claim.numbers;
    expect(first).toMatchObject({ statistic: "bornDead", parameters: { arm: "plain" }, tolerance: { absolute: 0.1 } });
    expect(first?.settings).toMatchObject({ width: 4, hiddenLayers: 2, samples: 10, activation: "relu" });
    expect(second?.settings).toMatchObject({ width: 30, hiddenLayers: 2 });
    expect(second?.tolerance).toEqual({ relative: 0.2 });
  });

  test.each<[string, string, string]>([
    [
      "a key at the top",
      GOOD.replace("source:", "sorce:"),
      "claim.yaml:2: sorce: there is no such key; did you mean source?",
    ],
    ["a missing key", GOOD.replace("source: Someone 1999\n", ""), "claim.yaml:1: source: is missing"],
    [
      "a key of a number",
      GOOD.replace("    is:", "    iz:"),
      "claim.yaml:12: numbers.first.iz: there is no such key; did you mean is?",
    ],
    [
      "a missing key of a number",
      GOOD.replace("    published: 0.5\n", ""),
      "claim.yaml:11: numbers.first: its published is missing",
    ],
    ["a number that is none", GOOD.replace("0.5", "half"), "claim.yaml:13: numbers.first.published: "],
    ["an origin", GOOD.replace("derived", "guessed"), "claim.yaml:14: numbers.first.origin: "],
    [
      "a statistic",
      GOOD.replace("bornDead", "bornDaed"),
      'claim.yaml:3: statistic: there is no statistic "bornDaed"; did you mean bornDead?',
    ],
    [
      "a parameter",
      GOOD.replace("{arm: plain}", "{arm: plain, depth: 3}"),
      "claim.yaml:4: parameters: the statistic has no depth",
    ],
    ["a missing parameter", GOOD.replace("{arm: plain}", "{}"), "claim.yaml:4: parameters: arm: "],
    [
      "an arm",
      GOOD.replace("{arm: plain}", "{arm: plane}"),
      'claim.yaml:4: parameters: the configuration has no arm "plane"; it has plain, bn',
    ],
    [
      "a tolerance",
      GOOD.replace("{absolute: 0.1}", "{about: 0.1}"),
      "claim.yaml:5: tolerance: either relative or absolute",
    ],
    [
      "no tolerance",
      GOOD.replace("tolerance: {absolute: 0.1}\n", ""),
      "claim.yaml:10: numbers.first: has no tolerance",
    ],
    ["seeds", GOOD.replace("seeds: 3", "seeds: many"), "claim.yaml:6: seeds: is not a number of seeds"],
    [
      "a key of the configuration",
      GOOD.replace("  samples", "  simples"),
      "claim.yaml:8: config.simples: there is no such key; did you mean samples?",
    ],
    [
      "a value of the configuration",
      GOOD.replace("samples: 10", "samples: -1"),
      "claim.yaml:8: config.samples: -1 is not a whole number",
    ],
    [
      "a key for runs alone",
      GOOD.replace("samples: 10", "seed: 4"),
      "claim.yaml:8: config.seed: does not stand in a claim's configuration",
    ],
    [
      "keys that contradict",
      GOOD.replace("samples: 10", "inputs: 4"),
      "claim.yaml:8: config.inputs: applies to dataset gaussian only",
    ],
    ["no numbers", GOOD.replace(/numbers:.*/s, "numbers: {}"), "claim.yaml:10: numbers: at least one number"],
    ["a long name", GOOD.replace("first", "x".repeat(25)), "a name of at most 24 characters"],
    ["a list", "- 1\n", 'claim.yaml:1: a claim must be a list of "key: value" lines'],
    ["no YAML", "claim: [", "this is not YAML"],
  ])("says what is wrong where: %s", (_, text, says) => {
    expect(faults(text)).toContain(says);
  });

  test("tells of a layer behind the last one", () => {
    const text = GOOD.replace("bornDead", "pairwiseCosine").replace("{arm: plain}", "{arm: plain, layer: 3}");
    expect(faults(text)).toContain("claim.yaml:4: parameters: layer 3 is behind the last of 2 hidden layers");
  });

  test("takes configuration and seeds from an experiment, and tells of a sweep that it lacks", () => {
    const folder = emptyFolder();
    const write = (sweep: string) => {
      writeFileSync(join(folder, "e.yaml"), `seeds: [4, 5]\nwidth: 4\nsamples: 20\n${sweep}`);
      return join(folder, "claim.yaml");
    };
    const text = GOOD.replace("seeds: 3", "experiment: e.yaml")
      .replace("bornDead", "rateRatio")
      .replace("{arm: plain}", "{control: plain, treated: bn}");
    writeFileSync(join(folder, "claim.yaml"), text);
    const { seeds, numbers } = loadClaim(write("sweep: {learningRate: [0.1, 0.01]}\n"));
    expect(seeds).toEqual([4, 5]);
    expect(numbers[0]?.settings).toMatchObject({ width: 4, samples: 10, sweep: { learningRate: [0.1, 0.01] } });
    for (const [sweep, has] of [
      ["", "no sweep"],
      ["sweep: {learningRate: [1], width: [2]}\n", "learningRate, width"],
    ] as const) {
      const file = write(sweep);
      expect(() => loadClaim(file)).toThrow(
        `claim.yaml:3: statistic: measures a sweep over learningRate alone; the experiment has ${has}`,
      );
    }
  });

  test("reports every problem once", () => {
    const text = GOOD.replace("samples: 10", "samples: none").replace("seeds: 3", "seeds: 0");
    // Both numbers share the configuration.
    expect(faults(`${text}  second: {is: b, published: 1, origin: source}\n`)).toMatch(/^2 problems/);
  });
});

test("an unknown claim is met with the nearest one", () => {
  expect(() => loadClaim("rank-colapse")).toThrow("there is no claim rank-colapse; did you mean rank-collapse?");
  expect(() => loadClaim(`\u001b${"z".repeat(10_000)}`)).toThrow(`there is no claim \\u{1b}${"z".repeat(59)}…; claims`);
  expect(() => loadClaim("zebra")).toThrow(`claims are ${claimNames().join(", ")}`);
});

test("a number agrees within its tolerance, its end included; an undefined one never does", () => {
  expect(agrees(7, { absolute: 0.5 }, 7.5)).toBe(true);
  expect(agrees(0.3, { absolute: 0.1 }, 0.4)).toBe(true);
  expect(agrees(7, { absolute: 0.5 }, 7.51)).toBe(false);
  expect(agrees(-2, { relative: 0.1 }, -2.2)).toBe(true);
  expect(agrees(-2, { relative: 0.1 }, -1.7)).toBe(false);
  expect(agrees(1, { absolute: 5 }, undefined)).toBe(false);
});
