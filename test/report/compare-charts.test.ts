import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { differingSettings, namedRuns } from "../../src/report/named-runs.js";
import { compareHeadline, outcomeTable } from "../../src/report/overview.js";
import { makeResult } from "../charts/result-fixture.js";

const run = (name: string, result: Result) => ({ name, result });
const withConfig = (config: Partial<Result["config"]>, shape: Parameters<typeof makeResult>[0] = {}) =>
  makeResult({ ...shape, config });
const labels = (...results: Result[]) =>
  namedRuns(results.map((result, place) => run(`folder-${place}`, result))).map(({ label }) => label);

describe("runs are named", () => {
  test("by what tells them apart, with as few settings as do", () => {
    expect(labels(withConfig({ activation: "relu" }), withConfig({ activation: "tanh" }))).toEqual(["relu", "tanh"]);
    expect(labels(withConfig({ decay: 0.5 }), withConfig({ decay: 0.99 }))).toEqual(["decay 0.5", "decay 0.99"]);
    expect(
      labels(
        withConfig({ activation: "relu", decay: 0.5 }),
        withConfig({ activation: "relu", decay: 0.99 }),
        withConfig({ activation: "tanh", decay: 0.5, seeds: [1, 2, 3] }),
      ),
    ).toEqual(["relu · decay 0.5", "relu · decay 0.99", "tanh · decay 0.5"]);
  });

  test("by what each sets over its preset, where they differ in much", () => {
    const tutorial = { activation: "relu", updates: 250, samples: 500, batchSize: 500, engine: "fused" };
    const preset = { ...tutorial, preset: "tutorial-minibatch", batchSize: 10, samples: 2500, shuffle: true };
    expect(
      labels(
        withConfig({ ...tutorial, decay: 0.99 }),
        withConfig({ ...preset, decay: 0.5 }),
        withConfig({ ...tutorial, activation: "tanh", seeds: [1, 2, 3] }),
      ),
    ).toEqual(["decay 0.99", "tutorial-minibatch", "tanh · seeds 3"]);
  });

  test("by their folders where settings say nothing, or too much", () => {
    expect(labels(makeResult(), makeResult())).toEqual(["folder-0", "folder-1"]);
    const many = { decay: 0.9, epsilon: 0.1, learningRate: 0.1, bias: 3 };
    expect(labels(...Object.entries(many).map(([key, value]) => withConfig({ [key]: value })), makeResult())).toEqual([
      "folder-0",
      "folder-1",
      "folder-2",
      "folder-3",
      "folder-4",
    ]);
  });

  test("never alike", () => {
    const same = [run("x", makeResult()), run("x", makeResult())];
    expect(namedRuns(same).map(({ label }) => label)).toEqual(["x", "x (2)"]);
  });
});

test("settings that follow from others are no differences of their own", () => {
  const settings = (one: Partial<Result["config"]>, other: Partial<Result["config"]>) =>
    differingSettings([withConfig(one), withConfig(other)]).map(({ key }) => key);
  expect(settings({ hiddenLayers: 2, sizes: [1, 3, 3, 1] }, { hiddenLayers: 3, sizes: [1, 3, 3, 3, 1] })).toEqual([
    "hiddenLayers",
  ]);
  expect(settings({ seed: 1, seeds: [1, 2, 3] }, { seed: 4, seeds: [4] })).toEqual(["seeds"]);
  expect(differingSettings([withConfig({ seeds: [1, 2, 3] }), withConfig({ seeds: [3, 5] })])[0]?.values).toEqual([
    "1–3",
    "3, 5",
  ]);
});

test("an outcome table holds arms whose names every object has already", () => {
  const odd = makeResult({ arms: { toString: {}, constructor: { normalized: true } } });
  const runs = namedRuns([run("r0", odd), run("r1", makeResult())]);
  expect(outcomeTable(runs).rows.find(([name]) => name?.startsWith("toString"))?.[2]).toBe("–");
  expect(compareHeadline(runs)).toBeUndefined();
});

test("the first sentence says where each arm ends lowest and highest", () => {
  const relu = makeResult({ config: { activation: "relu" }, plainDivergesAt: 3 });
  const tanh = makeResult();
  Object.assign(tanh.seeds[0]?.arms["bn"] ?? {}, { final: { train: 80, inference: 700 } });
  const text = compareHeadline(namedRuns([run("a", relu), run("b", tanh)]));
  expect(text).toMatch(
    /^By final cost in inference mode: plain ends at [\d.]+ in tanh and diverges in relu; bn ends lowest in relu \([\d.]+\) and highest in tanh \(700\)\.$/,
  );
  const other = makeResult();
  other.referenceCosts.predictMean = 5;
  expect(compareHeadline(namedRuns([run("a", tanh), run("b", other)]))).toBeUndefined();
});
