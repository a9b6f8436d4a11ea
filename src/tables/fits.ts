import { datasetNamed } from "../data/datasets/index.js";
import { ARM, cellOf, type Table } from "./table.js";

const TARGET = { type: "number", unit: "y" } as const;

/** The training points that pictures show. */
export const points: Table = {
  name: "points",
  isOfData: true,
  description: "A row is one training point, of at most 2500 (500 images), evenly thinned.",
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
    "A row is one prediction of one trained arm of the first seed in inference mode: on a grid over the one input column, or at the training points that pictures show.",
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
  description: "A row is one value of the function under the noise, on the grid of the fits; none on given data.",
  columns: [
    { name: "x", type: "number", description: "the input" },
    { ...TARGET, name: "y", description: "the function's value" },
  ],
  *rows({ config, data: { grid, truth } }) {
    const target = truth === undefined ? undefined : datasetNamed(config.dataset)?.target;
    if (target !== undefined) for (const x of grid ?? []) yield { x, y: target([x]) };
  },
};
