import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { V8_FLAGS } from "../../src/v8-flags.js";
import { bnCompareProcess, emptyFolder, QUICK } from "./command.js";

test("this Node's V8 understands the flags that the command sets", () => {
  // Node ends with an error at a flag that V8 does not know.
  const flags = [...V8_FLAGS, "-e", "process.stdout.write('understood')"];
  expect(execFileSync(process.execPath, flags, { encoding: "utf8" })).toBe("understood");
  expect(() => execFileSync(process.execPath, ["--interrupt-budgets=1", "-e", "0"], { stdio: "ignore" })).toThrow();
  expect(V8_FLAGS.length).toBe(process.versions.node.startsWith("20.") ? 2 : 1);
});

test("what only looks like a question runs: help is loaded without the commands", async () => {
  const cwd = emptyFolder();
  const run = await bnCompareProcess(cwd, "run", ...QUICK, "--name", "help", "--out", "--help", "--quiet");
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  for (const question of [
    ["help", "run"],
    ["run", "--help"],
    ["run", "--epochs", "1", "--help"],
  ]) {
    const { exitCode, stdout } = await bnCompareProcess(cwd, ...question);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("--activation")]);
  }
});
