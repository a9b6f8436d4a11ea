import { arms } from "../../tables/arms.js";
import { costs as costTable } from "../../tables/costs.js";
import { medians } from "../../tables/medians.js";
import { references } from "../../tables/references.js";
import { rounding } from "../../tables/rounding.js";
import type { Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText, listText } from "../wording.js";
import { costsCaption } from "./caption.js";
import { costsSpec } from "./spec.js";

/** Cost over updates, in both modes, with what a net costs that learns nothing or all. */
export const costs: Chart = {
  name: "costs",
  subject: "Cost over the updates",
  scope: "every seed",
  title: (record) => {
    const names = armStyles(Object.keys(record.arms)).map(({ longName }) => longName);
    const compared = names.length > 4 ? `${names.length} arms` : listText(names);
    return `Cost during training — ${activationText(record)}, ${compared}`;
  },
  tables: [arms, costTable, medians, references, rounding],
  spec: costsSpec,
  caption: costsCaption,
};
