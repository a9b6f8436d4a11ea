import type { Result } from "../../record/result.js";
import { t } from "../../text/language.js";
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
  const lines = referenceCosts(record).map(({ name, cost }) => t`${name} at ${numberText(cost)}`);
  const levels = lines.length > 0 ? [t`Reference lines: ${listText(lines)}.`] : [];
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
  const mode = isOne ? t`, in inference mode only (training mode is in result.json)` : "";
  const panels = hasPanels(record);
  const compared = comparedArm(costSeries(record));
  const ended = panels
    ? t`Median and quartiles are over the seeds still finite.`
    : isSeveral
      ? t`A vertical line marks the first divergence of an arm. A seed that diverged ends with ×; median and area are over the seeds still finite.`
      : t`A vertical line marks where an arm diverged.`;
  return [
    ...(panels && compared !== undefined ? [t`Gray in every panel: ${compared.name}.`] : []),
    t`Measured on ${countText(data.evaluationSamples)} ${pointsWord(record.config)}${mode}. ${panels ? t`Each panel names` : t`The legend has`} the cost at the last update${isSeveral ? t` (median over the seeds)` : ""}.`,
    ...(isSeveral ? [seedsNote(seeds.length, panels)] : []),
    ...(single.some(({ status }) => status === "diverged") && (isSeveral || !panels) ? [ended] : []),
    ...roundingNote(record, panels),
    ...(has((cost) => cost > top)
      ? [panels ? t`Costs above the scale are drawn at its upper end.` : t`Triangles: costs above the scale.`]
      : []),
    ...(has((cost) => cost <= 0) ? [t`Costs of 0 have no place on a log scale and are left out.`] : []),
    ...(costs.some((cost) => typeof cost === "string")
      ? [t`Costs that overflowed in inference mode are left out.`]
      : []),
  ];
}

function seedsNote(seeds: number, panels: boolean): string {
  const single = seeds > MOST_LINES ? t`${MOST_LINES} of the seeds` : t`single seeds`;
  return t`Thick lines: median over ${countText(seeds)} seeds; ${panels ? t`the lines around it` : t`areas`}: their middle half (25–75 %); thin lines: ${single}.`;
}

function roundingNote({ roundingProbe, seeds }: Result, panels: boolean): string[] {
  if (roundingProbe === undefined) return [];
  const { repeats, arms } = roundingProbe;
  const gone = Object.values(arms).reduce((sum, { diverged }) => sum + diverged, 0);
  const missing = gone > 0 ? t`; ${countText(gone)} of them diverged` : "";
  return [
    t`${panels ? t`Dotted lines` : t`Pale areas with dotted edges`}: from the lowest to the highest cost of ${repeats} repeats${seeds.length > 1 ? t` of the first seed` : ""} whose initial kernel entries were changed by one unit in the last place${missing}.`,
  ];
}

/** Where each line starts and ends. */
function describeLines(record: Result): string[] {
  const cost = record.seeds.length > 1 ? t`The median cost` : t`The cost`;
  const lines = costSeries(record).flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const ends = [first, last].map(({ cost, update }) => t`${numberText(cost)} at update ${countText(update)}`);
    return [t`${cost} of ${name} goes from ${ends.join(t` to `)}.`];
  });
  const ends = armStyles(Object.keys(record.arms)).flatMap(({ name, label }) => {
    const text = divergenceText(countDivergences(record, name));
    return text === "" ? [] : [`${label}: ${text}.`];
  });
  return [...lines, ...ends];
}

export function captionOfSeveral(runs: Runs): Caption {
  const references = commonReferences(runs).map(({ name, cost }) => `${name} (${numberText(cost)})`);
  const scales = hasOwnScales(runs) ? t`log scales of their own` : t`one log scale`;
  const notes = [
    t`One panel for each arm and mode, one line for each run, on ${scales}.`,
    ...(runs.some(({ result }) => result.seeds.length > 1) ? [t`Of several seeds, the median.`] : []),
    ...(references.length === 0 ? [] : [t`Dotted: ${listText(references)}.`]),
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
  if (last === undefined) return t`has no finite cost`;
  const cost = numberText(last.cost);
  if (last.update < lastUpdate(result))
    return t`has no finite cost at the end (${cost} at update ${countText(last.update)})`;
  return t`ends at ${cost}${last.seeds < count.of ? t` in ${last.seeds} of ${count.of} seeds` : ""}`;
}
