import { t } from "../../text/language.js";
import type { DatasetDefinition } from "./definition.js";

/** Inputs from N(0, 1) in any number d of columns, and Σ (xᵢ² − 1) / √(2d), which has mean 0 and variance 1. */
export const gaussian: DatasetDefinition = {
  about: t`Gaussian inputs`,
  anyInputs: true,
  place(row, _place, _samples, stream) {
    for (let i = 0; i < row.length; i++) row[i] = stream.normal();
  },
  target(row) {
    let sum = 0;
    for (let i = 0; i < row.length; i++) sum += (row[i] as number) * (row[i] as number) - 1;
    return sum / Math.sqrt(2 * row.length);
  },
};
