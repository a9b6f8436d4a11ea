import { accuracies } from "../../tables/costs.js";
import { countText, percentText } from "../../text/numbers.js";
import { pointsWord } from "../../text/places.js";
import type { Chart } from "../chart.js";
import { armsOf, isSingle } from "../runs.js";
import { activationText, listText } from "../wording.js";
import { accuracySeries } from "./series.js";
import { accuracySpec } from "./spec.js";

/** Which share of the points is classified right, over updates; of several runs each has its own. */
export const accuracy: Chart = {
  name: "accuracy",
  subject: "Accuracy over the updates",
  scope: "every seed",
  title: (runs) => {
    const names = armsOf(runs).map(({ longName }) => longName);
    const compared = names.length > 4 ? `${names.length} arms` : listText(names);
    return `Accuracy during training — ${activationText(runs[0].result)}, ${compared}`;
  },
  tables: [accuracies],
  spec: (runs, view) => (isSingle(runs) ? accuracySpec(runs[0].result, view) : undefined),
  caption: ([{ result }]) => {
    const several = result.seeds.length > 1;
    const lines = accuracySeries(result).flatMap(({ name, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined) return [];
      const ends = [first, last].map(
        ({ accuracy, update }) => `${percentText(accuracy)} at update ${countText(update)}`,
      );
      return [`The ${several ? "median accuracy" : "accuracy"} of ${name} goes from ${ends.join(" to ")}.`];
    });
    const median = several
      ? ` Lines: median over ${countText(result.seeds.length)} seeds; areas: their middle half (25–75 %).`
      : "";
    return {
      description: lines.join(" "),
      notes: [
        `The share of ${countText(result.data.evaluationSamples)} ${pointsWord(result.config)} whose class is predicted correctly; costs are measured on the same ones. The legend has the share at the last update.${median}`,
      ],
    };
  },
};
