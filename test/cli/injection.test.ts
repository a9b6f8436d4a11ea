import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { emptyFolder, MAIN } from "./command.js";
import { inProcess } from "./in-process.js";

/** What a fork's pull request may name a folder. */
const EVIL = "ex\n::error::INJ <b>![i](u)\u001b[31m\u202e##[error]x";
const NAMED = "ex\\u{a}::error::INJ <b>![i](u)\\u{1b}[31m\\u{202e}#\\u{23}[error]x";
const OBEYED = /[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]|##\[|^\s*::(?!error file=)/mu;

const EXPERIMENT = `seeds: 2
samples: 30
hiddenLayers: 2
width: 4
updates: 6
activation: tanh
engine: reference
`;

test("an experiment's folder may have any name: log, annotations and summary of a check repeat it and obey nothing", async () => {
  const place = emptyFolder();
  const folder = join(place, "experiments", EVIL);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "experiment.yaml"), EXPERIMENT);
  const summary = join(place, "summary.md");
  const command = (...args: string[]) =>
    inProcess(["check", ...args], {
      cwd: place,
      env: { NO_COLOR: "1", GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, CI: "" },
    });
  const update = await command("--update");
  expect(update.stderr).not.toMatch(OBEYED);
  expect(update.exitCode).toBe(0);
  expect(update.stdout).toContain(NAMED);
  // A baseline that the arms miss: every gate fails and is annotated.
  const baseline = join(folder, "baseline.json");
  writeFileSync(baseline, readFileSync(baseline, "utf8").replace(/"inference": [\d.]+/g, '"inference": 0.001'));
  const check = await command("--junit", "junit.xml");
  for (const text of [check.stdout, check.stderr]) expect(text).not.toMatch(OBEYED);
  expect(`${check.stdout}${check.stderr}`).toContain(NAMED.slice(0, 20));
  for (const file of [summary, join(place, "junit.xml")]) {
    const text = readFileSync(file, "utf8");
    expect(text).toContain("::error::INJ");
    expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}]|<b>/u);
  }
  expect(readFileSync(summary, "utf8")).toContain("&lt;b&gt;!\\[i\\](u)");
});

describe("what is wrong is said in one line, whatever was typed", () => {
  const evil = "--x\n::error::INJ";

  test.each([
    ["an unknown flag", ["run", evil]],
    ["an unknown command", [evil.slice(2)]],
    ["a run that is nowhere", ["inspect", EVIL]],
    ["an experiment that is nowhere", ["run", EVIL]],
    ["a pattern that matches nothing", ["check", EVIL]],
    ["a claim that is unknown", ["reproduce", EVIL]],
    ["data that is nowhere", ["run", "--data", EVIL]],
    ["a part that is unknown", ["doctor", EVIL]],
    ["a value that is wrong", ["run", "--samples", EVIL]],
  ])("%s", async (_, argv) => {
    const { exitCode, stdout, stderr } = await inProcess(argv);
    expect([2, 5]).toContain(exitCode);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(OBEYED);
    expect(stderr).toContain("\\u{a}::error::INJ");
  });

  test("a key of a file that would color the log, and one that is a list, of which Node would warn by itself", async () => {
    const file = join(emptyFolder(), "evil.yaml");
    writeFileSync(file, `"\\e[31m\\n::error::k": 1\n? [a, "\\e[31m"]\n: 1\n`);
    const { exitCode, stderr } = await execa(process.execPath, [MAIN, "run", file], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(OBEYED);
    expect(stderr).not.toContain("Warning");
    expect(stderr).toContain(":2: a key must be text");
  });
});
