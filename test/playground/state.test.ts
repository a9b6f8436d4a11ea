import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Key, type KeyName, keyNames, keyOf, type Settings } from "../../src/config/keys.js";
import { DATASETS } from "../../src/data/datasets/index.js";
import { NORMALIZER_FORMS } from "../../src/model/normalizers/index.js";
import { parsePoints, pointsText } from "../../src/playground/points.js";
import {
  changed,
  commandOf,
  fragmentOf,
  jobFor,
  type Reading,
  readCommand,
  readFragment,
  START,
  type State,
  statedOf,
  wordsOf,
} from "../../src/playground/state.js";

/** Keys of a run that a page shows. */
const KEYS = keyNames.filter(
  (key) =>
    key === "costEvery" ||
    !(
      ["Recording", "Engine", "Output"].includes(keyOf(key).group) ||
      ["name", "seeds", "data", "testData", "weights", "target", "columns", "delimiter", "layers", "loss"].includes(key)
    ),
);

function someValueOf(name: KeyName): fc.Arbitrary<unknown> {
  const key: Key = keyOf(name);
  switch (key.type) {
    case "choice":
      return fc.constantFrom(...key.choices);
    case "integer":
      return fc.integer({ min: key.min, max: Math.min(key.max, 40) });
    case "number":
      return fc
        .double({ min: key.min ?? -1e6, max: key.below === undefined || key.below > 1 ? 1e6 : 0.99, noNaN: true })
        .map((value) => value || 0);
    case "batch":
      return fc.oneof(fc.constant("full"), fc.integer({ min: 1, max: 40 }));
    case "normalizer":
      return fc.constantFrom(...NORMALIZER_FORMS.map((form) => form.replace(/ .*/, " 3")));
    default:
      return fc.boolean();
  }
}

const somePositive = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value || 0);

const somePoints = fc
  .array(
    fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.float({ noNaN: true, noDefaultInfinity: true })),
    {
      minLength: 41,
      maxLength: 60,
    },
  )
  .map((rows) => rows.map((row) => row.join(",")).join("\n"));

/** States as a user reaches them: a few changes, those that hold together. */
const states = fc
  .tuple(
    fc.array(
      fc.constantFrom(...KEYS).chain((key) => someValueOf(key).map((value) => ({ [key]: value }) as Settings)),
      { maxLength: 8 },
    ),
    fc.option(somePoints, { nil: undefined }),
  )
  .map(([changes, points]) => {
    const given = points === undefined ? START : stateIn(changed(START, { data: "mine.csv" }, points));
    return changes.reduce<State>((state, change) => {
      const reading = changed(state, change);
      return "state" in reading ? reading.state : state;
    }, given);
  });

function stateIn(reading: Reading): State {
  if ("problems" in reading) throw new Error(reading.problems.join("\n"));
  return reading.state;
}

function problemsIn(reading: Reading): readonly string[] {
  return "problems" in reading ? reading.problems : [];
}

describe("a state", () => {
  test("survives the address and the command line", () => {
    let different = 0;
    fc.assert(
      fc.property(states, (state) => {
        if (commandOf(state) !== "bn-compare run") different += 1;
        expect(stateIn(readFragment(fragmentOf(state)))).toEqual(state);
        expect(stateIn(readCommand(commandOf(state), state.points))).toEqual(state);
        expect(jobFor(stateIn(readCommand(commandOf(state), state.points)))).toEqual(jobFor(state));
      }),
      { numRuns: 500 },
    );
    expect(different).toBeGreaterThan(400);
  });

  test("survives the address with the changes of its learning rate, which a change of anything else forgets", () => {
    const rates = fc
      .uniqueArray(fc.integer({ min: 1, max: 249 }), { minLength: 1, maxLength: 100 })
      .chain((updates) =>
        fc.tuple(
          ...updates.sort((a, b) => a - b).map((from) => fc.record({ from: fc.constant(from), rate: somePositive })),
        ),
      );
    fc.assert(
      fc.property(rates, (changes) => {
        const state = { ...START, rates: changes };
        expect(stateIn(readFragment(fragmentOf(state)))).toEqual(state);
        expect(commandOf(state)).toBe("bn-compare run");
        expect(stateIn(changed(state, { width: 8 })).rates).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    "",
    "1",
    "0:1",
    "5:x",
    "5:-1",
    "5:1e999",
    "9:1,5:1",
    "5:1,5:1",
    "250:1",
    "1e2:1",
    `${"1:1,".repeat(99)}1:1`,
  ])("has no rates %s", (rates) => {
    expect(problemsIn(readFragment(`rates=${rates}`))).toEqual([expect.stringContaining("UPDATE:RATE")]);
  });

  test("survives every single setting", () => {
    for (const dataset of DATASETS) {
      const state = stateIn(
        readCommand(`bn-compare run --dataset ${dataset} --no-affine --normalizer 'group 3' --seed 3`),
      );
      expect(statedOf(stateIn(readFragment(fragmentOf(state))).settings)).toEqual(statedOf(state.settings));
    }
  });

  test("drops what a change leaves nothing to act on", () => {
    const momentum = stateIn(readCommand("run --optimizer momentum --momentum 0.5 --init-std 0.1"));
    const adam = stateIn(changed(momentum, { optimizer: "adam", init: "he" }));
    expect(commandOf(adam)).toBe("bn-compare run --init he --optimizer adam");
  });
});

describe("a command line", () => {
  test.each([
    ["npx bn-compare run --activation tanh --width=20", "bn-compare run --activation tanh --width 20"],
    ["$ bn-compare run \\\n  --normalizer 'group 3'", "bn-compare run --normalizer 'group 3'"],
    ["--preset tutorial-minibatch", "bn-compare run --preset tutorial-minibatch"],
    ["bn-compare run --epochs 250 --seed 1", "bn-compare run"],
    ["", "bn-compare run"],
  ])("is read: %s", (line, same) => {
    expect(commandOf(stateIn(readCommand(line)))).toBe(same);
  });

  test.each([
    ["run --activaton tanh", "--activaton: bn-compare run has no such flag; did you mean --activation?"],
    ["run --lr 0.1", "--lr: bn-compare run has no such flag; give --learning-rate"],
    ["run --width", "--width: has no value"],
    ["run --width ten", '--width: "ten" is not a whole number from 1 to 4096'],
    ["run --width 4000", "--width: 4000 is more than the 256 that this page takes; the command takes more"],
    ["run --batch-size 501", "--batch-size: 501 is more than the 500 samples; give at most that, or full"],
    ["run --data wine.csv", '--data: the page cannot read wine.csv; paste its content under "Your own points"'],
    ["run --weights a.safetensors", "--weights: the page reads no files; the command does"],
    [
      "run experiments/tutorial-tanh",
      "experiments/tutorial-tanh: the page has no experiment files; give the settings as flags",
    ],
    ["run 'tanh", "a quotation mark in this line is never closed"],
    ["run --normalizer 'group 7'", "--normalizer: "],
  ])("is refused: %s", (line, problem) => {
    expect(problemsIn(readCommand(line)).join("\n")).toContain(problem);
  });

  test("names what changes nothing on the page", () => {
    expect(readCommand("run --out here --json --seeds 5 --width 8")).toMatchObject({
      notes: ["changes nothing here: --out, --json, --seeds"],
    });
  });

  test("is split as a shell splits it", () => {
    expect(wordsOf(`a 'b c' "d \\"e" f\\ g h'i'"j" ''`)).toEqual(["a", "b c", 'd "e', "f g", "hij", ""]);
    expect(wordsOf('a "b')).toBeUndefined();
  });
});

describe("points", () => {
  test.each([
    ["1,2\n3,4", [1, 3], [2, 4]],
    ["y,x\n1,2\n3,4\n", [2, 4], [1, 3]],
    ["# mine\na\tb\n1\t2\n\n3\t-4e-1", [1, 3], [2, -0.4]],
    ["1 2\n3   4", [1, 3], [2, 4]],
    ["1;2\r\n3;4", [1, 3], [2, 4]],
  ])("are read: %j", (text, x, y) => {
    expect(parsePoints(text)).toEqual({
      points: { samples: 2, inputs: 1, x: Float32Array.from(x), y: Float32Array.from(y) },
    });
  });

  test.each([
    ["", "there are no points: give one per line, like 1.5, 2"],
    ["1\n2", "there is only one column: give the input and the target of each point, like 1.5, 2"],
    ["x,y", "there is a header but no points below it"],
    ["1,2\n3", "line 2: has 1 columns where the first line has 2"],
    ["1,2\n3,<b>", 'line 2: "<b>" is not a number'],
    ["1,2\n3,1e39", 'line 2: "1e39" is not a number'],
  ])("are refused: %j", (text, problem) => {
    expect(parsePoints(text)).toEqual({ problem });
  });

  test("keep their float32 values in a file", () => {
    fc.assert(
      fc.property(somePoints, (text) => {
        const read = parsePoints(text);
        if ("problem" in read) throw new Error(read.problem);
        expect(parsePoints(pointsText(read.points))).toEqual(read);
      }),
    );
  });
});

test("a page refuses layers of several widths and a loss over classes", () => {
  expect(problemsIn(readCommand("--layers 'dense 3,dense 1' --loss crossEntropy"))).toEqual(
    ["--layers", "--loss"].map(
      (flag) => `${flag}: the page has hidden layers of one width and a squared error; the command has others`,
    ),
  );
  expect(problemsIn(readCommand("--preset images"))[0]).toContain("--preset: the page has hidden layers of one width");
});
