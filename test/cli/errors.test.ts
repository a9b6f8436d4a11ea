import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { emptyFolder, MAIN, QUICK, shellCode } from "./command.js";
import { inProcess } from "./in-process.js";

/** Exit codes and messages of runs that cannot be: `files` are there, `args` follow `run`. */
const cases: readonly {
  readonly what: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly args: readonly string[];
  readonly code: number;
  readonly says: readonly (string | RegExp)[];
}[] = [
  {
    what: "an unknown flag",
    args: ["--activaton", "relu"],
    code: 2,
    says: ["unknown option '--activaton'", "Did you mean --activation?"],
  },
  {
    what: "a flag of another program",
    args: ["--bn-momentum", "0.9"],
    code: 2,
    says: [
      "unknown option '--bn-momentum'",
      "(--decay: momentum in Keras and TensorFlow is the decay itself (0.99), in PyTorch it is 1 − decay",
      "(see bn-compare run --help)",
    ],
  },
  {
    what: "a flag of another program with its value",
    args: ["--lr=0.1"],
    code: 2,
    says: ["unknown option '--lr=0.1'", "(Did you mean --learning-rate?)"],
  },
  {
    what: "an activation in the place of an experiment",
    args: ["relu"],
    code: 5,
    says: ["cannot read the experiment relu", "; did you mean --activation relu?"],
  },
  {
    what: "data in the place of an experiment",
    files: { "points.csv": "x,y\n1,2\n" },
    args: ["points.csv"],
    code: 2,
    says: ["points.csv is not an experiment file; did you mean --data points.csv?"],
  },
  {
    what: "an unknown activation",
    args: ["--activation", "rleu"],
    code: 2,
    says: ['--activation: "rleu" is not one of relu, leaky-relu,', "did you mean relu?"],
  },
  {
    what: "several wrong flags at once",
    args: ["--width", "3.5", "--decay", "1", "--seed", "x"],
    code: 2,
    says: ["3 problems", "--width: 3.5 is not a whole number", "--decay: 1 is not a number ≥ 0 and < 1", '--seed: "x"'],
  },
  {
    what: "broken YAML",
    files: { "a.yaml": "activation: relu\nwidth: [1, 2\n" },
    args: ["a.yaml"],
    code: 2,
    says: [/a\.yaml:\d: this is not YAML/],
  },
  {
    what: "wrong keys and values in YAML, all at once",
    files: { "a.yaml": "activation: relu\nlearningrate: 0.1\nwidth: wide\n" },
    args: ["a.yaml", "--epochs", "0"],
    code: 2,
    says: [
      "3 problems",
      "a.yaml:2: learningrate: there is no such key; did you mean learningRate?",
      'a.yaml:3: width: "wide" is not a whole number',
      "--epochs: 0 is not",
    ],
  },
  {
    what: "an experiment that is not there",
    args: ["experiments/none"],
    code: 5,
    says: ["cannot read the experiment experiments/none"],
  },
  {
    what: "data that is not there",
    args: ["--data", "none.csv"],
    code: 5,
    says: ["cannot read none.csv: it does not exist"],
  },
  {
    what: "NaN in a CSV",
    files: { "a.csv": "x,y\n1,2\n2,NaN\n3,\n" },
    args: ["--data", "a.csv"],
    code: 2,
    says: ['a.csv:3: column y contains "NaN" (a missing value)', "a.csv:4: column y is empty"],
  },
  {
    what: "weights whose shapes do not chain",
    files: {
      "w.safetensors": writeSafetensors(
        new Map([
          ["layers.0.kernel", { shape: [1, 3], data: new Float32Array(3) }],
          ["layers.0.bias", { shape: [3], data: new Float32Array(3) }],
          ["layers.1.kernel", { shape: [4, 1], data: new Float32Array(4) }],
          ["layers.1.bias", { shape: [1], data: new Float32Array(1) }],
        ]),
        {},
      ),
    },
    args: ["--weights", "w.safetensors"],
    code: 2,
    says: ["w.safetensors: layers.1.kernel has shape [4, 1] behind a layer of 3 units"],
  },
  {
    what: "sizes that conflict with the weights",
    files: {
      "w.safetensors": writeSafetensors(
        new Map([
          ["layers.0.kernel", { shape: [1, 3], data: new Float32Array(3) }],
          ["layers.0.bias", { shape: [3], data: new Float32Array(3) }],
          ["layers.1.kernel", { shape: [3, 1], data: new Float32Array(3) }],
          ["layers.1.bias", { shape: [1], data: new Float32Array(1) }],
        ]),
        {},
      ),
    },
    args: ["--weights", "w.safetensors", "--width", "30", "--hidden-layers", "1"],
    code: 2,
    says: ["--width: 30 conflicts with w.safetensors, which has hidden layers of 3 units"],
  },
  {
    what: "a folder that cannot be made",
    files: { file: "" },
    args: ["--out", "file/run"],
    code: 5,
    says: ["cannot write file/run: a part of the path is a file"],
  },
  {
    what: "a folder that holds something else",
    files: { "thesis/chapter.txt": "words" },
    args: ["--out", "thesis"],
    code: 5,
    says: ["will not replace thesis: it holds chapter.txt, which was not written by a run"],
  },
  {
    what: "characters that a terminal obeys, in a file's name and contents",
    files: { "\u202ea.csv": "\u001b[31mx\n1\n" },
    args: ["--data", "\u202ea.csv"],
    code: 2,
    says: [/^error: \\u\{202e\}a\.csv: .*; found only "\\u\{1b\}\[31mx"/m],
  },
  {
    what: "characters that a terminal obeys, in a flag that there is not",
    args: ["--\u001b[31mred"],
    code: 2,
    says: ["error: unknown option '--\\u{1b}[31mred'\n"],
  },
  {
    what: "arms in YAML with faults of their own, at their lines",
    files: { "a.yaml": "arms:\n  plain: {normalize: none}\n  bn:\n    decai: 0.5\n    seed: 3\n    against: plian\n" },
    args: ["a.yaml"],
    code: 2,
    says: [
      "3 problems",
      "a.yaml:4: arms.bn.decai: there is no such key; did you mean decay?",
      "a.yaml:5: arms.bn.seed: there is no such key; all arms have it in common, so it stands beside arms",
      'a.yaml:6: arms.bn.against: "plian" is not the name of another arm; did you mean plain?',
    ],
  },
  {
    what: "to normalize nothing in either arm",
    args: ["--normalize", "none"],
    code: 2,
    says: [
      "--normalize: none would switch normalization off in both arms; set it for one arm under arms: in an experiment file",
    ],
  },
  {
    what: "a number of seeds that is none",
    args: ["--seeds", "0", "--bias-std", "-1"],
    code: 2,
    says: ["--seeds: 0 is not a number of seeds from 1 to 10000", "--bias-std: -1 is not a number ≥ 0"],
  },
  {
    what: "keys that exclude each other",
    args: ["--epochs", "3", "--updates", "4"],
    code: 2,
    says: ["--epochs: cannot be given together with updates"],
  },
];

describe("bn-compare run refuses", () => {
  test.each(cases)("$what", async ({ files = {}, args, code, says }) => {
    const cwd = emptyFolder();
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(cwd, file, ".."), { recursive: true });
      writeFileSync(join(cwd, file), content);
    }
    const before = readdirSync(cwd, { recursive: true }).sort();
    const { exitCode, stdout, stderr } = await inProcess(["run", ...args], { cwd });
    for (const text of says) expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/ at .*\.js:\d+/);
    expect(stdout).toBe("");
    expect(exitCode).toBe(code);
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before);
  });
});

describe("bn-compare", () => {
  test("stops at Ctrl-C with exit code 130 and leaves nothing behind", async () => {
    const cwd = emptyFolder();
    const child = execa(
      process.execPath,
      [
        MAIN,
        "run",
        ...QUICK,
        "--activation",
        "tanh",
        "--updates",
        "1000000",
        "--cost-every",
        "500",
        "--histogram-every",
        "100000",
      ],
      {
        cwd,
        reject: false,
      },
    );
    child.stderr.once("data", () => child.kill("SIGINT"));
    const { stderr, ...ended } = await child;
    expect(shellCode(ended)).toBe(130);
    expect(stderr).toContain("interrupted; nothing unfinished was written");
    expect(readdirSync(cwd, { recursive: true }).filter((entry) => entry !== "runs")).toEqual([]);
  });

  test("closes quietly when its reader closes the pipe", async () => {
    const cwd = emptyFolder();
    const command = `"${process.execPath}" "${MAIN}" run --json --quiet ${QUICK.join(" ")} | head -c 10`;
    const { exitCode, stderr } = await execa("bash", ["-o", "pipefail", "-c", command], { cwd, reject: false });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test.each([["--help"], ["run", "--help"], ["report", "--help"], ["inspect", "--help"], ["--version"]])(
    "%s %s succeeds on stdout",
    async (...args) => {
      const { exitCode, stdout, stderr } = await inProcess(args);
      expect(exitCode).toBe(0);
      expect(stderr).toBe("");
      expect(stdout.length).toBeGreaterThan(4);
    },
  );

  test("run --help starts with examples and groups every flag", async () => {
    const { stdout } = await inProcess(["run", "--help"]);
    expect(stdout).toMatch(/^Examples:/);
    for (const group of [
      "Experiment:",
      "Data:",
      "Network:",
      "Batch normalization:",
      "Training:",
      "Recording:",
      "Engine:",
      "Output:",
    ]) {
      expect(stdout).toContain(`\n${group}`);
    }
    for (const flag of [
      "--preset",
      "--batch-size",
      "--no-shuffle",
      "--init-std",
      "--debias",
      "--save-weights",
      "--backend",
    ]) {
      expect(stdout).toContain(flag);
    }
  });

  test.each([
    ["a folder without a run", [], 5, "cannot read"],
    ["a result of another schema", [["result.json", '{"schemaVersion": 99}']], 5, "schemaVersion 99"],
    [
      "a result of an odd schema",
      [["result.json", JSON.stringify({ schemaVersion: `\u001b${"9".repeat(10_000)}` })]],
      5,
      `has schemaVersion \\u{1b}${"9".repeat(59)}…; this`,
    ],
    ["a truncated result", [["result.json", '{"schemaVersion": 2, "config"']], 5, "is not JSON"],
    ["a result with holes", [["result.json", '{"schemaVersion": 4}']], 5, "does not hold a result"],
    [
      "a result of an earlier version",
      [["result.json", '{"schemaVersion": 1}']],
      5,
      "has schemaVersion 1; this bn-compare reads 4",
    ],
  ] as const)("report and inspect refuse %s", async (_what, files, code, says) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "run"));
    for (const [file, content] of files) writeFileSync(join(cwd, "run", file), content);
    for (const command of ["report", "inspect"]) {
      const { exitCode, stdout, stderr } = await inProcess([command, "run"], { cwd });
      expect(stderr).toContain(says);
      expect([exitCode, stdout]).toEqual([code, ""]);
    }
  });
});
