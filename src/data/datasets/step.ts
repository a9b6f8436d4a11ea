import { t } from "../../text/language.js";
import { type DatasetDefinition, evenly } from "./definition.js";

/** The tutorial's x, and a function that jumps, which a net can only approach. */
export const step: DatasetDefinition = {
  about: t`a step at 0 from −40 to 40`,
  curve: t`step`,
  anyInputs: false,
  place: evenly,
  target: (row) => 40 * Math.sign(row[0] as number),
};
