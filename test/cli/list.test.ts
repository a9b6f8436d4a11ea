import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder, QUICK } from "./command.js";
import { inProcess } from "./in-process.js";

const run = (cwd: string, ...flags: string[]) => inProcess(["run", ...QUICK, "--quiet", ...flags], { cwd });

describe("list", () => {
  test("names the experiments of the package where there are no others, and says that there is no run yet", async () => {
    const { stdout, exitCode } = await inProcess(["list"], { cwd: emptyFolder() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^tutorial-relu +yes +ReLU, 500 points/m);
    expect(stdout).toContain("none in runs/ yet; bn-compare run creates one");
  });

  test("shows the runs, the newest first, how each arm ended, and which cannot be read", async () => {
    const cwd = emptyFolder();
    await run(cwd, "--activation", "tanh", "--out", "runs/older");
    await run(cwd, "--activation", "sigmoid", "--out", "runs/newer");
    utimesSync(join(cwd, "runs/older/result.json"), new Date(1e12), new Date(1e12));
    mkdirSync(join(cwd, "runs/broken"));
    writeFileSync(join(cwd, "runs/broken/result.json"), "{");
    utimesSync(join(cwd, "runs/broken/result.json"), new Date(9e11), new Date(9e11));
    const { stdout } = await inProcess(["list", "--json"], { cwd });
    const { runs } = JSON.parse(stdout);
    expect(runs.map(({ folder }: { folder: string }) => folder)).toEqual(["runs/newer", "runs/older", "runs/broken"]);
    expect(runs[1]).toMatchObject({
      written: "2001-09-09T01:46:40.000Z",
      arms: { bn: expect.stringMatching(/^ends at /) },
    });
    expect(runs[2].problem).toContain("result.json");
    const text = (await inProcess(["list"], { cwd })).stdout;
    expect(text).toMatch(/^runs\/older +2001-09-09 01:46 +tanh.* plain ends at [\d.]+; bn ends at [\d.]+$/m);
    expect(text).toMatch(/^runs\/broken .* cannot be read/m);
  });

  test("keeps a hostile name in its line", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "runs/a\n::error::b"), { recursive: true });
    writeFileSync(join(cwd, "runs/a\n::error::b/result.json"), "{");
    const { stdout } = await inProcess(["list"], { cwd });
    expect(stdout).not.toMatch(/^::error/m);
  });
});

describe("latest", () => {
  test("is the run that was written last, for every command that takes one", async () => {
    const cwd = emptyFolder();
    await run(cwd, "--activation", "tanh", "--out", "runs/older");
    await run(cwd, "--activation", "relu", "--out", "runs/newer");
    utimesSync(join(cwd, "runs/older/result.json"), new Date(1e12), new Date(1e12));
    expect((await inProcess(["report", "latest"], { cwd })).stdout).toContain("runs/newer/report.html");
    expect((await inProcess(["inspect", "latest"], { cwd })).exitCode).toBe(0);
    expect((await inProcess(["verify", "latest"], { cwd })).exitCode).toBe(0);
    expect((await inProcess(["compare", "latest", "runs/older"], { cwd })).exitCode).toBe(0);
  });

  test("is a folder of that name where there is one", async () => {
    const cwd = emptyFolder();
    await run(cwd, "--out", "latest");
    expect((await inProcess(["report", "latest"], { cwd })).stdout).toContain("latest/report.html");
  });

  test("without a run is an error that says what makes one", async () => {
    const { exitCode, stderr } = await inProcess(["inspect", "latest"], { cwd: emptyFolder() });
    expect([exitCode, stderr]).toEqual([
      5,
      "error: there is no latest run: runs/ holds none; bn-compare run creates one\n",
    ]);
  });
});
