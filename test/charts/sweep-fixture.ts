import type { CellFate, Factor, PointArm, Sweep } from "../../src/record/sweep.js";

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
export function sweepOver(axes: Sweep["axes"]): Sweep {
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

/** Sweeps over one, two and four axes. */
export const SWEEPS = {
  "one axis": sweepOver({ learningRate: [0.001, 0.01, 0.1, 1] }),
  "two axes": sweepOver({ learningRate: [0.001, 0.01, 0.1, 1], width: [8, 30] }),
  "four axes": sweepOver({
    learningRate: [0.001, 0.01, 0.1],
    width: [8, 30],
    init: ["normal", "he"],
    affine: [true, false],
  }),
};
