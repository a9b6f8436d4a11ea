import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { bnCompareProcess, emptyFolder, MAIN, QUICK } from "./command.js";

/** Runs the command through a shell that first takes something away. */
async function after(shell: string, cwd: string, ...args: string[]) {
  const { exitCode, stderr, stdout } = await execa(
    "sh",
    ["-c", `${shell}; exec "$0" "$@"`, process.execPath, MAIN, ...args],
    {
      cwd,
      reject: false,
      stdin: "ignore",
      env: { NO_COLOR: "1" },
    },
  );
  return { exitCode, stderr, stdout };
}

const onUnix = process.platform !== "win32";

describe.runIf(onUnix)("what the machine refuses is an expected error with a way out", () => {
  test.each([
    ["run", "--quiet"],
    ["inspect", "run"],
    ["check"],
    ["verify", "run"],
    ["report", "run"],
    ["reproduce", "--list"],
  ])("a working directory that is gone: %s", async (...args) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "gone"));
    const { exitCode, stderr } = await after('cd gone && rmdir "$PWD"', cwd, ...args);
    expect(stderr).toBe("error: the working directory is gone: it was deleted or moved; change to another one");
    expect(exitCode).toBe(5);
  });

  test("few open files", async () => {
    for (const most of [24, 32, 40, 48]) {
      const { exitCode, stderr } = await after(`ulimit -n ${most}`, emptyFolder(), "run", ...QUICK);
      expect(stderr).toMatch(/^error: .*(?:raise|raised|fewer)/);
      expect(stderr).toContain("ulimit");
      expect([4, 5]).toContain(exitCode);
    }
  });
});

describe("files that are large or deep in an unexpected way", () => {
  test("points beyond what a string holds are refused by their size", async () => {
    const cwd = emptyFolder();
    const file = openSync(join(cwd, "points.csv"), "w");
    writeSync(file, "x,y\n1,2\n");
    closeSync(file);
    // Sparse: it takes no place on the disk.
    truncateSync(join(cwd, "points.csv"), 600e6);
    const { exitCode, stderr } = await bnCompareProcess(cwd, "run", "--data", "points.csv");
    expect(stderr).toContain(
      "cannot read points.csv: it is larger than 500 MB, the most that a file of points may hold",
    );
    expect(exitCode).toBe(5);
  });

  test("200 000 empty tensors are no stack overflow", async () => {
    const cwd = emptyFolder();
    const entries = Array.from(
      { length: 200_000 },
      (_, i) => [`empty.${i}`, { shape: [0], data: new Float32Array(0) }] as const,
    );
    writeFileSync(join(cwd, "w.safetensors"), writeSafetensors(new Map(entries), {}));
    const { exitCode, stderr } = await bnCompareProcess(cwd, "run", "--weights", "w.safetensors");
    expect(stderr).toContain("w.safetensors: needs layers.0.kernel, layers.0.bias and at least one layer more");
    expect(exitCode).toBe(2);
  });

  const deep = 50_000;
  test.each([
    ["nested keys", "{a: ".repeat(deep) + "}".repeat(deep)],
    ["nested lists", `seeds: ${"[".repeat(deep)}${"]".repeat(deep)}`],
    ["indented keys", Array.from({ length: 1200 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["keys of keys", "? ".repeat(deep)],
  ])("%s in YAML", async (_what, text) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "a.yaml"), text);
    const { exitCode, stderr } = await bnCompareProcess(cwd, "run", "a.yaml");
    expect(stderr).toContain("a.yaml: keys and lists are nested more than 100 levels deep");
    expect(exitCode).toBe(2);
  });

  test.each([
    ["result.json", ["inspect", "."], 5],
    ["baseline.json", ["check", "experiment.yaml"], 2],
  ] as const)("nested lists in %s", async (name, args, code) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "experiment.yaml"), "seeds: 2\n");
    writeFileSync(join(cwd, name), `{"config": ${"[".repeat(deep)}${"]".repeat(deep)}, "baselineVersion": 2}`);
    const { exitCode, stderr } = await bnCompareProcess(cwd, ...args);
    expect(stderr).toContain(`${name} is nested more than 100 levels deep`);
    expect(exitCode).toBe(code);
  });
});

describe.runIf(process.platform === "linux")("a place where nothing can be written", () => {
  test.each(["/proc/x/y", "/dev/null/run", "/proc/self/run"])("%s", async (out) => {
    const { exitCode, stderr } = await bnCompareProcess(emptyFolder(), "run", ...QUICK, "--out", out);
    expect(stderr).toContain(`cannot write ${out}: `);
    expect(exitCode).toBe(5);
  });

  test("a pipe in the place of the page that compare writes, and of the result that run replaces", async () => {
    const cwd = emptyFolder();
    for (const name of ["a", "b"]) {
      const { exitCode } = await bnCompareProcess(
        cwd,
        "run",
        ...QUICK,
        "--seed",
        name === "a" ? "1" : "2",
        "--quiet",
        "--out",
        name,
      );
      expect(exitCode).toBe(0);
    }
    execFileSync("mkfifo", [join(cwd, "page.html")]);
    const compared = await bnCompareProcess(cwd, "compare", "a", "b", "--out", "page.html");
    expect([compared.exitCode, compared.stderr]).toEqual([5, expect.stringContaining("page.html: it is a pipe")]);
    mkdirSync(join(cwd, "c"));
    execFileSync("mkfifo", [join(cwd, "c", "result.json")]);
    const ran = await bnCompareProcess(cwd, "run", ...QUICK, "--quiet", "--out", "c");
    expect([ran.exitCode, ran.stderr]).toEqual([
      5,
      expect.stringContaining("will not replace c: it holds no finished run"),
    ]);
  });
});
