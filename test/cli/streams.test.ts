import { readFileSync } from "node:fs";
import { glob } from "tinyglobby";
import { describe, expect, test } from "vitest";
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
  expect(stderr).toBe("interrupted; what was not finished was not written\n");
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
  expect(touching.sort()).toEqual(["src/experiment/serve.ts", "src/main.ts"]);
});
