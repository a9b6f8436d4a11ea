import { t } from "../../text/language.js";
import { type DatasetDefinition, evenly } from "./definition.js";

/**
 * The tutorial's x, and straight lines up and down between −40 and 40: several bends in place of the parabola's one. A sine
 * would have them, too, but not the same bits on every machine.
 */
export const zigzag: DatasetDefinition = {
  about: t`a zigzag of period 8 from −40 to 40`,
  curve: t`zigzag`,
  anyInputs: false,
  place: evenly,
  target(row) {
    const x = row[0] as number;
    return 20 * Math.abs(x - 8 * Math.floor(x / 8) - 4) - 40;
  },
};
