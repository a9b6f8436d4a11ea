import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CAUSES } from "../../src/explain/causes.js";
import { findingsOf, pairsOf } from "../../src/explain/explain.js";
import type { ProbedRate } from "../../src/record/explanation.js";
import { explanationSchema } from "../../src/record/explanation.js";
import { type Result, resultSchema } from "../../src/record/result.js";
import { bnCompare, QUICK } from "../cli/command.js";
import { copyOfRun, sharedRun } from "../cli/shared-run.js";

const TANH = ["--activation", "tanh", ...QUICK];

/** The result of a quick run, with its configuration changed. */
async function quickResult(config: Partial<Result["config"]> = {}): Promise<Result> {
  const { folder } = await sharedRun("run", ...TANH);
  const result = resultSchema.parse(JSON.parse(await readFile(join(folder, "result.json"), "utf8")));
  return { ...result, config: { ...result.config, ...config } };
}

/** What a cause's rule finds in the run's arm `bn`. */
function found(result: Result, code: string, probe?: Record<string, ProbedRate[]>) {
  const [pair] = pairsOf(result, "run", probe);
  return pair && findingsOf(pair).find(({ cause }) => cause.code === code)?.measured;
}

const rates = (...costs: (number | undefined)[]): ProbedRate[] =>
  costs.map((inference, place) => ({ learningRate: 10 ** -place, ...(inference === undefined ? {} : { inference }) }));

describe("the rules of causes", () => {
  test("the plain net's start is good where it learns and its second moment keeps its size", async () => {
    const result = await quickResult();
    const plain = result.arms["plain"];
    if (plain?.status !== "trained") throw new Error("plain diverged");
    const layers = plain.checkpoints[0]?.layers ?? [];
    for (const { health } of layers) Object.assign(health, { verdict: "healthy", growth: 1.5 });
    plain.final.inference = 0.1 * result.referenceCosts.predictMean;
    expect(found(result, "good-start")).toMatchObject({ holds: true, value: expect.closeTo(1.5, 10), limit: 2 });
    // As far from 1 on the other side.
    for (const { health } of layers) health.growth = 1 / 2.5;
    expect(found(result, "good-start")).toMatchObject({ holds: false, value: expect.closeTo(2.5, 10) });
    for (const { health } of layers) health.growth = 1;
    plain.final.inference = result.referenceCosts.predictMean;
    expect(found(result, "good-start")).toMatchObject({
      holds: false,
      text: expect.stringContaining("does not learn"),
    });
  });

  test("the gap is how much more inference mode costs, and infinite where it predicts non-finite values", async () => {
    const result = await quickResult();
    const bn = result.arms["bn"];
    if (bn?.status !== "trained") throw new Error("bn diverged");
    Object.assign(bn.final, { train: 100, inference: 109 });
    expect(found(result, "inference-gap")).toMatchObject({ holds: false, value: expect.closeTo(0.09, 10), limit: 0.1 });
    bn.final.inference = 111;
    expect(found(result, "inference-gap")).toMatchObject({ holds: true });
    bn.final.inference = "NaN";
    expect(found(result, "inference-gap")).toMatchObject({ holds: true, value: Number.POSITIVE_INFINITY });
  });

  test("the rate is blamed where each arm's best one makes BN's advantage larger", async () => {
    const result = await quickResult();
    const probed = (plain: ProbedRate[], bn: ProbedRate[]) => found(result, "rate-for-plain", { plain, bn });
    // From 2-fold to 8-fold.
    expect(probed(rates(20, 40, 30), rates(10, 2.5, undefined))).toMatchObject({ holds: true, value: 4, limit: 1.25 });
    // Both gain alike.
    expect(probed(rates(20, 10), rates(10, 5))).toMatchObject({ holds: false, value: 1 });
    // BN diverges at the run's rate alone.
    expect(probed(rates(20, 20), rates(undefined, 5))).toMatchObject({ holds: true, value: Number.POSITIVE_INFINITY });
    expect(probed(rates(undefined, 20), rates(undefined, 5))).toEqual({ unmeasured: "no-comparison" });
    expect(found(result, "rate-for-plain")).toEqual({ unmeasured: "needs-probe" });
  });

  test("a batch is small by its points, or those of a ghost batch, and smallest with one", async () => {
    expect(found(await quickResult(), "small-batches")).toMatchObject({ holds: false, value: 60 });
    expect(found(await quickResult({ ghostBatchSize: 10 }), "small-batches")).toMatchObject({ holds: true, value: 10 });
    const result = await quickResult({ batchSize: 59 });
    const single = { arm: "bn", value: 1, outputs: "beta", kind: "batch", size: 59, samples: 60 } as const;
    result.warnings.push({ code: "batch-of-one", ...single });
    const leftover = found(result, "small-batches");
    expect(leftover).toMatchObject({
      holds: true,
      value: 1,
      text: expect.stringContaining("1 per pass has a single point"),
    });
    expect(found(await quickResult({ normalizer: "layer" }), "small-batches")).toEqual({
      absent: expect.stringContaining("no statistics of a batch"),
    });
  });

  test("epsilon is compared with the variances that are recorded", async () => {
    const result = await quickResult({ epsilon: 2 });
    const last = result.arms["bn"]?.checkpoints.at(-1);
    for (const layer of last?.layers ?? []) if (layer.batchVariance) layer.batchVariance.fill(3);
    last?.layers[1]?.batchVariance?.fill(0.5);
    last?.inputNorm?.batchVariance.fill(0);
    expect(found(result, "large-epsilon")).toMatchObject({
      holds: true,
      value: 2 / 2.5,
      text: expect.stringContaining("in layer 2 (σ² is 0.5)"),
    });
  });

  test("of an arm that diverged, what is about its end is not measured", async () => {
    const result = await quickResult();
    const divergence = { update: 1, layer: 0, tensor: "preActivation", pass: "forward" } as const;
    for (const [name, { costs, checkpoints, frames }] of Object.entries(result.arms))
      result.arms[name] = { status: "diverged", costs, checkpoints, frames, divergence };
    for (const code of ["few-updates", "inference-gap", "nothing-left"])
      expect(found(result, code)).toEqual({ unmeasured: "diverged" });
  });
});

describe("bn-compare explain", () => {
  test("prints every cause once, with what was not measured and why", async () => {
    const cwd = await copyOfRun(...TANH);
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "explain", "run");
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const { title } of CAUSES) expect(stdout.split(`${title}: `)).toHaveLength(2);
    const [held = "", unmeasured = ""] = stdout.split("Not measured");
    expect(held).toMatch(/^ {2}1\. /m);
    expect(held).toContain("Too few updates: from update 5 to 12 the cost of bn goes from ");
    expect(unmeasured).toContain("--probe trains both arms at four others");
  });

  test("--probe measures the rest, --json prints data", async () => {
    const cwd = await copyOfRun(...TANH);
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "explain", "run", "--probe", "--json");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("bn at the learning rate 0.00316: ");
    const { pairs, probe, seed } = explanationSchema.parse(JSON.parse(stdout));
    expect(seed).toBe(1);
    expect(Object.values(probe ?? {}).map((list) => list.map(({ learningRate }) => learningRate))).toEqual(
      Array.from({ length: 2 }, () => [0.001, 0.0001, 0.000316, 0.00316, 0.01]),
    );
    expect(pairs.map(({ arm, against }) => [arm, against])).toEqual([["bn", "plain"]]);
    const causes = pairs[0]?.causes ?? [];
    expect(new Set(causes.map(({ code }) => code))).toEqual(new Set(CAUSES.map(({ code }) => code)));
    expect(causes.map(({ status }) => status)).not.toContain("not measured");
  });

  test("refuses a run without an arm that normalizes beside another", async () => {
    const cwd = await copyOfRun(...TANH);
    const none = { plain: { normalize: "none" }, bn: { normalize: "none" } };
    writeFileSync(join(cwd, "run", "result.json"), JSON.stringify(await quickResult({ arms: none })));
    const { exitCode, stderr } = await bnCompare(cwd, "explain", "run");
    expect([exitCode, stderr]).toEqual([
      2,
      "error: run: no arm is normalized and has a control, so there is nothing to explain\n",
    ]);
    expect((await bnCompare(cwd, "explain", "missing")).exitCode).toBe(5);
  });
});
