import { arms } from "../../tables/arms.js";
import { costs as costTable } from "../../tables/costs.js";
import { medians } from "../../tables/medians.js";
import { references } from "../../tables/references.js";
import { rounding } from "../../tables/rounding.js";
import { t } from "../../text/language.js";
import type { Chart } from "../chart.js";
import { comparedText, isSingle, titleOf } from "../runs.js";
import { costsOfSeveral } from "./by-run.js";
import { captionOfOne, captionOfSeveral } from "./caption.js";
import { costsOfOne } from "./panels.js";

/** Cost over updates, in both modes, with what a net costs that learns nothing or all. */
export const costs: Chart = {
  name: "costs",
  subject: t`Cost over the updates`,
  scope: "every seed",
  title: (runs) => {
    const title = titleOf(t`Cost during training`, runs);
    return isSingle(runs) ? `${title}, ${comparedText(runs)}` : title;
  },
  tables: [arms, costTable, medians, references, rounding],
  spec: (runs, view) => (isSingle(runs) ? costsOfOne(runs[0].result, view) : costsOfSeveral(runs, view)),
  caption: (runs) => (isSingle(runs) ? captionOfOne(runs[0].result) : captionOfSeveral(runs)),
};
