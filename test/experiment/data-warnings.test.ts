import { describe, expect, test } from "vitest";
import { dataWarningsOf } from "../../src/experiment/data-warnings.js";
import type { Normalization } from "../../src/model/network.js";
import { warningText } from "../../src/text/warning-text.js";
import { normalPoints } from "../engines/tasks.js";

interface Choice {
  readonly samples: number;
  readonly batchSize: number;
  readonly evaluationSamples?: number;
  readonly normalization?: Partial<Normalization>;
}

/** The warnings of one arm that was not trained. */
function warningsOf({ samples, batchSize, evaluationSamples, normalization }: Choice) {
  const training = normalPoints(samples, 1, 1);
  const spec = {
    sizes: [1, 2, 1],
    activation: "relu",
    learningRate: 0.1,
    normalization: { epsilon: 0.001, decay: 0.5, debias: false, ...normalization },
  } as const;
  return dataWarningsOf({
    arms: { bn: { spec, own: {} }, plain: { spec: { ...spec, normalization: undefined } as never, own: {} } },
    results: {},
    training,
    evaluation: evaluationSamples === undefined ? training : normalPoints(evaluationSamples, 1, 2),
    original: { training },
    batchSize,
  });
}

const found = (choice: Choice) =>
  warningsOf(choice).map((warning) => [warning.code, "value" in warning && warning.value]);

describe("batches of one point", () => {
  test.each<[string, Choice, unknown[]]>([
    ["every batch", { samples: 9, batchSize: 1 }, [["batch-of-one", 9]]],
    ["a rest of one", { samples: 9, batchSize: 4 }, [["batch-of-one", 1]]],
    ["no rest", { samples: 8, batchSize: 4 }, []],
    ["a rest of two", { samples: 10, batchSize: 4 }, []],
    ["every ghost batch", { samples: 8, batchSize: 8, normalization: { ghostBatchSize: 1 } }, [["batch-of-one", 8]]], // biome-ignore format: a row a case
    ["a ghost batch left over in every batch", { samples: 10, batchSize: 5, normalization: { ghostBatchSize: 2 } }, [["batch-of-one", 2]]], // biome-ignore format: a row a case
    ["one left over in the last batch alone", { samples: 7, batchSize: 4, normalization: { ghostBatchSize: 2 } }, [["batch-of-one", 1]]], // biome-ignore format: a row a case
    ["one test point", { samples: 8, batchSize: 4, evaluationSamples: 1 }, [["evaluation-of-one", 1]]],
  ])("are counted in a pass: %s", (_, choice, expected) => {
    expect(found(choice)).toEqual(expected);
  });

  test.each<[string, Choice, string]>([
    ["every batch", { samples: 9, batchSize: 1 }, "bn: every batch holds one point: with its own mean and variance BN outputs beta regardless of its input; use batches of at least two points"], // biome-ignore format: a row a case
    ["a rest of one", { samples: 9, batchSize: 4 }, "bn: in every pass one batch holds a single point (9 points in batches of 4): there BN outputs beta regardless of its input, and its variance of 0 enters the moving averages; use a size that leaves no single point over"], // biome-ignore format: a row a case
    ["ghost batches", { samples: 10, batchSize: 5, normalization: { ghostBatchSize: 2 } }, "bn: in every pass 2 ghost batches hold a single point (10 points in ghost batches of 2): there BN outputs beta regardless of its input, and its variance of 0 enters the moving averages; use a size that leaves no single point over"], // biome-ignore format: a row a case
    ["one test point", { samples: 8, batchSize: 4, evaluationSamples: 1 }, "bn: its cost in training mode is measured on a single point, where BN outputs beta regardless of its input; use more test points"], // biome-ignore format: a row a case
  ])("are told in words made of their numbers alone: %s", (_, choice, text) => {
    expect(warningsOf(choice).map((warning) => warningText(warning))).toEqual([text]);
  });

  test.each<[Partial<Normalization>, string]>([
    [{}, "beta"],
    [{ affine: false }, "zero"],
    [{ transform: "scale" }, "sign"],
    [{ epsilon: 0 }, "undefined"],
    [{ epsilon: 0, transform: "center" }, "beta"],
  ])("leave of BN's input with %o: %s", (normalization, outputs) => {
    expect(warningsOf({ samples: 4, batchSize: 1, normalization })[0]).toMatchObject({ outputs, arm: "bn" });
  });
});

describe("a constant column", () => {
  const columns = (x: readonly number[], inputs: number) => {
    const training = { samples: x.length / inputs, inputs, x: Float32Array.from(x), y: new Float32Array(1) };
    const all = { training, evaluation: training, original: { training }, batchSize: training.samples };
    return dataWarningsOf({ arms: {}, results: {}, ...all });
  };

  test("is named with its value", () => {
    expect(columns([1, 7, 2, 7, 3, 7], 2)).toMatchObject([{ code: "constant-column", column: "x2", value: 7 }]);
    expect(columns([1, 7, 2, 7, 3, 7], 2).map((warning) => warningText(warning))).toEqual([
      'column "x2" is 7 on every training point: it carries no information, and BN divides its float32 rounding errors by √ε; leave it out',
    ]);
    expect(
      columns([0.1, 0.1], 1)
        .map((warning) => warningText(warning))
        .join(),
    ).toContain('column "x" is 0.1 on every training point');
    expect(
      columns([101325.0078125, 101325.0078125], 1)
        .map((warning) => warningText(warning))
        .join(),
    ).toContain('"x" is 101325.01 on');
    expect(columns([7, 7, 7], 1)).toMatchObject([{ code: "constant-column", column: "x", value: 7 }]);
  });

  test("is none that varies by one unit in the last place, nor a single point", () => {
    expect(columns([101325, 101325.0078125], 1)).toEqual([]);
    expect(columns([7], 1)).toEqual([]);
  });
});
