import { describe, expect, test } from "vitest";
import { sentenceOf, shortNumber } from "../../src/experiment/findings.js";
import type { ArmResult, Result } from "../../src/experiment/result.js";
import type { Statistic } from "../../src/metrics/statistic.js";
import { makeResult } from "../charts/result-fixture.js";

const PREDICT_MEAN = 746;

const trained = (train: number, inference: Statistic = train): ArmResult => ({
  status: "trained",
  costs: [],
  checkpoints: [],
  final: { train, inference },
  fit: [],
});

const divergedAt = (update: number): ArmResult => ({
  status: "diverged",
  costs: [],
  checkpoints: [],
  divergence: { update, layer: 0, tensor: "kernel", pass: "backward" },
});

const resultOf = (arms: Readonly<Record<string, ArmResult>>): Result => ({
  ...makeResult(),
  anchors: { predictMean: PREDICT_MEAN },
  arms,
});

describe("the sentence", () => {
  test("says of each arm what happened to it, in the arms' order", () => {
    expect(sentenceOf(resultOf({ plain: divergedAt(1), bn: trained(57.6, 58.8) }))).toBe(
      "plain diverged at update 1; bn learned: 57.6 with batch statistics, 58.8 with moving averages.",
    );
    expect(sentenceOf(resultOf({ bn: divergedAt(0), plain: divergedAt(7) }))).toBe(
      "bn diverged at update 0; plain diverged at update 7.",
    );
  });

  test.each<[ArmResult, string]>([
    [trained(57.6), "learned: 57.6"],
    [trained(0), "learned: 0"],
    [trained(372.9), "learned: 373"],
    [trained(373), "learned little: 373, where predicting the mean costs 746"],
    [trained(632), "learned little: 632, where predicting the mean costs 746"],
    [trained(746), "did not learn: 746, no better than predicting the mean at 746"],
    [trained(9.9e8), "did not learn: 9.9e8, no better than predicting the mean at 746"],
    [trained(85.1, 101.2), "learned: 85.1 with batch statistics, 101 with moving averages"],
    [
      trained(600, 700),
      "learned little: 600 with batch statistics, 700 with moving averages, where predicting the mean costs 746",
    ],
    [trained(57.6, "Infinity"), "learned: 57.6 with batch statistics, Infinity with moving averages"],
  ])("of %j is: %s", (arm, expected) => {
    expect(sentenceOf(resultOf({ arm }))).toBe(`arm ${expected}.`);
  });
});

describe("a short number", () => {
  test.each<[Statistic, string]>([
    [57.649, "57.6"],
    [746.2, "746"],
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [0.5, "0.5"],
    [63.24, "63.2"],
    [999.4, "999"],
    [999.5, "1000"],
    [1163.4, "1163"],
    [99_999.4, "99999"],
    [99_999.5, "1.0e5"],
    [9.94e8, "9.9e8"],
    [1.9e92, "1.9e92"],
    [0.001, "0.001"],
    [0.00099, "9.9e-4"],
    [1e-300, "1.0e-300"],
    [-57.649, "-57.6"],
    [-2e6, "-2.0e6"],
    ["Infinity", "Infinity"],
    ["-Infinity", "-Infinity"],
    ["NaN", "NaN"],
  ])("of %d is %s", (value, expected) => {
    expect(shortNumber(value)).toBe(expected);
  });
});
