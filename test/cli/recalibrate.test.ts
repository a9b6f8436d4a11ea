import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/model/safetensors.js";
import { bnCompare, emptyFolder } from "./command.js";

test("recalibrate writes the weights of the arms that have moving averages, into the run folder or another", async () => {
  const cwd = emptyFolder();
  const run = ["run", "--activation", "tanh", "--updates", "8", "--decay", "0.9", "--out", "made", "--quiet"];
  expect((await bnCompare(cwd, ...run)).exitCode).toBe(0);
  const into = await bnCompare(cwd, "recalibrate", "made");
  expect(into).toMatchObject({ exitCode: 0, stdout: `${join("made", "weights", "bn@8-recalibrated.safetensors")}\n` });
  const file = join(cwd, "made", "weights", "bn@8-recalibrated.safetensors");
  const { tensors, metadata } = readSafetensors(readFileSync(file), file);
  expect(metadata).toEqual({ arm: "bn", update: "8", recalibrated: "true" });
  expect([...tensors.keys()].filter((name) => name.startsWith("norms.1."))).toEqual([
    "norms.1.gamma",
    "norms.1.beta",
    "norms.1.moving_mean",
    "norms.1.moving_variance",
  ]);
  expect((await bnCompare(cwd, "recalibrate", "made", "--out", "other")).exitCode).toBe(0);
  expect(readFileSync(join(cwd, "other", "bn@8-recalibrated.safetensors"))).toEqual(readFileSync(file));
  // The folder is still a run's: it can be replaced by the same run.
  expect((await bnCompare(cwd, ...run)).exitCode).toBe(0);
});

test("a run without moving averages has nothing to recalibrate", async () => {
  const cwd = emptyFolder();
  await bnCompare(cwd, "run", "--normalizer", "layer", "--updates", "2", "--out", "made", "--quiet");
  const { exitCode, stderr } = await bnCompare(cwd, "recalibrate", "made");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("no arm with moving averages was trained to the end");
});
