import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../src/model/safetensors.js";
import { bnCompare, emptyFolder } from "./command.js";

/** Arms whose names every object has already: what looks one up must look for an entry, not for a property. */
const ARMS = "arms:\n  toString: {normalize: none}\n  constructor: {against: toString}\n  valueOf: {affine: false}\n";
const WITHOUT_ONE = "arms:\n  toString: {normalize: none}\n  constructor: {against: toString}\n";

function experiment(cwd: string, name: string, arms: string): void {
  const file = join(cwd, name);
  writeFileSync(file, `activation: tanh\nseeds: 2\n${QUICK_KEYS}${arms}`);
}
const QUICK_KEYS = "engine: reference\nsamples: 60\nwidth: 6\nhiddenLayers: 3\nupdates: 12\n";

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

describe("arms named as what every object has", () => {
  test("are run, looked at, drawn, compared and run again like any others", async () => {
    const cwd = emptyFolder();
    experiment(cwd, "experiment.yaml", ARMS);
    experiment(cwd, "other.yaml", WITHOUT_ONE);
    for (const args of [
      ["run", "experiment.yaml", "--rounding-probe", "2", "--csv", "--quiet", "--out", "a"],
      ["run", "other.yaml", "--quiet", "--out", "b"],
      ["inspect", "a"],
      ["explain", "a"],
      ["report", "a"],
      ["compare", "a", "b"],
      ["verify", "a"],
      ["verify", "a", "--engine", "reference"],
      ["check", "--update", "--force", "experiment.yaml"],
      ["check", "experiment.yaml"],
    ]) {
      const { exitCode, stderr } = await bnCompare(cwd, ...args);
      expect([args[0], exitCode, exitCode === 0 ? "" : stderr]).toEqual([args[0], 0, ""]);
    }
    expect(Object.keys(readJson(cwd, "a", "result.json").effects)).toEqual(["constructor", "valueOf"]);

    // Where one has such an arm and the other has none, it is missing, not the object's own.
    const digests = readJson(cwd, "a", "digests.json");
    delete digests["toString"];
    writeFileSync(join(cwd, "a", "digests.json"), JSON.stringify(digests));
    const verified = await bnCompare(cwd, "verify", "a");
    expect([verified.exitCode, verified.stderr]).toEqual([
      5,
      expect.stringContaining("does not hold digests:\n  its arms are not the result's"),
    ]);
    const baseline = readJson(cwd, "baseline.json");
    delete baseline.seeds[0].arms.toString;
    delete baseline.costs.valueOf;
    writeFileSync(join(cwd, "baseline.json"), JSON.stringify(baseline));
    const checked = await bnCompare(cwd, "check", "experiment.yaml");
    expect(checked.exitCode).toBe(2);
    expect(checked.stderr).toContain("costs.valueOf is missing");
    expect(checked.stderr).toContain("seeds.0.arms.toString is missing");
  });

  test("but for the prototype itself, whose name no arm may have", async () => {
    const cwd = emptyFolder();
    experiment(cwd, "experiment.yaml", "arms:\n  plain: {normalize: none}\n  __proto__: {decay: 0.9}\n");
    const { exitCode, stderr } = await bnCompare(cwd, "run", "experiment.yaml");
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("experiment.yaml:10: arms.__proto__: an arm's name"),
    ]);
  });

  test("are no keys, values, gates or claims either", async () => {
    const cwd = emptyFolder();
    experiment(
      cwd,
      "experiment.yaml",
      "valueOf: 3\ninit: toString\ncheck: {gates: {constructor.train: 1}, toString: 2}\n",
    );
    const { exitCode, stderr } = await bnCompare(cwd, "check", "experiment.yaml");
    expect(exitCode).toBe(2);
    for (const key of ["valueOf: there is no such key", '"toString" is not one of', "toString: there is no such key"])
      expect(stderr).toContain(key);
    expect(await bnCompare(cwd, "reproduce", "constructor")).toMatchObject({ exitCode: 2 });
  });
});

describe("a baseline whose states are not the experiment's", () => {
  /** Writes the states without one tensor, or with another, under a hash that fits. */
  function spoil(
    cwd: string,
    change: (tensors: Map<string, { shape: readonly number[]; data: Float32Array }>) => void,
  ) {
    const file = join(cwd, readJson(cwd, "baseline.json").recordedStates.file);
    const { tensors } = readSafetensors(readFileSync(file), file);
    const changed = new Map(
      [...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    );
    change(changed);
    const bytes = writeSafetensors(changed, {});
    writeFileSync(file, bytes);
    const baseline = readJson(cwd, "baseline.json");
    baseline.recordedStates.sha256 = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(cwd, "baseline.json"), JSON.stringify(baseline));
  }

  test("is refused before anything is run: a tensor missing, misshapen, unknown, of another arm or update", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "experiment.yaml"), `activation: tanh\nseeds: 2\n${QUICK_KEYS}`);
    expect(await bnCompare(cwd, "check", "--update", "--force", "experiment.yaml")).toMatchObject({ exitCode: 0 });
    const files = ["baseline.json", readJson(cwd, "baseline.json").recordedStates.file];
    for (const file of files) cpSync(join(cwd, file), join(cwd, `kept.${file}`));
    for (const [message, change] of [
      ["bn@0/norms.1.gamma is missing", (tensors) => tensors.delete("bn@0/norms.1.gamma")],
      ["bn@0+1/layers.0.kernel is missing", (tensors) => tensors.delete("bn@0+1/layers.0.kernel")],
      ["plain@0/layers.0.bias has shape [1]; it must be [6]", (tensors) => tensors.set("plain@0/layers.0.bias", ONE)],
      ["bn@0/layers.9.bias is not a tensor of the arm", (tensors) => tensors.set("bn@0/layers.9.bias", ONE)],
      ["toString@0 belongs to no arm of the experiment", (tensors) => tensors.set("toString@0/layers.0.bias", ONE)],
      ["bn@12 belongs to no update of the experiment", (tensors) => tensors.set("bn@12/layers.0.bias", ONE)],
    ] as const satisfies readonly [string, Parameters<typeof spoil>[1]][]) {
      for (const file of files) cpSync(join(cwd, `kept.${file}`), join(cwd, file));
      spoil(cwd, change);
      const { exitCode, stderr } = await bnCompare(cwd, "check", "experiment.yaml");
      expect(stderr).toContain(message);
      expect(stderr).toContain("write new ones with: bn-compare check --update");
      expect(exitCode).toBe(2);
    }
  });
});

const ONE = { shape: [1], data: new Float32Array(1) };
