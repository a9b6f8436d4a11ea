import { divergedAt } from "../../outcome/ending.js";
import type { SeedArm } from "../../record/arms.js";
import { ownEntry } from "../../record/own-entry.js";
import type { Result } from "../../record/result.js";
import { medians } from "../../tables/medians.js";
import { constantName, NOISE_FLOOR } from "../../tables/references.js";
import { t } from "../../text/language.js";
import { lossWords } from "../../text/losses.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Look } from "../parts.js";
import type { Runs } from "../runs.js";
import { shortened, textWidth } from "../text-metrics.js";
import { type ArmStyle, armStyles, LEGEND_SIZE, QUIET_INK } from "../theme.js";
import { lastUpdate } from "../wording.js";

export type Mode = "train" | "inference";

/** With more arms each is drawn in inference mode alone. */
const MOST_ARMS_IN_BOTH_MODES = 3;
export const MODE_NAMES: Readonly<Record<Mode, string>> = { inference: t`inference mode`, train: t`training mode` };
const INFERENCE_DASH = [5, 4];
export const REFERENCE_DASH = [2, 3];

export interface CostPoint {
  readonly update: number;
  readonly cost: number;
  /** How many have a finite cost there. */
  readonly seeds: number;
}

/** One line of the chart: an arm in one mode, over its seeds. */
export interface Series {
  /** Made from the row's arm and mode. */
  readonly key: string;
  readonly style: ArmStyle;
  readonly mode: Mode;
  /** As texts call it. */
  readonly name: string;
  readonly dash: readonly number[];
  readonly points: readonly CostPoint[];
  readonly divergences: DivergenceCount;
}

/** Of how many seeds an arm diverged, and when first. */
export interface DivergenceCount {
  readonly diverged: number;
  readonly of: number;
  /** The earliest update; absent when no seed diverged. */
  readonly first?: number;
}

export function drawsOneMode(record: Result): boolean {
  return Object.keys(record.arms).length > MOST_ARMS_IN_BOTH_MODES;
}

/** The lines of a record; those of an arm whose modes are equal are one, in inference mode. */
export function costSeries(record: Result): Series[] {
  const points = new Map<string, CostPoint[]>();
  for (const { arm, mode, updates, median, seeds } of medians.rows(record)) {
    const key = JSON.stringify([arm, mode]);
    const point = { update: Number(updates), cost: Number(median), seeds: Number(seeds) };
    const others = points.get(key);
    if (others === undefined) points.set(key, [point]);
    else others.push(point);
  }
  return armStyles(Object.keys(record.arms)).flatMap((style) => {
    const arms = seedArms(record, style.name);
    const isEqual = arms.every(({ costs }) => costs.every(({ train, inference }) => train === inference));
    const isOne = isEqual || drawsOneMode(record);
    const modes: readonly Mode[] = isOne ? ["inference"] : ["inference", "train"];
    return modes.map((mode) => ({
      key: `${style.label} · ${mode}`,
      style,
      mode,
      name: isOne ? style.label : `${style.label}, ${MODE_NAMES[mode]}`,
      dash: mode === "train" || isOne ? style.dash : INFERENCE_DASH,
      points: points.get(JSON.stringify([style.name, mode])) ?? [],
      divergences: countDivergences(record, style.name),
    }));
  });
}

/** An arm over the seeds. */
export function seedArms({ seeds }: Result, name: string): SeedArm[] {
  return seeds.flatMap(({ arms }) => ownEntry(arms, name) ?? []);
}

export function countDivergences(record: Result, name: string): DivergenceCount {
  const arms = seedArms(record, name);
  const updates = arms.flatMap((arm) => divergedAt(arm) ?? []);
  const count = { diverged: updates.length, of: arms.length };
  return updates.length === 0 ? count : { ...count, first: Math.min(...updates) };
}

/** "diverged at update 1", "3 of 10 seeds diverged, first at update 12"; nothing where none did. */
export function divergenceText({ diverged, of, first }: DivergenceCount): string {
  if (first === undefined) return "";
  const when = t`at update ${countText(first)}`;
  return of === 1 ? t`diverged ${when}` : t`${diverged} of ${of} seeds diverged, first ${when}`;
}

function endOf(record: Result, { points }: Series): CostPoint | undefined {
  const point = points.at(-1);
  return point?.update === lastUpdate(record) ? point : undefined;
}

/** The cost where a line ends, or why it ends before the last update. */
export function endingText(record: Result, series: Series): string {
  const { divergences } = series;
  const end = endOf(record, series);
  if (end === undefined) return divergenceText(divergences) || t`no finite cost at the end`;
  const some = end.seeds < divergences.of ? t` (${end.seeds} of ${divergences.of} seeds)` : "";
  return `${numberText(end.cost)}${some}`;
}

/** One entry of the legend, and the cost where its line ends; undefined of a line that does not reach the last update. */
type Entry = Look & { readonly end: number | undefined };

/** In the order of the lines at the right edge of the plot, those that do not reach it first; texts are at most `widest` px. */
export function legendEntries(record: Result, series: readonly Series[], widest: number): Entry[] {
  const lines = series.map((one): Entry => {
    const { key, name, style, dash } = one;
    const text = namedText(name, `: ${endingText(record, one)}`, widest);
    return { key, text, color: style.color, dash, end: endOf(record, one)?.cost };
  });
  const levels = referenceCosts(record).map(({ key, name, cost }): Entry => {
    const text = namedText(name, `: ${numberText(cost)}`, widest);
    return { key, text, color: QUIET_INK, dash: REFERENCE_DASH, end: cost };
  });
  const height = ({ end }: Entry) => end ?? Number.POSITIVE_INFINITY;
  return [...lines, ...levels].sort((one, other) => (height(one) === height(other) ? 0 : height(other) - height(one)));
}

/** A name and what is said of it; where that is wider than `widest` px, the name is shortened. */
export function namedText(name: string, rest: string, widest: number): string {
  return shortened(name, widest - textWidth(rest, LEGEND_SIZE), LEGEND_SIZE) + rest;
}

interface ReferenceCost {
  /** As in the table. */
  readonly key: string;
  readonly name: string;
  readonly cost: number;
}

export function referenceCosts({ referenceCosts }: Result): ReferenceCost[] {
  const { chance, noiseFloor, predictMean } = referenceCosts;
  return [
    ...(noiseFloor === undefined ? [] : [{ key: NOISE_FLOOR, name: t`noise floor`, cost: noiseFloor }]),
    { key: constantName({ chance }), name: lossWords({ chance }).constant, cost: predictMean },
  ].filter(({ cost }) => cost > 0);
}

/** Those that all runs have in common. */
export function commonReferences([{ result }, ...others]: Runs) {
  return referenceCosts(result).filter(({ key, cost }) =>
    others.every((other) => referenceCosts(other.result).some((one) => one.key === key && one.cost === cost)),
  );
}

/** A line of one of several runs, and the panel that it lies in: its arm, and its mode where some run draws both. */
export interface RunLine {
  readonly run: string;
  readonly result: Result;
  readonly series: Series;
  readonly panel: string;
}

export function runLines(runs: Runs): RunLine[] {
  const lines = runs.flatMap(({ label: run, result }) => costSeries(result).map((series) => ({ run, result, series })));
  const both = new Set(lines.flatMap(({ series }) => (series.mode === "train" ? [series.style.name] : [])));
  return lines.map((line) => {
    const { style, mode } = line.series;
    return { ...line, panel: both.has(style.name) ? `${style.label}, ${MODE_NAMES[mode]}` : style.label };
  });
}
