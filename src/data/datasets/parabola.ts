import { type DatasetDefinition, evenly } from "./definition.js";

/** The tutorial's points, and x² − 5. */
export const parabola: DatasetDefinition = {
  about: "x² − 5",
  curve: "x² − 5",
  anyInputs: false,
  place: evenly,
  target: (row) => (row[0] as number) ** 2 - 5,
};
