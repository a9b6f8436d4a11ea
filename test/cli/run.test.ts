import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { warningText } from "../../src/experiment/warning-text.js";
import { bnCompare, emptyFolder, QUICK } from "./command.js";

/** Of a run of two arms and one seed; over several seeds there is the effect, too. */
const PICTURES = ["activations", "costs", "data", "gap", "gradients", "histograms", "verdicts"].map(
  (name) => `${name}.svg`,
);
const FILES = [...PICTURES, "digests.json", "report.html", "result.json", "summary.md", "timing.json"].sort();

const schema = JSON.parse(readFileSync(new URL("../../schema/result.schema.json", import.meta.url), "utf8"));
const matchesSchema = new Ajv2020({ strict: false }).compile(schema);

const read = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("bn-compare run", () => {
  test("writes pictures that parse, a result that fits its schema, and says where they are", async () => {
    const cwd = emptyFolder();
    const { exitCode, stdout } = await bnCompare(cwd, "run", "--activation", "tanh", ...QUICK);
    expect(exitCode).toBe(0);
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
      /plain diverged at update 1 in the forward pass, at the output layer's pre-activation; at update 0 the second moment grew [\d.]+ times per layer, by theory 15 \(/,
    );
    const { plain, bn } = JSON.parse(read(cwd, "here", "result.json")).arms;
    expect(plain.status).toBe("diverged");
    expect(plain.divergence).toMatchObject({ update: 1, tensor: "preActivation", pass: "forward" });
    expect(plain.costs).toHaveLength(1);
    expect(plain.checkpoints.at(-1).update).toBe(1);
    expect(bn.status).toBe("trained");
    expect(matchesSchema(JSON.parse(read(cwd, "here", "result.json")))).toBe(true);
  });

  test("shows plain lines of progress for each arm when piped", async () => {
    const { stderr } = await bnCompare(emptyFolder(), "run", "--activation", "tanh", ...QUICK);
    expect(stderr).toMatch(/^plain: update 12 of 12, cost \d+/m);
    expect(stderr).toMatch(/^bn: update 12 of 12, cost \d+/m);
    expect(stderr).not.toContain("\u001b");
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

  test("gives other arms another folder", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "four.yaml"), ARMS);
    for (const args of [["four.yaml"], []]) {
      expect((await bnCompare(cwd, "run", ...args, "--activation", "tanh", ...QUICK)).exitCode).toBe(0);
    }
    expect(readdirSync(join(cwd, "runs"))).toHaveLength(2);
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

describe("bn-compare report", () => {
  test("draws the same pictures and summary from result.json alone", async () => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "run", "--activation", "sigmoid", ...QUICK);
    mkdirSync(join(cwd, "copy"));
    cpSync(join(cwd, "run", "result.json"), join(cwd, "copy", "result.json"));
    const { exitCode } = await bnCompare(cwd, "report", "copy");
    expect(exitCode).toBe(0);
    for (const file of [...PICTURES, "summary.md", "report.html"])
      expect(read(cwd, "copy", file)).toBe(read(cwd, "run", file));
    expect(existsSync(join(cwd, "copy", "timing.json"))).toBe(false);
  });
});

describe("bn-compare verify", () => {
  test("says that a run repeats byte for byte", async () => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "run", "--activation", "tanh", ...QUICK);
    const { exitCode, stdout } = await bnCompare(cwd, "verify", "run");
    expect(stdout).toMatch(/^identical: the same \d+ bytes/);
    expect(exitCode).toBe(0);
  });

  test("names update, arm, layer and tensor of the first difference, and the first value", async () => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "run", "--activation", "tanh", ...QUICK);
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

  test.each([
    ["null", "does not hold digests"],
    ["[]", "does not hold digests"],
    ['{"arms":{}}', "does not hold digests:\n  arms.tensors: "],
    ['{"bn":{"tensors":["a"],"updates":[[0,"00"]]}}', "one digest for each tensor"],
    ["{", "digests.json is not JSON"],
  ])("refuses digests that are none: %s", async (content, says) => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "run", ...QUICK);
    writeFileSync(join(cwd, "run", "digests.json"), content);
    const { exitCode, stderr } = await bnCompare(cwd, "verify", "run");
    expect(stderr).toContain(says);
    expect(exitCode).toBe(5);
    // Whoever draws the run needs none.
    expect((await bnCompare(cwd, "report", "run")).exitCode).toBe(0);
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

  test("compares two engines from the same states", async () => {
    const cwd = emptyFolder();
    await bnCompare(cwd, "run", "--out", "run", "--activation", "tanh", ...QUICK);
    const { exitCode, stdout } = await bnCompare(cwd, "verify", "run", "--engine", "tfjs", "--backend", "cpu");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("reference (javascript) against tfjs (cpu)");
    expect(stdout).toMatch(/^bn +0 +\d\.\de-[6-9] /m);
  });
});
