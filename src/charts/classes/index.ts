import type { Result } from "../../record/result.js";
import { classes as classTable, examples } from "../../tables/classes.js";
import { countText, percentText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { isSingle } from "../runs.js";
import { classesSpec, drawnClasses } from "./spec.js";

/** How many images each class has, and a few of them; of several runs where these have the same data. */
export const classes: Chart = {
  name: "classes",
  subject: "The classes of the images, with a few of each",
  scope: "first seed",
  title: (runs) => `Classes and examples${isSingle(runs) ? "" : ` — ${runs.length} runs`}`,
  tables: [classTable, examples],
  spec: classesSpec,
  caption: ([{ result }]) => ({ description: describe(result), notes: [reading(result)] }),
};

function describe({ data: { classes } }: Result): string {
  if (classes === undefined) return "";
  const { training, evaluation } = classes;
  const parts = [
    `${rangeText(training)} training images each`,
    ...(evaluation === undefined ? [] : [`${rangeText(evaluation)} test images`]),
  ];
  const measured = evaluation ?? training;
  const most = Math.max(...measured) / measured.reduce((sum, count) => sum + count, 0);
  return `${countText(training.length)} classes, of ${parts.join(" and ")}. Always predicting the most frequent label is right for ${percentText(most)}.`;
}

function rangeText(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? countText(low) : `${countText(low)} to ${countText(high)}`;
}

function reading({ data: { classes }, config: { image } }: Result): string {
  if (classes === undefined) return "";
  const { examples, training } = classes;
  const drawn = drawnClasses(training.length);
  const shrunk =
    examples === undefined || image === undefined || examples.height === image.height
      ? ""
      : `, shrunk from ${image.height} × ${image.width} to ${examples.height} × ${examples.width} pixels`;
  return [
    ...(examples === undefined ? [] : [`Left: the first training images of each class${shrunk}.`]),
    "Bars: images of each class.",
    ...(drawn.length < training.length
      ? [`Drawn: ${countText(drawn.length)} of ${countText(training.length)} classes; all are in result.json.`]
      : []),
  ].join(" ");
}
