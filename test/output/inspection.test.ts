import { describe, expect, test } from "vitest";
import { certificateRows, differenceLines, gapRows, verdictRows } from "../../src/output/inspection.js";
import type { Health } from "../../src/record/layers.js";
import type { Pairing } from "../../src/record/pairing.js";
import type { Result } from "../../src/record/result.js";
import { makeResult } from "../charts/result-fixture.js";

describe("the certificate", () => {
  const tensors = { a: { deviates: "1", initial: "2" }, b: { deviates: "3", initial: "4" } };
  const arm = { training: "0123456789abcdef", evaluation: "fedcba9876543210", batchSize: 50, tensors };
  const differences: Pairing["differences"] = [
    { arm: "he", tensor: "a", declared: { init: "he" } },
    { arm: "he", tensor: "b", declared: { init: "he" } },
    { arm: "he", tensor: "c", declared: { bias: 0 } },
  ];
  const result: Result = {
    ...makeResult(),
    pairing: { ...makeResult().pairing, arms: { plain: arm, bn: arm, he: arm }, differences },
  };

  test("has of each arm what it was handed, in short, and how its tensors stand to the first arm's", () => {
    const common = ["0123456789ab", "fedcba987654", "50", "2 tensors"];
    expect(certificateRows(result).rows).toEqual([
      ["plain", ...common, "as drawn"],
      ["bn", ...common, "the same as plain's"],
      ["he", ...common, "3 differ by setting"],
    ]);
  });

  test("counts the tensors behind each declared difference", () => {
    expect(differenceLines(result)).toEqual([
      "declared difference: he: init he (2 tensors)",
      "declared difference: he: bias 0 (1 tensor)",
    ]);
    expect(differenceLines(makeResult())).toEqual([]);
  });
});

describe("the layers that are not healthy", () => {
  const judged = (verdict: (layer: number, update: number) => Health["verdict"]) =>
    verdictRows(makeResult({ hiddenLayers: 2, arms: { net: { normalized: true, verdict } } })).rows;

  test("are told by arm, layer and verdict with the updates at which it held", () => {
    expect(
      judged((layer, update) => (layer === 2 ? "exploding" : layer === 0 && update > 0 ? "constant" : "healthy")),
    ).toEqual([
      ["net", "the output layer", "exploding", "0, 50, 100", expect.stringMatching(/^second moment /)],
      ["net", "layer 1", "constant", "50, 100", "30 of 30 units"],
    ]);
  });

  test("have a row for each verdict that a layer had", () => {
    const rows = judged((layer, update) => (layer !== 1 ? "healthy" : update === 50 ? "exploding" : "constant"));
    expect(rows.map((row) => row.slice(1, 4))).toEqual([
      ["layer 2", "constant", "0, 100"],
      ["layer 2", "exploding", "50"],
    ]);
  });

  test("are none where all are healthy", () => {
    expect(judged(() => "healthy")).toEqual([]);
  });
});

describe("the gaps", () => {
  test("are those of the last checkpoint, of the input and of each hidden layer of the arms with BN", () => {
    const { rows, head } = gapRows(makeResult({ hiddenLayers: 2 }));
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ["bn", "the input"],
      ["bn", "layer 1"],
      ["bn", "layer 2"],
    ]);
    for (const row of rows) expect(row).toHaveLength(head.length);
  });

  test("are zero, nearly zero, a number, or the name of what is none", () => {
    const result = makeResult({ hiddenLayers: 1 });
    const checkpoint = result.arms["bn"]?.checkpoints.at(-1);
    const layer = checkpoint?.layers[0];
    if (checkpoint === undefined || layer === undefined) throw new Error("the fixture has no such layer");
    const parts = { total: 0.1234, initializationBias: 0, lag: 9e-7, noise: "NaN", rounding: 0.5 } as const;
    layer.gap = {
      mean: parts,
      variance: { total: 1e-6, initializationBias: 2, lag: "Infinity", noise: 1e-300, rounding: 3 },
    };
    expect(gapRows(result).rows.at(-1)).toEqual([
      ...["bn", "layer 1"],
      ...["0.123", "0", "≈ 0", "NaN", "0.5"],
      ...["1e-6", "2", "Infinity", "≈ 0", "3"],
    ]);
  });

  test("are none of an arm without BN, nor before the first update", () => {
    expect(gapRows(makeResult({ arms: { plain: {} } })).rows).toEqual([]);
    expect(gapRows(makeResult({ bnDivergesAt: 0 })).rows).toEqual([]);
  });
});
