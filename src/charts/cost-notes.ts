import type { Result } from "../experiment/result.js";
import { drawsTrainingModeOnly, MOST_THREADS, type Reference, type Series } from "./cost-series.js";
import { spreadLabels } from "./label-placement.js";
import type { LogScale } from "./log-scale.js";
import { countDivergences, divergenceText, hasSeveralSeeds, seedArms } from "./seed-costs.js";
import { shortened, textWidth } from "./text-metrics.js";
import { type ArmStyle, armStyles, LABEL_SIZE, QUIET_INK } from "./theme.js";
import { countText, lastUpdate, listText, numberText } from "./wording.js";

/** For each arm that diverged, a line of text above everything else in the plot, px. */
export const NOTE_HEIGHT = 18;
export const NOTE_SIZE = 12;
/** Above the notes, for triangles, px. */
export const NOTE_TOP = 11;
/** More notes than these would fill the plot; then the subtitle holds them. */
const MOST_NOTES = 4;
/** Labels beside the plot, px. */
export const LABEL_GAP = 15;
export const LABEL_FONT = 12;
const LABEL_ROOM = 310;

/** Where an arm diverges first, and what is said about it. */
export interface DivergenceNote {
  readonly update: number;
  readonly style: ArmStyle;
  readonly text: string;
}

export function divergenceNotes(result: Result): DivergenceNote[] {
  return armStyles(Object.keys(result.arms)).flatMap((style) => {
    const count = countDivergences(result, style.name);
    const { first } = count;
    if (first === undefined) return [];
    const text = hasSeveralSeeds(result)
      ? `${style.label}: ${divergenceText(count)}`
      : `${style.label} diverges at update ${first}`;
    return [{ update: first, style, text }];
  });
}

export function fitIntoPlot(notes: readonly DivergenceNote[]): boolean {
  return notes.length <= MOST_NOTES;
}

/** What a note in the plot says beside the text: where the only seed's costs end. */
export function lastFiniteText(result: Result, name: string, top: number): string {
  const entry = hasSeveralSeeds(result) ? undefined : result.arms[name]?.costs.at(-1);
  if (entry === undefined) return "";
  const place = entry.train > top ? ", above the scale" : "";
  return ` (cost at update ${entry.update}: ${numberText(entry.train)}${place})`;
}

/** The text beside the rule at which an arm diverges, on white, so that another arm's rule does not cross it; px. */
export function noteBox({ update, style, text }: DivergenceNote, row: number, updates: number, plotWidth: number) {
  const rule = (update / updates) * plotWidth;
  const width = textWidth(text, NOTE_SIZE) + 6;
  const left = rule + 4 + width < plotWidth ? rule + 4 : Math.max(0, rule - 4 - width);
  const top = NOTE_TOP + row * NOTE_HEIGHT;
  return {
    text,
    ink: style.ink,
    left,
    right: left + width,
    top,
    middle: top + NOTE_HEIGHT / 2,
    bottom: top + NOTE_HEIGHT,
  };
}

/** Labels beside the plot for the lines that reach its right edge and for the reference costs. */
export function endLabels(
  series: readonly Series[],
  references: readonly Reference[],
  last: number,
  scale: LogScale,
  height: number,
) {
  const ends = series.flatMap(({ suffix, style, points, remaining }) => {
    const end = points.at(-1);
    // Without any update, the only entry stands at the other end of the plot.
    if (end === undefined || end.update !== last || last === 0) return [];
    const over = remaining === undefined ? "" : ` (${remaining})`;
    // What lies above the scale is labelled at its upper edge.
    const level = Math.max(0, scale.pixel(end.cost));
    const rest = `${suffix}: ${numberText(end.cost)}${over}`;
    const label = shortened(style.label, LABEL_ROOM - textWidth(rest, LABEL_FONT), LABEL_FONT);
    return [{ level, color: style.ink, text: `${label}${rest}` }];
  });
  const lines = references.map(({ name, cost }) => ({
    level: scale.pixel(cost),
    color: QUIET_INK,
    text: `${name}: ${numberText(cost)}`,
  }));
  const labels = [...ends, ...lines];
  const places = spreadLabels(
    labels.map(({ level }) => level),
    LABEL_GAP,
    LABEL_SIZE / 2,
    height - LABEL_SIZE / 2,
  );
  return labels.map((label, index) => ({ ...label, place: places[index] ?? label.level }));
}

/** What the lines mean, and what is not drawn. */
export function costsSubtitle(result: Result, offScale: boolean): string {
  const names = Object.keys(result.arms);
  const arms = names.flatMap((name) => seedArms(result, name));
  const entries = arms.flatMap(({ costs }) => costs);
  const trainOnly = drawsTrainingModeOnly(result);
  const modes = entries.flatMap(({ train, inference }) => (trainOnly ? [train] : [train, inference]));
  const several = hasSeveralSeeds(result);
  const last = lastUpdate(result);
  const isTrained = last > 0 && arms.some(({ status }) => status === "trained");
  const numbers = several ? `medians at update ${countText(last)}` : `at update ${countText(last)}`;
  return [
    `Measured on ${countText(result.data.evaluationSamples)} points${trainOnly ? ", with batch statistics alone (inference mode is in result.json)" : ""}.`,
    ...(several
      ? seedLines(
          arms.some(({ status }) => status === "diverged"),
          result.seeds.length,
        )
      : []),
    ...probeLine(result),
    ...(isTrained ? [`Costs in numbers: ${numbers}.`] : []),
    ...(offScale ? ["Triangles: costs above the scale."] : []),
    ...(modes.some((cost) => typeof cost === "number" && cost <= 0)
      ? ["Costs of 0 have no place on a log scale and are left out."]
      : []),
    ...(modes.some((cost) => typeof cost === "string")
      ? ["Costs that overflowed in inference mode are left out."]
      : []),
    ...overflowingNotes(result),
  ].join(" ");
}

function seedLines(anyDiverged: boolean, seeds: number): string[] {
  const single = seeds > MOST_THREADS ? `${MOST_THREADS} of the seeds` : "single seeds";
  return [
    `Thick lines: median over ${countText(seeds)} seeds; areas: their middle half (25–75 %); thin lines: ${single}.`,
    ...(anyDiverged
      ? ["A seed that diverged ends with × at its last finite cost; median and area are over the seeds still finite."]
      : []),
  ];
}

function probeLine({ roundingProbe, seeds }: Result): string[] {
  if (roundingProbe === undefined) return [];
  const { repeats, arms } = roundingProbe;
  const ones = seeds.length > 1 ? "the first seed's line (the darker thin one)" : "a line";
  const gone = Object.values(arms).reduce((sum, { diverged }) => sum + diverged, 0);
  const missing = gone > 0 ? `; diverged, and in none: ${gone}` : "";
  return [
    `Pale areas with dotted edges around ${ones}: lowest to highest of ${repeats} repeats with initial kernels moved by one unit in the last place${missing}.`,
  ];
}

function overflowingNotes(result: Result): string[] {
  const notes = divergenceNotes(result);
  return fitIntoPlot(notes) ? [] : [`Vertical lines: ${notes.map(({ text }) => text).join("; ")}.`];
}

export function describeCosts(result: Result, references: readonly Reference[], series: readonly Series[]): string {
  const arms = hasSeveralSeeds(result) ? overSeeds(result, series) : ofFirstSeed(result);
  const lines = references.map(({ name, cost }) => `${name} at ${numberText(cost)}`);
  return [...arms, ...(lines.length > 0 ? [`Reference lines: ${listText(lines)}.`] : [])].join(" ");
}

function ofFirstSeed(result: Result): string[] {
  return armStyles(Object.keys(result.arms)).flatMap(({ name, label }) => {
    const arm = result.arms[name];
    if (arm === undefined) return [];
    const first = arm.costs[0];
    const start = first === undefined ? "" : ` from ${numberText(first.train)} at update ${first.update}`;
    if (arm.status === "diverged")
      return `The cost of ${label} starts${start.replace(" from ", " at ")} and diverges at update ${arm.divergence.update}.`;
    const { train, inference } = arm.final;
    const end =
      train === inference
        ? `${numberText(train)}`
        : `${numberText(train)} with batch statistics and ${numberText(inference)} with moving averages`;
    return `The cost of ${label} goes${start} to ${end} at update ${lastUpdate(result)}.`;
  });
}

function overSeeds(result: Result, series: readonly Series[]): string[] {
  const lines = series.flatMap(({ style, suffix, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [
      `The median cost of ${style.label}${suffix} goes from ${numberText(first.cost)} at update ${first.update} to ${numberText(last.cost)} at update ${last.update}.`,
    ];
  });
  return [...lines, ...divergenceNotes(result).map(({ text }) => `${text}.`)];
}
