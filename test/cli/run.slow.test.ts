import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { warningText } from "../../src/text/warning-text.js";
import { bnCompare, emptyFolder, QUICK } from "./command.js";
import { copyOfRun } from "./shared-run.js";

/** Of a run of two arms and one seed; over several seeds there is the effect, too. */
const PICTURES = ["activations", "costs", "data", "gap", "gradients", "histograms", "signal", "verdicts"].map(
  (name) => `${name}.svg`,
);
const FILES = [...PICTURES, "digests.json", "report.html", "result.json", "summary.md", "timing.json"].sort();

const read = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("bn-compare run", () => {
  test("gives the same folder and the same bytes a second time", async () => {
    const [first, second] = [emptyFolder(), emptyFolder()];
    const outputs = [];
    for (const cwd of [first, second]) outputs.push((await bnCompare(cwd, "run", ...QUICK)).stdout);
    expect(outputs[1]).toBe(outputs[0]);
    expect(readdirSync(join(second, "runs"))).toEqual(readdirSync(join(first, "runs")));
    const [name] = readdirSync(join(first, "runs")) as [string];
    for (const file of FILES.filter((file) => file !== "timing.json")) {
      expect(read(second, "runs", name, file), file).toBe(read(first, "runs", name, file));
    }
  });

  test("replaces a finished run of the same experiment, and gives another experiment another folder", async () => {
    const cwd = emptyFolder();
    for (const seed of ["1", "1", "2"])
      expect((await bnCompare(cwd, "run", "--seed", seed, ...QUICK)).exitCode).toBe(0);
    expect(readdirSync(join(cwd, "runs"))).toHaveLength(2);
  });

  test.each(["tutorial-relu", "tutorial-tanh", "tutorial-minibatch"])(
    "runs the experiment %s by its name, with flags over its keys",
    async (name) => {
      const cwd = emptyFolder();
      const flags = ["--updates", "2", "--engine", "reference", "--quiet", "--json"];
      const { exitCode, stdout } = await bnCompare(cwd, "run", `experiments/${name}`, ...flags);
      expect(exitCode).toBe(0);
      const { config } = JSON.parse(stdout);
      expect(config.updates).toBe(2);
      expect(config.activation).toBe(name === "tutorial-tanh" ? "tanh" : "relu");
      expect(config.batchSize).toBe(name === "tutorial-minibatch" ? 10 : 500);
    },
  );

  test("gives other arms another folder", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "two.yaml"), "arms:\n  plain: {normalize: none}\n  he: {init: he, normalize: none}\n");
    for (const args of [["two.yaml"], []]) {
      expect((await bnCompare(cwd, "run", ...args, "--activation", "tanh", ...QUICK)).exitCode).toBe(0);
    }
    expect(readdirSync(join(cwd, "runs"))).toHaveLength(2);
  });
});

describe("bn-compare run over seeds", () => {
  const SEEDS = ["--activation", "tanh", "--seeds", "3", "--rounding-probe", "2", "--quiet", ...QUICK];

  test("gives the same bytes with one worker, and another time", async () => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "a", ...SEEDS);
    await bnCompare(cwd, "run", "--out", "b", "--workers", "1", ...SEEDS);
    expect(read(cwd, "b", "result.json")).toBe(read(cwd, "a", "result.json"));
    expect((await bnCompare(cwd, "verify", "a")).stdout).toMatch(/^identical/);
  });

  test("takes a list of seeds, and refuses one that is there twice", async () => {
    const cwd = emptyFolder();
    const { stdout } = await bnCompare(
      cwd,
      "run",
      "--seeds",
      "7,4",
      "--activation",
      "tanh",
      "--json",
      "--quiet",
      ...QUICK,
    );
    expect(JSON.parse(stdout).config.seeds).toEqual([7, 4]);
    const { exitCode, stderr } = await bnCompare(cwd, "run", "--seeds", "3,3", ...QUICK);
    expect(stderr).toContain("--seeds: a list is not a number of seeds from 1 to 10000, or a list of different seeds");
    expect(exitCode).toBe(2);
  });

  test("counts its progress over all seeds and repeats", async () => {
    const flags = SEEDS.filter((flag) => flag !== "--quiet");
    const { stderr } = await bnCompare(emptyFolder(), "run", "--out", "run", ...flags);
    expect(stderr).toMatch(/^plain: update 60 of 60, cost \d+/m);
    expect(stderr).toMatch(/^bn: update 60 of 60, cost \d+/m);
  });
});

test("a training cost of exactly zero beside another inference cost is written and warned of", async () => {
  const cwd = emptyFolder();
  const one = [
    "--samples",
    "1",
    "--hidden-layers",
    "1",
    "--width",
    "3",
    "--activation",
    "tanh",
    "--learning-rate",
    "0.05",
  ];
  const flags = ["--decay", "0.99", "--updates", "3000", "--histogram-every", "1000", "--quiet", "--out", "run"];
  const { exitCode, stdout } = await bnCompare(cwd, "run", ...one, ...flags);
  expect(exitCode).toBe(0);
  const { arms, warnings } = JSON.parse(read(cwd, "run", "result.json"));
  expect(arms.bn.final.train).toBe(0);
  expect(arms.bn.final.inference).toBeGreaterThan(0);
  expect(warnings).toMatchObject([
    { code: "batch-of-one", arm: "bn", value: 1 },
    { code: "inference-gap", arm: "bn", value: "Infinity" },
  ]);
  for (const warning of warnings) expect(stdout).toContain(`warning: ${warningText(warning)}`);
});

describe("bn-compare verify", () => {
  test.each([
    ["null", "does not hold digests"],
    ["[]", "does not hold digests"],
    ['{"arms":{}}', "does not hold digests:\n  arms.tensors: "],
    ['{"bn":{"tensors":["a"],"updates":[[0,"00"]]}}', "one digest for each tensor"],
    ["{", "digests.json is not JSON"],
  ])("refuses digests that are none: %s", async (content, says) => {
    const cwd = await copyOfRun("--activation", "tanh", ...QUICK);
    writeFileSync(join(cwd, "run", "digests.json"), content);
    const { exitCode, stderr } = await bnCompare(cwd, "verify", "run");
    expect(stderr).toContain(says);
    expect(exitCode).toBe(5);
    // Whoever draws the run needs none.
    expect((await bnCompare(cwd, "report", "run")).exitCode).toBe(0);
  });

  test("compares two engines from the same states", async () => {
    const cwd = await copyOfRun("--activation", "tanh", ...QUICK);
    const { exitCode, stdout } = await bnCompare(cwd, "verify", "run", "--engine", "tfjs", "--backend", "cpu");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("reference (javascript) against tfjs (cpu)");
    expect(stdout).toMatch(/^bn +0 +\d(?:\.\d)?e-[6-9] /m);
  });
});
