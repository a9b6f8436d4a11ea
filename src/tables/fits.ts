import { datasetNamed } from "../data/datasets/index.js";
import { ARM, cellOf, type Table } from "./table.js";

const TARGET = { type: "number", unit: "y" } as const;

/** The training points that pictures show. */
export const points: Table = {
  name: "points",
  isOfData: true,
  description: "One row per training point, of at most 2500 (500 images), evenly chosen.",
  columns: [
    { name: "x", type: "number", description: "its input; empty with several input columns" },
    { ...TARGET, name: "y", description: "its target" },
  ],
  *rows({ data: { drawn } }) {
    for (const [place, y] of drawn.y.entries()) yield { x: drawn.x?.[place] ?? null, y };
  },
};

/** What the nets of the first seed predict. */
export const fits: Table = {
  name: "fits",
  description:
    "One row per prediction of each trained arm of the first seed, in inference mode: on a grid over a single input column, or at the training points that the charts show.",
  columns: [
    ARM,
    { name: "x", type: "number", description: "the input; empty with several input columns" },
    { ...TARGET, name: "actual", description: "the target there; empty on the grid" },
    { ...TARGET, name: "predicted", description: "the prediction" },
  ],
  *rows({ arms, data: { grid, drawn } }) {
    for (const [arm, record] of Object.entries(arms)) {
      if (record.status === "diverged") continue;
      for (const [place, predicted] of record.fit.entries()) {
        yield { arm, x: grid?.[place] ?? null, actual: grid === undefined ? cellOf(drawn.y[place]) : null, predicted };
      }
    }
  },
};

/** The function that the data were made from. */
export const truth: Table = {
  name: "truth",
  isOfData: true,
  description: "One row per point of the grid of the fits: the function without the noise. None for your own data.",
  columns: [
    { name: "x", type: "number", description: "the input" },
    { ...TARGET, name: "y", description: "the function's value" },
  ],
  *rows({ config, data: { grid, truth } }) {
    const target = truth === undefined ? undefined : datasetNamed(config.dataset)?.target;
    if (target !== undefined) for (const x of grid ?? []) yield { x, y: target([x]) };
  },
};
