import { ownEntry } from "../../record/own-entry.js";
import { t } from "../../text/language.js";
import type { DatasetDefinition } from "./definition.js";
import { gaussian } from "./gaussian.js";
import { parabola } from "./parabola.js";
import { step } from "./step.js";
import { zigzag } from "./zigzag.js";

/** Every generated dataset by name, the tutorial's first. */
export const datasets = { parabola, gaussian, zigzag, step } as const satisfies Record<string, DatasetDefinition>;

export type DatasetName = keyof typeof datasets;

export const DATASETS = Object.keys(datasets) as readonly DatasetName[] as readonly [DatasetName, ...DatasetName[]];

/** The datasets of any number of input columns, as messages name them. */
export const WITH_ANY_INPUTS = DATASETS.filter((name) => datasets[name].anyInputs).join(t` or `);

/** Undefined for given data, and for a dataset of another version. */
export function datasetNamed(name: string | undefined): DatasetDefinition | undefined {
  return name === undefined ? undefined : ownEntry<DatasetDefinition>(datasets, name);
}
