import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { glob } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { emptyFolder, MAIN, QUICK } from "./command.js";
import { inProcess } from "./in-process.js";

const always = (code: string) => () => code;
const CLOSED = always("EPIPE");
const FULL = always("ENOSPC");

describe("a command whose product is on stdout alone", () => {
  test.each([["--help"], ["run", "--help"], ["--version"], ["reproduce", "--list"], ["reproduce", "--list", "--json"]])(
    "%s %s %s succeeds, and says nothing, when the reader has seen enough",
    async (...args) => {
      const all = await inProcess(args);
      expect([all.exitCode, all.stderr]).toEqual([0, ""]);
      expect(all.stdout.length).toBeGreaterThan(4);
      const closed = await inProcess(args, { fails: { stdout: CLOSED } });
      expect([closed.exitCode, closed.stdout, closed.stderr]).toEqual([0, "", ""]);
    },
  );

  test.each([["--help"], ["--version"], ["reproduce", "--list", "--json"]])(
    "%s ends with 5 and one line when it cannot be written",
    async (...args) => {
      const { exitCode, stderr } = await inProcess(args, { fails: { stdout: FULL } });
      expect(stderr).toBe("error: cannot write standard output: the disk is full\n");
      expect(exitCode).toBe(5);
    },
  );

  test("ends with 5 also when nobody hears of it", async () => {
    const { exitCode } = await inProcess(["--help"], { fails: { stdout: FULL, stderr: FULL } });
    expect(exitCode).toBe(5);
  });
});

test.skipIf(process.platform !== "linux")(
  "a file that ends before the text does is an error, although its beginning could be written",
  async () => {
    const cwd = emptyFolder();
    const command = `ulimit -f 1; "${process.execPath}" "${MAIN}" run --help > help.txt`;
    const { exitCode, stderr } = await execa("bash", ["-c", command], { cwd, reject: false });
    expect(stderr).toBe("error: cannot write standard output: files may not be that large here (ulimit -f)");
    expect(exitCode).toBe(5);
    expect(statSync(join(cwd, "help.txt")).size).toBe(1024);
  },
);

test("what is printed beside files keeps the command's own code, with one line on stderr", async () => {
  const cwd = emptyFolder();
  const run = ["run", "--activation", "tanh", "--quiet", "--out", "run", ...QUICK];
  const lost = "error: cannot write standard output: the disk is full";
  const said = await inProcess(run, { cwd, fails: { stdout: FULL } });
  expect(said).toEqual({ exitCode: 0, stdout: "", stderr: `${lost}; nothing but the printed text is lost\n` });
  const files = readdirSync(join(cwd, "run"));
  expect(files).toContain("report.html");
  const json = await inProcess([...run, "--json"], { cwd, fails: { stdout: FULL } });
  expect(json).toEqual({ exitCode: 5, stdout: "", stderr: `${lost}\n` });
  expect(readdirSync(join(cwd, "run"))).toEqual(files);
  for (const [fails, code] of [
    [FULL, 5],
    [CLOSED, 0],
  ] as const) {
    expect((await inProcess(["inspect", "run"], { cwd, fails: { stdout: fails } })).exitCode).toBe(code);
  }
});

describe("an error", () => {
  test.each([
    ["closed", CLOSED],
    ["full", FULL],
  ])("keeps its exit code when stderr is %s", async (_, fails) => {
    for (const [args, code] of [
      [["run", "--width", "nine"], 2],
      [["run", "--nope"], 2],
      [["report", "nowhere"], 5],
    ] as const) {
      const { exitCode } = await inProcess(args, { fails: { stderr: fails } });
      expect(exitCode).toBe(code);
    }
  });

  test("is a line on stderr, and nothing on stdout", async () => {
    const { exitCode, stdout, stderr } = await inProcess(["report", "nowhere"]);
    expect(stderr).toMatch(/^error: cannot read the run nowhere: .*\n$/);
    expect([exitCode, stdout]).toEqual([5, ""]);
  });
});

test("a signal that came before the end is an interruption, whatever was done by then", async () => {
  const { exitCode, stderr } = await inProcess(["reproduce", "--list"], { signal: AbortSignal.abort() });
  expect(stderr).toBe("interrupted; nothing unfinished was written\n");
  expect(exitCode).toBe(130);
});

test("after a gap nothing more is written: a reader would take the rest for all", async () => {
  const { exitCode, stderr } = await inProcess(["--nope"], {
    fails: { stderr: (write) => (write === 0 ? "EIO" : undefined) },
  });
  expect([exitCode, stderr]).toEqual([2, ""]);
});

test("help is as wide as its terminal, and 80 columns elsewhere", async () => {
  const widest = async (columns?: number) => {
    const { stdout } = await inProcess(["run", "--help"], columns === undefined ? {} : { columns });
    return Math.max(...stdout.split("\n").map((line) => line.length));
  };
  // The examples before it are not wrapped.
  expect(await widest(160)).toBeGreaterThan(await widest());
});

/** Node's streams throw, or end the process, at moments of their own: everything goes through a `Terminal`. */
test("no file but those that own the process's streams touches them", async () => {
  const own = [
    "src/process-streams.ts",
    // A program of its own, which the set-up starts.
    "src/setup/prove-tensorflow.ts",
  ];
  const files = await glob("src/**/*.ts", { ignore: ["src/report/browser/**", "src/kernel/**", ...own] });
  expect(files.length).toBeGreaterThan(150);
  const code = (file: string) => readFileSync(file, "utf8").replace(/^\s*(\/?\*|\/\/).*$/gm, "");
  const touching = files.filter((file) => /process\.(stdout|stderr|exitCode|exit\b)|console\./.test(code(file)));
  expect(touching.sort()).toEqual(["src/command-process.ts", "src/experiment/serve.ts", "src/main.ts"]);
});
