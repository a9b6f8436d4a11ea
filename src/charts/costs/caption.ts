import type { Result } from "../../record/result.js";
import { countText, numberText } from "../../text/numbers.js";
import { pointsWord } from "../../text/places.js";
import type { Caption } from "../chart.js";
import type { Runs } from "../runs.js";
import { armStyles } from "../theme.js";
import { lastUpdate, listText } from "../wording.js";
import { hasOwnScales } from "./by-run.js";
import { costDomain } from "./domain.js";
import { comparedArm, hasPanels } from "./panels.js";
import {
  commonReferences,
  costSeries,
  countDivergences,
  divergenceText,
  drawsOneMode,
  type RunLine,
  referenceCosts,
  runLines,
  seedArms,
} from "./series.js";
import { MOST_LINES } from "./spec.js";

/** What the lines mean, and what is not drawn. */
export function captionOfOne(record: Result): Caption {
  const lines = referenceCosts(record).map(({ name, cost }) => `${name} at ${numberText(cost)}`);
  const levels = lines.length > 0 ? [`Reference lines: ${listText(lines)}.`] : [];
  return { description: [...describeLines(record), ...levels].join(" "), notes: [notesOf(record).join(" ")] };
}

function notesOf(record: Result): string[] {
  const { seeds, data, arms } = record;
  const isSeveral = seeds.length > 1;
  const single = Object.keys(arms).flatMap((name) => seedArms(record, name));
  const isOne = drawsOneMode(record);
  const costs = single.flatMap((arm) =>
    arm.costs.flatMap(({ train, inference }) => (isOne ? [inference] : [inference, train])),
  );
  const [, top] = costDomain(record, costSeries(record));
  const has = (is: (cost: number) => boolean) => costs.some((cost) => typeof cost === "number" && is(cost));
  const mode = isOne ? ", in inference mode only (training mode is in result.json)" : "";
  const panels = hasPanels(record);
  const compared = comparedArm(costSeries(record));
  const ended = panels
    ? "Median and quartiles are over the seeds still finite."
    : isSeveral
      ? "A vertical line marks the first divergence of an arm. A seed that diverged ends with ×; median and area are over the seeds still finite."
      : "A vertical line marks where an arm diverged.";
  return [
    ...(panels && compared !== undefined ? [`Gray in every panel: ${compared.name}.`] : []),
    `Measured on ${countText(data.evaluationSamples)} ${pointsWord(record.config)}${mode}. ${panels ? "Each panel names" : "The legend has"} the cost at the last update${isSeveral ? " (median over the seeds)" : ""}.`,
    ...(isSeveral ? [seedsNote(seeds.length, panels)] : []),
    ...(single.some(({ status }) => status === "diverged") && (isSeveral || !panels) ? [ended] : []),
    ...roundingNote(record, panels),
    ...(has((cost) => cost > top)
      ? [panels ? "Costs above the scale are drawn at its upper end." : "Triangles: costs above the scale."]
      : []),
    ...(has((cost) => cost <= 0) ? ["Costs of 0 have no place on a log scale and are left out."] : []),
    ...(costs.some((cost) => typeof cost === "string")
      ? ["Costs that overflowed in inference mode are left out."]
      : []),
  ];
}

function seedsNote(seeds: number, panels: boolean): string {
  const single = seeds > MOST_LINES ? `${MOST_LINES} of the seeds` : "single seeds";
  return `Thick lines: median over ${countText(seeds)} seeds; ${panels ? "the lines around it" : "areas"}: their middle half (25–75 %); thin lines: ${single}.`;
}

function roundingNote({ roundingProbe, seeds }: Result, panels: boolean): string[] {
  if (roundingProbe === undefined) return [];
  const { repeats, arms } = roundingProbe;
  const gone = Object.values(arms).reduce((sum, { diverged }) => sum + diverged, 0);
  const missing = gone > 0 ? `; ${countText(gone)} of them diverged` : "";
  return [
    `${panels ? "Dotted lines" : "Pale areas with dotted edges"}: from the lowest to the highest cost of ${repeats} repeats${seeds.length > 1 ? " of the first seed" : ""} whose initial kernel entries were changed by one unit in the last place${missing}.`,
  ];
}

/** Where each line starts and ends. */
function describeLines(record: Result): string[] {
  const cost = record.seeds.length > 1 ? "The median cost" : "The cost";
  const lines = costSeries(record).flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const ends = [first, last].map(({ cost, update }) => `${numberText(cost)} at update ${countText(update)}`);
    return [`${cost} of ${name} goes from ${ends.join(" to ")}.`];
  });
  const ends = armStyles(Object.keys(record.arms)).flatMap(({ name, label }) => {
    const text = divergenceText(countDivergences(record, name));
    return text === "" ? [] : [`${label}: ${text}.`];
  });
  return [...lines, ...ends];
}

export function captionOfSeveral(runs: Runs): Caption {
  const references = commonReferences(runs).map(({ name, cost }) => `${name} (${numberText(cost)})`);
  const scales = hasOwnScales(runs) ? "log scales of their own" : "one log scale";
  const notes = [
    `One panel for each arm and mode, one line for each run, on ${scales}.`,
    ...(runs.some(({ result }) => result.seeds.length > 1) ? ["Of several seeds, the median."] : []),
    ...(references.length === 0 ? [] : [`Dotted: ${listText(references)}.`]),
  ];
  return { description: describePanels(runLines(runs)), notes: [notes.join(" ")] };
}

/** How each run's line ends in each panel. */
function describePanels(lines: readonly RunLine[]): string {
  const panels = new Map<string, string[]>();
  for (const { panel, ...line } of lines) {
    panels.set(panel, [...(panels.get(panel) ?? []), `${line.run} ${endOf(line)}`]);
  }
  return [...panels].map(([panel, ends]) => `${panel}: ${ends.join("; ")}.`).join(" ");
}

function endOf({ result, series: { style, points } }: Omit<RunLine, "panel">): string {
  const count = countDivergences(result, style.name);
  const last = points.at(-1);
  if (count.diverged === count.of && count.diverged > 0) return divergenceText(count);
  if (last === undefined) return "has no finite cost";
  const cost = numberText(last.cost);
  if (last.update < lastUpdate(result))
    return `has no finite cost at the end (${cost} at update ${countText(last.update)})`;
  return `ends at ${cost}${last.seeds < count.of ? ` in ${last.seeds} of ${count.of} seeds` : ""}`;
}
