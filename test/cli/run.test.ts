import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { bnCompare, bnCompareProcess, emptyFolder, QUICK } from "./command.js";
import { copyOfRun, sharedRun } from "./shared-run.js";

/** Of a run of two arms and one seed; over several seeds there is the effect, too. */
const PICTURES = ["activations", "costs", "data", "gap", "gradients", "histograms", "signal", "verdicts"].map(
  (name) => `${name}.svg`,
);
const FILES = [...PICTURES, "digests.json", "report.html", "result.json", "summary.md", "timing.json"].sort();

const schema = JSON.parse(readFileSync(new URL("../../schema/result.schema.json", import.meta.url), "utf8"));
const matchesSchema = new Ajv2020({ strict: false }).compile(schema);

const TANH = ["--activation", "tanh", ...QUICK];

const read = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("bn-compare run", () => {
  test("writes pictures that parse and a result that fits its schema, and says where they are and how far it is", async () => {
    const cwd = emptyFolder();
    const { exitCode, stdout, stderr } = await bnCompareProcess(cwd, "run", "--activation", "tanh", ...QUICK);
    expect(exitCode).toBe(0);
    // Piped, progress is a plain line for each arm.
    expect(stderr).toMatch(/^plain: update 12 of 12, cost \d+/m);
    expect(stderr).toMatch(/^bn: update 12 of 12, cost \d+/m);
    expect(stderr).not.toContain("\u001b");
    const [name] = readdirSync(join(cwd, "runs")) as [string];
    expect(name).toMatch(/^tutorial-tanh-[0-9a-f]{8}$/);
    expect(readdirSync(join(cwd, "runs", name)).sort()).toEqual(FILES);
    for (const picture of PICTURES) {
      const svg = read(cwd, "runs", name, picture);
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(new XMLParser().parse(svg)).toHaveProperty("svg.title");
      expect(stdout).toContain(join("runs", name, picture));
    }
    const result = JSON.parse(read(cwd, "runs", name, "result.json"));
    expect(matchesSchema(result), JSON.stringify(matchesSchema.errors)).toBe(true);
    expect(result.arms.plain.costs.map((cost: { update: number }) => cost.update)).toEqual([0, 5, 10, 12]);
    expect(result.arms.bn.checkpoints).toHaveLength(2);
    expect(result.arms.bn.costs[0].inference).toBeNull();
    expect(result.pairing.arms.plain).toEqual(result.pairing.arms.bn);
  });

  test("with --json prints result.json and nothing else", async () => {
    const cwd = emptyFolder();
    const { stdout, stderr } = await bnCompare(cwd, "run", "--json", "--quiet", "--out", "here", ...QUICK);
    expect(stdout).toBe(read(cwd, "here", "result.json"));
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).arms.bn.status).toBe("trained");
  });

  test("reports a divergence as a finding: exit 0, named with its update in the sentence and the result", async () => {
    const cwd = emptyFolder();
    const flags = ["--engine", "reference", "--updates", "2", "--samples", "50"];
    const { exitCode, stdout } = await bnCompare(cwd, "run", "--out", "here", ...flags);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /plain diverged at update 1 in the forward pass, at the output layer's pre-activation; before any training, values grow [\d.]+-fold from layer to layer, against 3\.9-fold in theory \(/,
    );
    const { plain, bn } = JSON.parse(read(cwd, "here", "result.json")).arms;
    expect(plain.status).toBe("diverged");
    expect(plain.divergence).toMatchObject({ update: 1, tensor: "preActivation", pass: "forward" });
    expect(plain.costs).toHaveLength(1);
    expect(plain.checkpoints.at(-1).update).toBe(1);
    expect(bn.status).toBe("trained");
    expect(matchesSchema(JSON.parse(read(cwd, "here", "result.json")))).toBe(true);
  });

  test("starts from saved weights again: the first costs are the same", async () => {
    const cwd = emptyFolder();
    const tanh = ["--activation", "tanh", "--quiet"];
    await bnCompare(cwd, "run", "--out", "a", "--save-weights", ...tanh, ...QUICK);
    expect(readdirSync(join(cwd, "a", "weights")).sort()).toEqual(
      ["bn@0", "bn@12", "plain@0", "plain@12"].map((state) => `${state}.safetensors`),
    );
    const rest = ["--engine", "reference", "--samples", "60", "--updates", "12", ...tanh];
    const { exitCode } = await bnCompare(cwd, "run", "--out", "b", "--weights", "a/weights/bn@0.safetensors", ...rest);
    expect(exitCode).toBe(0);
    const [a, b] = ["a", "b"].map((run) => JSON.parse(read(cwd, run, "result.json")));
    expect(b.config.sizes).toEqual([1, 6, 6, 6, 1]);
    expect(b.arms).toEqual(a.arms);
    // Given weights have no deviates but themselves.
    for (const [name, { initial }] of Object.entries<{ initial: string }>(a.pairing.arms.bn.tensors)) {
      for (const arm of ["plain", "bn"])
        expect(b.pairing.arms[arm].tensors[name]).toEqual({ deviates: initial, initial });
    }
    expect(b.pairing).toMatchObject({ data: a.pairing.data, batchOrder: a.pairing.batchOrder, differences: [] });
  });

  test("trains on given points with two input columns", async () => {
    const cwd = emptyFolder();
    const rows = Array.from({ length: 40 }, (_, i) => `${i / 10},${Math.cos(i)},${i % 7}`);
    writeFileSync(join(cwd, "points.csv"), `x1,x2,y\n${rows.join("\n")}\n`);
    const flags = ["--engine", "reference", "--updates", "5", "--width", "5", "--activation", "tanh", "--quiet"];
    const { exitCode, stdout } = await bnCompare(cwd, "run", "--data", "points.csv", "--json", ...flags);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.config.sizes.slice(0, 2)).toEqual([2, 5]);
    expect(result.referenceCosts).not.toHaveProperty("noiseFloor");
    expect(result.config.data.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(stdout).not.toContain("points.csv");
    expect(matchesSchema(result)).toBe(true);
  });
});

describe("bn-compare run with arms of an experiment's own", () => {
  const ARMS = [
    "arms:",
    "  plain: {normalize: none}",
    "  bn: {}",
    "  he: {init: he, normalize: none}",
    "  bn+he: {init: he, against: he}",
    "",
  ].join("\n");

  test("trains them all, in their order, and shows each beside its control", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "four.yaml"), ARMS);
    const { exitCode, stdout } = await bnCompare(
      cwd,
      "run",
      "four.yaml",
      "--activation",
      "tanh",
      "--out",
      "run",
      ...QUICK,
    );
    expect(exitCode).toBe(0);
    const result = JSON.parse(read(cwd, "run", "result.json"));
    expect(matchesSchema(result), JSON.stringify(matchesSchema.errors)).toBe(true);
    expect(Object.keys(result.arms)).toEqual(["plain", "bn", "he", "bn+he"]);
    for (const [arm, against] of [
      ["bn", "plain"],
      ["he", "plain"],
      ["bn\\+he", "he"],
    ]) {
      expect(stdout).toMatch(new RegExp(`^${arm} +${against} +[01] of 1 `, "m"));
    }
    const verified = await bnCompare(cwd, "verify", "run");
    expect(verified.stdout).toMatch(/^identical/);
  });
});

describe("bn-compare run over seeds", () => {
  const SEEDS = ["--activation", "tanh", "--seeds", "3", "--rounding-probe", "2", "--quiet", ...QUICK];

  test("tells the spread over the seeds, the effect and what rounding does", async () => {
    const cwd = emptyFolder();
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "run", "--out", "run", ...SEEDS);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const result = JSON.parse(read(cwd, "run", "result.json"));
    expect(matchesSchema(result), JSON.stringify(matchesSchema.errors)).toBe(true);
    expect(result.config).toMatchObject({ seed: 1, seeds: [1, 2, 3], roundingProbe: 2 });
    expect(result.seeds.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2, 3]);
    expect(stdout).toMatch(/^plain +0 of 3 /m);
    expect(stdout).toMatch(/^bn +plain +[0-3] of 3 /m);
    expect(stdout).toMatch(/^rounding alone, bn: final cost [\d.]+–[\d.]+ over 2 repeats, where the run has [\d.]+$/m);
    expect(stdout).toMatch(
      /^Seed 1: plain .* Over 3 seeds, in inference mode, bn ends lower than plain in [0-3] of 3 /m,
    );
    expect(readdirSync(join(cwd, "run")).sort()).toEqual([...FILES, "effect.svg"].sort());
  });
});

describe("bn-compare report", () => {
  test("draws the same pictures and summary from result.json alone", async () => {
    const cwd = emptyFolder();
    const { folder } = await sharedRun("run", ...TANH);
    mkdirSync(join(cwd, "copy"));
    cpSync(join(folder, "result.json"), join(cwd, "copy", "result.json"));
    const { exitCode } = await bnCompare(cwd, "report", "copy");
    expect(exitCode).toBe(0);
    for (const file of [...PICTURES, "summary.md", "report.html"])
      expect(read(cwd, "copy", file)).toBe(read(folder, file));
    expect(existsSync(join(cwd, "copy", "timing.json"))).toBe(false);
    // Where the command is called, and nothing but the frame.
    const { stdout } = await bnCompare(cwd, "report", "copy", "--embed");
    expect(stdout).toMatch(
      /^<iframe src="[^"]*copy\/report\.html#show=stage" title="[^"]+" [^>]+><\/iframe>\n<script>/,
    );
  });
});

describe("bn-compare verify", () => {
  test("says that a run repeats byte for byte", async () => {
    const cwd = await copyOfRun(...TANH);
    const { exitCode, stdout } = await bnCompare(cwd, "verify", "run");
    expect(stdout).toMatch(/^identical: the same \d+ bytes/);
    expect(exitCode).toBe(0);
  });

  test("names update, arm, layer and tensor of the first difference, and the first value", async () => {
    const cwd = await copyOfRun(...TANH);
    const digests = JSON.parse(read(cwd, "run", "digests.json"));
    const at = digests.bn.tensors.indexOf("norms.2.gamma") * 8;
    const entry = digests.bn.updates[7];
    entry[1] = `${entry[1].slice(0, at)}00000000${entry[1].slice(at + 8)}`;
    const result = JSON.parse(read(cwd, "run", "result.json"));
    // What a result holds twice must agree, or it is refused before anything runs.
    for (const arms of [result.arms, result.seeds[0].arms]) arms.bn.costs[2].train += 1;
    writeFileSync(join(cwd, "run", "digests.json"), JSON.stringify(digests));
    writeFileSync(join(cwd, "run", "result.json"), JSON.stringify(result));
    const { exitCode, stderr } = await bnCompare(cwd, "verify", "run");
    expect(stderr).toContain("first different state: arm bn, update 7, layer 2, norms.2.gamma");
    expect(stderr).toContain("first different value: arms.bn.costs.2.train: recorded ");
    expect(exitCode).toBe(1);
  });

  test("repeats a run on given points from the copies in its folder, and refuses changed ones", async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, "points.csv"),
      `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${i * i}`).join("\n")}\n`,
    );
    const flags = ["--engine", "reference", "--updates", "5", "--width", "5", "--activation", "tanh", "--quiet"];
    await bnCompare(cwd, "run", "--data", "points.csv", "--out", "run", ...flags);
    expect((await bnCompare(cwd, "verify", "run")).stdout).toMatch(/^identical/);
    writeFileSync(join(cwd, "run", "inputs", "data.csv"), "x,y\n1,2\n2,3\n");
    const { exitCode, stderr } = await bnCompare(cwd, "verify", "run");
    expect(stderr).toContain("does not hold the values that the run was made with");
    expect(exitCode).toBe(5);
  });
});
