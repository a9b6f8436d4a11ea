import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "./command.js";
import { inProcess } from "./in-process.js";

const inCi = process.env["CI"] === "true";

async function isThere(shell: string): Promise<boolean> {
  return (await execa(shell, ["-c", "true"], { reject: false })).exitCode === 0;
}

/** The script in a file, and the shell's answer to commands that use it. */
async function answer(shell: string, commands: (file: string) => string): Promise<string[]> {
  const { stdout: script, exitCode } = await inProcess(["completion", shell]);
  expect(exitCode).toBe(0);
  const file = join(emptyFolder(), "completion");
  writeFileSync(file, script);
  const { stdout, stderr } = await execa(shell, ["-c", commands(file)], { reject: false });
  expect(stderr).toBe("");
  return stdout.split("\n").map((line) => line.split("\t")[0] ?? "");
}

const SHELLS = await Promise.all(["bash", "zsh", "fish"].map(async (name) => ({ name, there: await isThere(name) })));
const skips = (name: string) => !inCi && !SHELLS.some((shell) => shell.name === name && shell.there);

describe.skipIf(skips("bash"))("bash completes", () => {
  const complete = (...words: string[]) =>
    answer(
      "bash",
      (file) => `. ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
        _bn_compare; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );

  test.each([
    ["a command", ["bn-compare", "rep"], ["report", "reproduce"]],
    ["a flag of its command", ["bn-compare", "run", "--act"], ["--activation"]],
    ["a choice", ["bn-compare", "run", "--activation", "ta"], ["tanh"]],
    ["the last run", ["bn-compare", "inspect", "la"], ["latest"]],
    ["no flag of another command", ["bn-compare", "inspect", "--act"], [""]],
  ])("%s", async (_, words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });
});

describe.skipIf(skips("fish"))("fish completes", () => {
  test.each([
    ["a command", "bn-compare rep", ["report", "reproduce"]],
    ["a flag of its command", "bn-compare run --act", ["--activation"]],
    ["a choice", "bn-compare run --activation ta", ["tanh"]],
    ["the last run", "bn-compare inspect lat", ["latest"]],
  ])("%s", async (_, line, expected) => {
    expect(await answer("fish", (file) => `source ${file}; complete -C '${line}'`)).toEqual(expected);
  });
});

test.skipIf(skips("zsh"))("zsh loads its script and knows the command's function", async () => {
  const lines = await answer(
    "zsh",
    (file) =>
      `autoload -Uz compinit; compinit -u -D; . ${file}; print -r -- $_comps[bn-compare]; whence -w _bn_compare`,
  );
  expect(lines).toEqual(["_bn_compare", "_bn_compare: function"]);
});

test("another shell is a usage error that names those there are", async () => {
  const { exitCode, stderr } = await inProcess(["completion", "tcsh"]);
  expect([exitCode, stderr]).toEqual([2, "error: completion: tcsh is not one of bash, zsh, fish\n"]);
});
