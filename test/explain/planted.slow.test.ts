import { expect, test } from "vitest";
import { CAUSES } from "../../src/explain/causes.js";
import { explanationSchema } from "../../src/record/explanation.js";
import { bnCompare } from "../cli/command.js";
import { sharedRun } from "../cli/shared-run.js";

/*
 * Runs that differ from a control by one planted cause. The control starts poorly, so BN helps much and no cause holds; the
 * learning rate 0.1 suits both arms.
 */

const SGD = [
  "--preset",
  "images",
  "--optimizer",
  "sgd",
  "--learning-rate",
  "0.1",
  "--bias",
  "0",
  "--histogram-every",
  "1000",
];
const POOR = ["--init", "normal", "--init-std", "0.05"];
const DENSE = [...SGD, "--layers", "flatten,dense 64,dense 64,dense 64,dense 10"];
const CONV = [...SGD, ...POOR, "--layers", "conv 8,max,conv 16,flatten,dense 10"];

const PLANTED: Readonly<Record<string, readonly string[]>> = {
  "wrong-axes": [...CONV, "--axes", "height"],
  "output-normalized": [...DENSE, ...POOR, "--normalize-output"],
  "large-epsilon": [...DENSE, ...POOR, "--epsilon", "10"],
  "after-activation": [...DENSE, "--activation", "tanh", "--position", "after", "--init", "normal"],
  "small-batches": [...DENSE, ...POOR, "--batch-size", "4", "--epochs", "1"],
  "few-updates": [...DENSE, ...POOR, "--epochs", "1", "--cost-every", "1"],
  "inference-gap": [...DENSE, ...POOR, "--decay", "0.998"],
  "nothing-left": [
    "--hidden-layers",
    "2",
    "--optimizer",
    "adam",
    "--learning-rate",
    "0.01",
    "--init",
    "he",
    "--epochs",
    "600",
  ],
  "rate-for-plain": [...DENSE, "--learning-rate", "0.3"],
  "good-start": [...DENSE, "--optimizer", "adam", "--learning-rate", "0.003"],
};
const CONTROLS = { dense: [...DENSE, ...POOR], conv: CONV };

/** The codes that `explain --probe` says hold, the most likely one first. */
async function causesOf(flags: readonly string[]) {
  const { exitCode, stderr, folder } = await sharedRun("run", ...flags);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const explained = await bnCompare(folder, "explain", ".", "--probe", "--json");
  expect(explained.exitCode).toBe(0);
  const { pairs } = explanationSchema.parse(JSON.parse(explained.stdout));
  const causes = pairs[0]?.causes ?? [];
  expect(causes.filter(({ status }) => status === "not measured")).toEqual([]);
  return causes.filter(({ status }) => status === "holds").map(({ code }) => code);
}

test("a cause is planted for each on the list", () =>
  expect(Object.keys(PLANTED)).toEqual(CAUSES.map(({ code }) => code)));

test.each(Object.entries(PLANTED))("%s is named first where it is planted", async (code, flags) => {
  expect((await causesOf(flags))[0]).toBe(code);
});

test.each(Object.entries(CONTROLS))("without a planted cause, none holds (%s layers)", async (_, flags) => {
  expect(await causesOf(flags)).toEqual([]);
});
