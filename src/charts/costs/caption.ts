import type { Result } from "../../record/result.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Caption } from "../chart.js";
import { armStyles } from "../theme.js";
import { listText } from "../wording.js";
import { costDomain } from "./domain.js";
import {
  costSeries,
  countDivergences,
  divergenceText,
  drawsTrainingModeOnly,
  referenceCosts,
  seedArms,
} from "./series.js";
import { MOST_LINES } from "./spec.js";

/** What the lines mean, and what is not drawn. */
export function costsCaption(record: Result): Caption {
  const { seeds, data, arms } = record;
  const single = Object.keys(arms).flatMap((name) => seedArms(record, name));
  const trainOnly = drawsTrainingModeOnly(record);
  const costs = single.flatMap((arm) =>
    arm.costs.flatMap(({ train, inference }) => (trainOnly ? [train] : [train, inference])),
  );
  const [, top] = costDomain(record, costSeries(record));
  const has = (is: (cost: number) => boolean) => costs.some((cost) => typeof cost === "number" && is(cost));
  const notes = [
    `Measured on ${countText(data.evaluationSamples)} points${trainOnly ? ", in training mode alone (inference mode is in result.json)" : ""}. The legend has the cost at the last update${seeds.length > 1 ? ", in the median over the seeds" : ""}.`,
    ...(seeds.length > 1 ? [seedsNote(seeds.length)] : []),
    ...(single.some(({ status }) => status === "diverged")
      ? [
          seeds.length > 1
            ? "A vertical line marks the first divergence of an arm; a seed that diverged ends with ×, and median and area are over the seeds still finite."
            : "A vertical line marks where an arm diverged.",
        ]
      : []),
    ...roundingNote(record),
    ...(has((cost) => cost > top) ? ["Triangles: costs above the scale."] : []),
    ...(has((cost) => cost <= 0) ? ["Costs of 0 have no place on a log scale and are left out."] : []),
    ...(costs.some((cost) => typeof cost === "string")
      ? ["Costs that overflowed in inference mode are left out."]
      : []),
  ];
  const lines = referenceCosts(record).map(({ name, cost }) => `${name} at ${numberText(cost)}`);
  const levels = lines.length > 0 ? [`Reference lines: ${listText(lines)}.`] : [];
  return { description: [...describeLines(record), ...levels].join(" "), notes: [notes.join(" ")] };
}

function seedsNote(seeds: number): string {
  const single = seeds > MOST_LINES ? `${MOST_LINES} of the seeds` : "single seeds";
  return `Thick lines: median over ${countText(seeds)} seeds; areas: their middle half (25–75 %); thin lines: ${single}.`;
}

function roundingNote({ roundingProbe, seeds }: Result): string[] {
  if (roundingProbe === undefined) return [];
  const { repeats, arms } = roundingProbe;
  const gone = Object.values(arms).reduce((sum, { diverged }) => sum + diverged, 0);
  const missing = gone > 0 ? `; ${countText(gone)} of them diverged` : "";
  return [
    `Pale areas with dotted edges: from the lowest to the highest cost of ${repeats} repeats${seeds.length > 1 ? " of the first seed" : ""} whose initial kernels were moved by one unit in the last place${missing}.`,
  ];
}

/** Where each line starts and ends. */
function describeLines(record: Result): string[] {
  const isSeveral = record.seeds.length > 1;
  const lines = costSeries(record).flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const cost = isSeveral ? "The median cost" : "The cost";
    return [
      `${cost} of ${name} goes from ${numberText(first.cost)} at update ${countText(first.update)} to ${numberText(last.cost)} at update ${countText(last.update)}.`,
    ];
  });
  const ends = armStyles(Object.keys(record.arms)).flatMap(({ name, label }) => {
    const text = divergenceText(countDivergences(record, name));
    return text === "" ? [] : [`${label}: ${text}.`];
  });
  return [...lines, ...ends];
}
