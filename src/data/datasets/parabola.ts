import type { DatasetDefinition } from "./definition.js";

/** Where the tutorial's x lies. */
const FROM = -7;
const TO = 10;

/** The tutorial's points: x evenly from −7 to 10, both included (a single one is −7), and x² − 5. */
export const parabola: DatasetDefinition = {
  about: "x² − 5",
  curve: "x² − 5",
  anyInputs: false,
  place(row, place, samples) {
    if (place > 0 && place === samples - 1) row[0] = TO;
    else row[0] = FROM + place * ((TO - FROM) / Math.max(samples - 1, 1));
  },
  target: (row) => (row[0] as number) ** 2 - 5,
};
