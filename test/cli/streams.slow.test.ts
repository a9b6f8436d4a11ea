import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changedBuild, RATE } from "./check-builds.js";
import { emptyFolder } from "./command.js";
import { inProcess } from "./in-process.js";

const always = (code: string) => () => code;
const [CLOSED, FULL] = [always("EPIPE"), always("ENOSPC")];

test("a check that failed has failed, also when nobody reads why", async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "e"));
  const settings = { activation: "tanh", samples: 60, width: 6, hiddenLayers: 3, updates: 200, check: { seeds: 4 } };
  writeFileSync(join(cwd, "e", "experiment.yaml"), JSON.stringify(settings));
  const update = await inProcess(["check", "e", "--update", "--force"], { cwd, fails: { stderr: FULL } });
  expect(update.exitCode).toBe(0);
  const build = await changedBuild({ ...RATE, to: "0.01 * spec.learningRate," });
  const shown = await inProcess(["check", "e"], { cwd, build });
  expect([shown.exitCode, shown.stdout]).toEqual([1, expect.stringContaining("REGRESSION")]);
  for (const fails of [{ stdout: CLOSED }, { stdout: FULL }, { stderr: CLOSED }, { stdout: CLOSED, stderr: FULL }]) {
    expect((await inProcess(["check", "e"], { cwd, build, fails })).exitCode).toBe(1);
  }
  const json = (code: string) => inProcess(["check", "e", "--json"], { cwd, build, fails: { stdout: always(code) } });
  expect((await json("EPIPE")).exitCode).toBe(1);
  expect((await json("ENOSPC")).exitCode).toBe(5);
});
