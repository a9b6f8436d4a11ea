import { describe, expect, test } from "vitest";
import { checkLayer, flagLayer, type RawLayer } from "../../src/config/layers.js";
import { Problems } from "../../src/problems.js";

const EXPECTED = "a number of seeds from 1 to 10000, or a list of different seeds";

function checked(raw: RawLayer) {
  const problems = new Problems();
  return { seeds: checkLayer(raw, problems).settings.seeds, problems: problems.lines() };
}

const fromFile = (value: unknown) =>
  checked({ entries: [{ key: "seeds", value }], locate: (key) => `a.yaml:1: ${key}` });
const fromFlag = (text: string) => checked(flagLayer({ seeds: text }));

describe("seeds", () => {
  test.each<[string, number | number[]]>([
    ["1", 1],
    ["10000", 10_000],
    ["3,5", [3, 5]],
    ["0, 9007199254740991", [0, Number.MAX_SAFE_INTEGER]],
    ["1e3", 1000],
  ])("given as --seeds %j are %j", (text, seeds) => {
    expect(fromFlag(text)).toEqual({ seeds, problems: [] });
  });

  test.each<[number | number[]]>([[1], [10_000], [[7]], [[5, 3, 4]]])("in a file may be %j", (value) => {
    expect(fromFile(value)).toEqual({ seeds: value, problems: [] });
  });

  test.each<[string, string]>([
    ["0", "0"],
    ["-3", "-3"],
    ["10001", "10001"],
    ["2.5", "2.5"],
    ["many", '"many"'],
    ["", "an empty text"],
    ["3,3", "a list"],
    ["1,-2", "a list"],
    ["1,", "a list"],
    ["1,2.5", "a list"],
    ["9007199254740992,1", "a list"],
  ])("are not --seeds %j", (text, shown) => {
    expect(fromFlag(text)).toEqual({ seeds: undefined, problems: [`--seeds: ${shown} is not ${EXPECTED}`] });
  });

  test.each<[unknown, string]>([
    [0, "0"],
    [-1, "-1"],
    [[], "a list"],
    [[1, 1], "a list"],
    [["1"], "a list"],
    ["3", '"3"'],
    [null, "nothing"],
    [{ from: 1 }, "a group of keys"],
  ])("are not %j in a file", (value, shown) => {
    expect(fromFile(value)).toEqual({
      seeds: undefined,
      problems: [`a.yaml:1: seeds: ${shown} is not ${EXPECTED}`],
    });
  });
});

test("the mean of the biases may be negative, their spread may not", () => {
  const problems = new Problems();
  expect(checkLayer(flagLayer({ bias: "-0.5", biasStd: "0" }), problems).settings).toEqual({ bias: -0.5, biasStd: 0 });
  expect(problems.lines()).toEqual([]);
  checkLayer(flagLayer({ bias: "much", biasStd: "-1" }), problems);
  expect(problems.lines()).toEqual(['--bias: "much" is not a number', "--bias-std: -1 is not a number ≥ 0"]);
});
