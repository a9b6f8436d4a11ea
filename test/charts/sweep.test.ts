import { expect, test } from "vitest";
import type { Drawable } from "../../src/charts/picture.js";
import { renderSpec } from "../../src/charts/render.js";
import { sweepCharts } from "../../src/charts/sweep/index.js";
import type { CellFate, Factor, PointArm, Sweep } from "../../src/record/sweep.js";
import { faultsOf, marksOf } from "./promise.js";
import { scanXml } from "./svg-scan.js";

const SEEDS = [1, 2, 3, 4];

function arm(fates: readonly CellFate[], median: PointArm["median"]): PointArm {
  const ends = { learned: 0, "learned-little": 0, "did-not-learn": 0, diverged: 0, missing: 0 };
  for (const fate of fates) ends[fate] += 1;
  const costs = fates.map((fate) => (fate === "diverged" || typeof median !== "number" ? null : median));
  return {
    cells: fates.map((_, place) => `cell ${place}`),
    fates,
    costs,
    ends,
    ...(median === undefined ? {} : { median }),
  } as PointArm;
}

const all = (fate: CellFate) => SEEDS.map(() => fate);
const factor = (value: number, low: number, high: number): Factor => ({
  factor: value,
  low,
  high,
  pairs: 4,
  undefinedPairs: 0,
});

/** A sweep over some axes; every third point is undecided, every fourth diverges. */
function sweepOver(axes: Sweep["axes"]): Sweep {
  const values = Object.entries(axes).reduce<Sweep["points"][number]["values"][]>(
    (points, [name, own]) => points.flatMap((point) => own.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
  const points = values.map((point, place) => ({
    values: point,
    arms: {
      plain:
        place % 4 === 3
          ? arm(all("diverged"), "Infinity")
          : arm(["learned", "learned-little", "learned-little", "diverged"], 400),
      bn: arm(all("learned"), 100 + place),
    },
    effects: place % 4 === 3 ? {} : { bn: place % 3 === 2 ? factor(1.1, 0.8, 1.4) : factor(4, 3, 5) },
  }));
  return {
    sweepVersion: 1,
    name: "rates",
    axes,
    settings: {},
    arms: ["plain", "bn"],
    against: { bn: "plain" },
    seeds: SEEDS,
    points: points as Sweep["points"],
    best: {
      arms: {
        plain: { value: values[0] ?? {}, chosenOn: [1, 3] },
        bn: { value: values.at(-1) ?? {}, chosenOn: [1, 3] },
      },
      effects: { bn: factor(4, 3, 5) },
      atControls: { bn: factor(1.1, 0.8, 1.4) },
      measuredOn: [2, 4],
    },
  };
}

const ONE = sweepOver({ learningRate: [0.001, 0.01, 0.1, 1] });
const TWO = sweepOver({ learningRate: [0.001, 0.01, 0.1, 1], width: [8, 30] });
const FOUR = sweepOver({
  learningRate: [0.001, 0.01, 0.1],
  width: [8, 30],
  init: ["normal", "he"],
  affine: [true, false],
});

async function textsOf({ spec, sets, name }: Drawable): Promise<string[]> {
  const warnings: string[] = [];
  const svg = await renderSpec(spec, sets, {
    title: "",
    description: "",
    idPrefix: name,
    onWarning: (text) => warnings.push(text),
  });
  expect(warnings).toEqual([]);
  return scanXml(svg).texts.map((text) => text.replaceAll("\u00a0", " ").trim());
}

const chartOf = (sweep: Sweep, name: string): Drawable => {
  const chart = sweepCharts(sweep).find((each) => each.name === name);
  if (chart === undefined) throw new Error(`no chart ${name}`);
  return chart;
};

test.each([
  ["one axis", ONE],
  ["two axes", TWO],
  ["four axes", FOUR],
])("of %s every picture encodes fields, and draws without a warning", async (_, sweep) => {
  for (const chart of sweepCharts(sweep)) {
    expect(faultsOf(chart.spec)).toEqual([]);
    expect(await textsOf(chart)).not.toContain("undefined");
  }
  expect(sweepCharts(sweep).map(({ name }) => name)).toEqual(["best", "map", "effects"]);
});

test("the map has the cost as color and the fate of the seed in the middle as shape", async () => {
  const { spec, sets, description } = chartOf(ONE, "map");
  const [cost, fate] = marksOf(spec);
  expect([cost?.encoding["color"]?.["field"], fate?.encoding["shape"]?.["field"]]).toEqual(["median", "fate"]);
  expect(sets["points"]?.map((row) => row["fate"])).toEqual([
    "learned-little",
    "learned",
    "learned-little",
    "learned",
    "learned-little",
    "learned",
    "diverged",
    "learned",
  ]);
  expect(await textsOf(chartOf(ONE, "map"))).toEqual(
    expect.arrayContaining(["plain", "bn", "learning rate", "learned", "learned little", "diverged", "0.001", "1"]),
  );
  expect(description).toContain("16 of 16 runs of bn learned and 0 diverged");
});

test("where the interval includes no effect the map of effects is hatched, and without a pair it is crossed out", async () => {
  const chart = chartOf(ONE, "effects");
  expect(chart.sets["effects"]?.map((row) => row["effect"])).toEqual(["lower", "lower", "undecided", "none"]);
  expect(await textsOf(chart)).toEqual(
    expect.arrayContaining(["no effect", "×4", "×0.25", "interval includes no effect"]),
  );
  expect(chart.description).toContain("Lower at 2 points, higher at 0, undecided at 1, without a pair at 1.");
});

test("each arm at its best stands beside both at the control's", async () => {
  const texts = await textsOf(chartOf(TWO, "best"));
  expect(texts).toEqual(expect.arrayContaining(["×4", "×1.1", "no effect"]));
  expect(texts.join(" ")).toContain("learning rate 1, width 30 against learning rate 0.001, width 8");
});

test("further axes are rows of panels, in the grid's order", async () => {
  const texts = await textsOf(chartOf(FOUR, "map"));
  const rows = texts.filter((text) => text.startsWith("init"));
  expect(rows).toEqual([
    "init normal, affine true",
    "init normal, affine false",
    "init he, affine true",
    "init he, affine false",
  ]);
});

test("a grid of too many panels has tables alone", () => {
  const many = Array.from({ length: 30 }, (_, place) => place + 1);
  const wide = sweepOver({ learningRate: many, width: many.slice(0, 20), hiddenLayers: many.slice(0, 19) });
  expect(sweepCharts(wide).map(({ name }) => name)).toEqual(["best"]);
});
