import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bnCompare, emptyFolder, QUICK } from "./command.js";
import { copyOfRun } from "./shared-run.js";

const TANH = ["--activation", "tanh", ...QUICK];

/** A finished run, its folder and its result. */
async function finishedRun(...flags: string[]) {
  const cwd = await copyOfRun(...TANH, ...flags);
  const file = join(cwd, "run", "result.json");
  return { cwd, file, result: JSON.parse(await readFile(file, "utf8")) };
}

const OTHER = "f".repeat(64);

describe("bn-compare inspect", () => {
  test("writes nothing that a terminal obeys", async () => {
    const { cwd, file, result } = await finishedRun();
    result.warnings.push({ code: "constant-column", column: "\u001b[2Jgone\u0007", value: 1 });
    writeFileSync(file, JSON.stringify(result));
    const { stdout } = await bnCompare(cwd, "inspect", "run");
    expect(stdout).toContain('warning: column "\\u{1b}[2Jgone\\u{7}" is 1');
    for (const control of ["\u001b", "\u0007"]) expect(stdout).not.toContain(control);
  });

  test("shows what happened, why the arms are pairs, what is unhealthy, the gap and what rounding does", async () => {
    const { cwd, result } = await finishedRun("--seeds", "3", "--rounding-probe", "2", "--decay", "0.9");
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "inspect", "run");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const headings = [...stdout.matchAll(/^([A-Z][a-z ]+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      "Result",
      "Pairing",
      "Layers that are not healthy",
      "Inference mode and training mode",
      "Rounding",
    ]);
    const { training, evaluation } = result.pairing.arms.plain;
    const common = `${training.slice(0, 12)} +${evaluation.slice(0, 12)} +60 +8 tensors`;
    expect(stdout).toMatch(new RegExp(`^plain +${common} +as drawn$`, "m"));
    expect(stdout).toMatch(new RegExp(`^bn +${common} +the same as plain's$`, "m"));
    expect(stdout).toContain(
      "the arms are pairs: data and weights regenerated from the configuration have the same hashes",
    );
    expect(stdout).toMatch(/^bn +layer 3 +[\d.]/m);
    expect(stdout).toContain("warning: bn: decay 0.9 is too slow for 12 updates");
    expect(stdout).toContain("decay 0.9 is momentum 0.9 in Keras and momentum 0.1 in PyTorch");
    expect(stdout).toMatch(/^rounding alone, plain: /m);
    expect(stdout).not.toContain("\u001b");
  });

  test("leaves out what a run has nothing of", async () => {
    const { cwd } = await finishedRun("--init-std", "0.3");
    const { stdout } = await bnCompare(cwd, "inspect", join("run", "result.json"));
    expect(stdout).toMatch(/^Pairing$/m);
    expect(stdout).not.toMatch(/^Rounding$/m);
    expect(stdout).not.toMatch(/^Layers that are not healthy$/m);
    expect(stdout).not.toContain("median end");
  });

  test("tells by which settings arms differ", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "a.yaml"), "arms:\n  plain: {normalize: none}\n  he: {init: he}\n");
    await bnCompare(cwd, "run", "a.yaml", "--quiet", "--out", "run", ...TANH);
    const { stdout } = await bnCompare(cwd, "inspect", "run");
    expect(stdout).toMatch(/^he .* 4 differ by setting$/m);
    expect(stdout).toContain("declared difference: he: init he (4 tensors)");
  });

  test("prints the certificate as JSON", async () => {
    const { cwd, result } = await finishedRun();
    const { exitCode, stdout } = await bnCompare(cwd, "inspect", "run", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      paired: true,
      faults: [],
      pairing: result.pairing,
      warnings: result.warnings,
    });
  });

  test("fails where the certificate does not hold, and names arm and tensor, in text and JSON", async () => {
    const { cwd, file, result } = await finishedRun();
    result.pairing.arms.bn.tensors["layers.2.kernel"].initial = OTHER;
    writeFileSync(file, JSON.stringify(result));
    const text = await bnCompare(cwd, "inspect", "run");
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toContain("THE CERTIFICATE DOES NOT HOLD");
    expect(text.stderr).toMatch(
      /^error: run: the arms are not proven to be pairs:\n {2}bn: layers\.2\.kernel is recorded as ffffffffffff… but regenerated as [0-9a-f]{12}…\n$/,
    );
    const json = await bnCompare(cwd, "inspect", "run", "--json");
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      paired: false,
      faults: [expect.stringMatching(/^bn: layers\.2\.kernel /)],
    });
  });

  test("fails where the configuration was changed afterwards, or another seed's certificate", async () => {
    const { cwd, file, result } = await finishedRun("--seeds", "2");
    writeFileSync(file, JSON.stringify({ ...result, config: { ...result.config, noise: 7 } }));
    const configured = await bnCompare(cwd, "inspect", "run");
    expect(configured.exitCode).toBe(1);
    expect(configured.stderr).toContain("  the training data is recorded as ");
    expect(configured.stderr).toContain("  plain: the training points in order is recorded as ");
    result.seeds[1].pairing.deviates = OTHER;
    writeFileSync(file, JSON.stringify(result));
    const seeded = await bnCompare(cwd, "inspect", "run");
    expect(seeded.exitCode).toBe(1);
    expect(seeded.stderr).toContain("  seed 2: the deviates is recorded as ffffffffffff…");
  });

  test("needs the files that the run was given", async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, "points.csv"),
      `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${i % 3}`).join("\n")}\n`,
    );
    const flags = ["--engine", "reference", "--updates", "5", "--width", "5", "--activation", "tanh", "--quiet"];
    await bnCompare(cwd, "run", "--data", "points.csv", "--out", "run", ...flags);
    expect((await bnCompare(cwd, "inspect", "run")).exitCode).toBe(0);
    const copy = join(cwd, "run", "inputs", "data.csv");
    writeFileSync(copy, "x,y\n1,2\n2,3\n");
    const changed = await bnCompare(cwd, "inspect", "run");
    expect(changed.exitCode).toBe(5);
    expect(changed.stderr).toContain("does not hold the values that the run was made with: their SHA-256 differs");
    rmSync(copy);
    const missing = await bnCompare(cwd, "inspect", "run");
    expect(missing.exitCode).toBe(5);
    expect(missing.stderr).toBe(
      `error: ${join("run", "inputs", "data.csv")} is missing; without it the run cannot be repeated\n`,
    );
    expect(missing.stdout).toBe("");
  });
});
