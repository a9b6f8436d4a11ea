import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { configHash } from "../../build/check/baseline.js";
import { readBaseline } from "../../build/check/baseline-files.js";
import { checkExperiment } from "../../build/check/check.js";
import { makeBaseline } from "../../build/check/update.js";
import { main } from "../../build/command.js";
import { loadConfiguration } from "../../build/config/load.js";
import { referenceEngine } from "../../build/engines/reference.js";
import { EXIT, ExpectedError } from "../../build/errors.js";
import { runArm } from "../../build/experiment/arm.js";
import { firstJsonDifference } from "../../build/experiment/differences.js";
import { firstParting } from "../../build/experiment/digests.js";
import { prepareExperiment } from "../../build/experiment/prepare.js";
import { replayed } from "../../build/experiment/replay.js";
import { runExperiment } from "../../build/experiment/run.js";
import { stepWith } from "../../build/experiment/step.js";
import { readSafetensors, writeSafetensors } from "../../build/model/safetensors.js";
import { loadFormats, recordFiles } from "../../build/output/artifacts.js";
import { comparisonOf } from "../../build/output/html-report.js";
import { readDigests, readRun } from "../../build/output/run-reader.js";
import { loadClaim } from "../../build/published/claim-files.js";
import { namedRuns } from "../../build/report/named-runs.js";
import { mutateBytes, mutateTree } from "./mutations.mjs";

/** @typedef {import("./random.mjs").Random} Random */

/**
 * What is fuzzed: a kind of file, valid examples of it, and everything that reads it. `write` leaves a changed example in
 * `folder`; `read` gives it to every reader in turn and throws what the first of them throws.
 *
 * @typedef {{ write(random: Random, number: number): void, read(random: Random): Promise<void> }} Target
 */

const ENGINE = referenceEngine();
const FLAGS = { engine: "reference", samples: "12", width: "2", hiddenLayers: "2", updates: "4" };

/** Trains in this thread. */
export const RUNNER = {
  info: ENGINE.info,
  slots: 1,
  /** @param {any} job @param {any} progress */
  run: (job, progress) => runArm(ENGINE, job, progress),
  /** @param {any} task */
  step: async (task) => stepWith(ENGINE, task),
  close: async () => {},
};

/** An experiment of these flags over the quick ones. */
export function quick(
  /** @type {Record<string, string | boolean>} */ flags = {},
  /** @type {string | undefined} */ file = undefined,
) {
  return prepareExperiment(loadConfiguration(file, { ...FLAGS, ...flags }));
}

/** In a tree one to three changes, often one; in bytes as many. */
const changes = (/** @type {Random} */ random) => (random.chance(0.7) ? 1 : 1 + random.below(3));

function mutatedJson(/** @type {any} */ example, /** @type {Random} */ random) {
  const tree = structuredClone(example);
  for (let i = changes(random); i > 0; i--) mutateTree(tree, random);
  return tree;
}

/** As JSON, in one case of eight with bytes changed as well. */
function jsonBytes(/** @type {any} */ tree, /** @type {Random} */ random) {
  const bytes = Buffer.from(JSON.stringify(tree));
  return random.chance(0.125) ? mutateBytes(bytes, random) : bytes;
}

function mutatedBytes(/** @type {Buffer} */ example, /** @type {Random} */ random) {
  let bytes = example;
  for (let i = changes(random); i > 0; i--) bytes = mutateBytes(bytes, random);
  return bytes;
}

const sha256 = (/** @type {Uint8Array} */ bytes) => createHash("sha256").update(bytes).digest("hex");

/** @type {Record<string, (folder: string, options: { drawings: number }) => Promise<Target>>} */
export const TARGETS = {
  async csv(folder) {
    const file = join(folder, "points.csv");
    const numbers = (/** @type {number} */ rows) =>
      Array.from({ length: rows }, (_, i) => `${i / 4 - 2},${(i * 7) % 11}`);
    const examples = [
      `x,y\n${numbers(12).join("\n")}\n`,
      `\ufeffy,x1,x2\r\n${numbers(9)
        .map((row, i) => `${row},${i}e-3`)
        .join("\r\n")}`,
      `"x" , "y"\n\n${numbers(8).join("\n\n")}\n`,
      `x;y\n${numbers(8).join("\n").replaceAll(",", ";")}\n`,
    ].flatMap((text) => [Buffer.from(text), Buffer.from(`\ufeff${text}`, "utf16le")]);
    return {
      write: (random) => writeFileSync(file, mutatedBytes(random.pick(examples), random)),
      async read() {
        const { samples: _, ...flags } = FLAGS;
        prepareExperiment(loadConfiguration(undefined, { ...flags, data: file }));
      },
    };
  },

  async safetensors(folder) {
    const file = join(folder, "weights.safetensors");
    const { first } = experimentWeights();
    const [data, wide] = [writeSafetensors(first, {}), writeSafetensors(first, { note: "kept", other: "" })].map(
      Buffer.from,
    );
    /** The header as a tree, and the values behind it. */
    const parts = (/** @type {Buffer} */ bytes) => {
      const end = 8 + Number(bytes.readBigUInt64LE(0));
      return { header: JSON.parse(bytes.toString("utf8", 8, end)), values: bytes.subarray(end) };
    };
    return {
      write(random) {
        const example = random.chance(0.5) ? data : wide;
        if (example === undefined || random.chance(0.3)) {
          writeFileSync(file, mutatedBytes(example ?? Buffer.alloc(0), random));
          return;
        }
        const { header, values } = parts(example);
        const tree = mutatedJson(header, random);
        if (random.chance(0.1)) for (let i = 0; i < 2000; i++) tree[`empty.${i}`] = EMPTY_TENSOR;
        const json = Buffer.from(JSON.stringify(tree));
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(json.length));
        const bytes = Buffer.concat([length, json, values]);
        writeFileSync(file, random.chance(0.1) ? mutateBytes(bytes, random) : bytes);
      },
      async read() {
        const { width: _, hiddenLayers: __, ...flags } = FLAGS;
        prepareExperiment(loadConfiguration(undefined, { ...flags, weights: file }));
      },
    };
  },

  async experiment(folder) {
    const file = join(folder, "experiment.yaml");
    const texts = examplesOfYaml("experiment.yaml");
    texts.push(
      Buffer.from(
        "preset: tutorial-minibatch\nseeds: [3, 1, 2]\narms:\n  plain: {normalize: none, init: normal, initStd: 0.5}\n  bn he: {init: he, against: plain}\ncheck:\n  maxIncrease: 3%\n  gates: {bn he.train: 1, bn he.effect: null}\n  steps: note\n",
      ),
      Buffer.from(
        "data: points.csv\ntestData: points.csv\nweights: w.safetensors\nstandardizeTargets: true\nbatchSize: 4\n",
      ),
    );
    return {
      write: (random) => writeFileSync(file, mutatedYaml(random.pick(texts), random)),
      async read() {
        const configuration = loadConfiguration(file, {});
        const {
          samples = 0,
          testSamples = 0,
          inputs = 1,
          hiddenLayers = 1,
          width = 1,
          data,
          weights,
        } = configuration.settings;
        // What is allowed may take its time: large data and networks are made in other tests.
        const values = (samples + testSamples) * inputs + hiddenLayers * width * width + inputs * width;
        if (data === undefined && weights === undefined && values < 1e5) prepareExperiment(configuration);
      },
    };
  },

  async claim(folder) {
    const file = join(folder, "claim.yaml");
    const texts = examplesOfYaml("claim.yaml");
    return {
      write: (random) => writeFileSync(file, mutatedYaml(random.pick(texts), random)),
      read: async () => void loadClaim(file),
    };
  },

  async result(folder, { drawings }) {
    const examples = [];
    for (const flags of EXPERIMENTS) {
      const { result } = await runExperiment(quick(flags, armsFile(folder, flags)), RUNNER);
      examples.push(JSON.parse(JSON.stringify(result)));
    }
    const other = { name: "other", result: examples[0] };
    let left = drawings;
    return {
      write: (random) =>
        writeFileSync(join(folder, "result.json"), jsonBytes(mutatedJson(random.pick(examples), random), random)),
      async read(random) {
        const { result } = readRun(folder);
        const draws = left > 0 && random.chance(0.2);
        if (draws) {
          left--;
          const settings = { chartFormat: "both", csv: true };
          await recordFiles(result, await loadFormats(settings), settings);
          if (random.chance(0.3)) {
            await comparisonOf(namedRuns([{ name: "this", result }, other]));
          }
        }
        await command("inspect", folder, ...(random.chance(0.1) ? ["--json"] : []));
        await command("explain", folder, ...(random.chance(0.1) ? ["--json"] : []));
        const again = await runExperiment(replayed(result, folder), RUNNER);
        firstJsonDifference(result, JSON.parse(JSON.stringify(again.result)));
      },
    };
  },

  async store(folder) {
    const experiment = folderFor(folder, "experiment");
    const store = join(folder, "store");
    writeFileSync(
      join(experiment, "experiment.yaml"),
      "engine: reference\nsamples: 12\nwidth: 2\nhiddenLayers: 2\nupdates: 4\nseeds: 2\nsweep: { learningRate: [0.001, 1e30] }\n",
    );
    await command("sweep", experiment, "--quiet", "--workers", "1", "--out", store);
    const files = readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name));
    const examples = files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
    return {
      write(random) {
        for (const { file, text } of examples) writeFileSync(file, text);
        const sweep = examples.filter(({ file }) => file.endsWith("sweep.json"));
        const { file, text } = random.pick(random.chance(0.5) ? sweep : examples);
        writeFileSync(file, jsonBytes(mutatedJson(JSON.parse(text), random), random));
      },
      async read() {
        const out = join(folder, "merged");
        const code = await command("merge", store, "--out", out);
        rmSync(out, { recursive: true, force: true });
        if (code !== 0) throw new ExpectedError(EXIT.regression, `merge ends with ${code}`);
      },
    };
  },

  async digests(folder) {
    const { result, digests } = await runExperiment(quick(), RUNNER);
    writeFileSync(join(folder, "result.json"), JSON.stringify(result));
    return {
      write: (random) => writeFileSync(join(folder, "digests.json"), jsonBytes(mutatedJson(digests, random), random)),
      async read() {
        const recorded = readRun(folder);
        firstParting(readDigests(recorded) ?? {}, digests ?? {});
      },
    };
  },

  async baseline(folder) {
    const { prepared, made } = await baselineIn(folder);
    const baseline = JSON.parse(JSON.stringify(made.baseline));
    const { tensors } = readSafetensors(made.recordedStates, "baseline.safetensors");
    return {
      write(random) {
        let states = Buffer.from(made.recordedStates);
        let tree = structuredClone(baseline);
        if (random.chance(0.3)) {
          const changed = new Map(tensors);
          const [one, two] = [random.pick([...tensors.keys()]), random.pick([...tensors.keys()])];
          if (random.chance(0.5)) changed.delete(one);
          else changed.set(random.chance(0.5) ? one : `${one} `, /** @type {any} */ (tensors.get(two)));
          states = Buffer.from(writeSafetensors(changed, {}));
          if (random.chance(0.2)) states = mutateBytes(states, random);
          tree.recordedStates.sha256 = sha256(states);
        } else {
          tree = mutatedJson(tree, random);
          // Whoever edits a baseline may fit its hash as well.
          if (random.chance(0.5) && typeof tree.config === "object" && tree.config !== null)
            tree.configHash = configHash(tree.config);
        }
        writeFileSync(join(folder, made.baseline.recordedStates.file), states);
        writeFileSync(join(folder, "baseline.json"), jsonBytes(tree, random));
      },
      async read() {
        const read = readBaseline(folder);
        await checkExperiment({ name: "fuzzed", folder, experiment: prepared, settings: {}, read }, RUNNER);
      },
    };
  },
};

/** A small experiment, and the baseline that it would write. */
export async function baselineIn(/** @type {string} */ folder) {
  writeFileSync(join(folder, "experiment.yaml"), "seeds: 2\n");
  const prepared = quick({ seeds: "2" }, join(folder, "experiment.yaml"));
  const finished = await runExperiment({ ...prepared, saveWeights: true }, RUNNER);
  return { prepared, made: await makeBaseline(prepared, [1, 2], finished, RUNNER) };
}

const EMPTY_TENSOR = { dtype: "F32", shape: [0], data_offsets: [0, 0] };

/** Experiments whose results are examples: each kind of section is in one of them. */
const EXPERIMENTS = [
  { activation: "tanh", seeds: "3", roundingProbe: "2", decay: "0.9" },
  { activation: "relu", learningRate: "1e6", seeds: "2" },
  { dataset: "gaussian", inputs: "2", testSamples: "5", batchSize: "5", standardizeTargets: true },
  { activation: "tanh", arms: true },
];

const ARMS =
  "arms:\n  plain: {normalize: none}\n  toString: {against: plain, affine: false}\n  bn he: {init: he, against: toString, position: after}\n";

/** Flags cannot name arms: an experiment file does. */
function armsFile(/** @type {string} */ folder, /** @type {Record<string, any>} */ flags) {
  if (flags["arms"] !== true) return undefined;
  const file = join(folder, "arms.yaml");
  writeFileSync(file, ARMS);
  return file;
}

function experimentWeights() {
  const experiment = quick();
  const drawn = experiment.draw(1);
  const [plan] = Object.values(experiment.arms);
  if (plan === undefined) throw new Error("no arm");
  return { first: drawn.weightsOf(plan) };
}

/** The committed files of that name. */
function examplesOfYaml(/** @type {string} */ name) {
  const experiments = fileURLToPath(new URL("../../experiments/", import.meta.url));
  return readdirSync(experiments, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(name) && statSync(join(experiments, path)).isFile())
    .sort()
    .map((path) => readFileSync(join(experiments, path)));
}

/** Half by structure, half by bytes. */
function mutatedYaml(/** @type {Buffer} */ text, /** @type {Random} */ random) {
  if (random.chance(0.5)) return mutatedBytes(text, random);
  const tree = mutatedJson(parse(text.toString("utf8")) ?? {}, random);
  return Buffer.from(random.chance(0.2) ? JSON.stringify(tree) : stringify(tree));
}

/** Runs a command in this thread and returns its exit code; whatever it finds is an answer, and only a bug is none. */
export async function command(/** @type {string[]} */ ...args) {
  let said = "";
  const stream = {
    write(/** @type {string} */ text, /** @type {() => void} */ done) {
      said = (said + text).slice(-2000);
      done();
    },
  };
  const signal = new AbortController().signal;
  const code = await main(args, { stdout: stream, stderr: stream, env: {}, signal });
  if (code === 70) throw new Error(said);
  if (/[^\n\P{Cc}]/u.test(said)) throw new Error(`a control character is printed: ${JSON.stringify(said)}`);
  return code;
}

/** A folder of its own for a target's files. */
export function folderFor(/** @type {string} */ root, /** @type {string} */ name) {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
