import { quartiles } from "../../metrics/quantiles.js";
import type { Result } from "../../record/result.js";
import { t } from "../../text/language.js";
import { percentText } from "../../text/numbers.js";
import { costSeries, divergenceText, namedText, type Series, seedArms } from "../costs/series.js";
import type { Look } from "../parts.js";
import { QUIET_INK } from "../theme.js";

export interface AccuracyPoint {
  readonly update: number;
  /** Median over the seeds that have one there. */
  readonly accuracy: number;
}

/** A line of the costs' chart, with its accuracies. */
export interface AccuracySeries extends Omit<Series, "points"> {
  readonly points: readonly AccuracyPoint[];
}

/** The arms and modes that the costs are drawn of; none without a loss over classes. */
export function accuracySeries(record: Result): AccuracySeries[] {
  return costSeries(record).flatMap((series) => {
    const byUpdate = new Map<number, number[]>();
    for (const { costs } of seedArms(record, series.style.name)) {
      for (const { update, accuracy } of costs) {
        const share = accuracy?.[series.mode] ?? undefined;
        if (share !== undefined) byUpdate.set(update, [...(byUpdate.get(update) ?? []), share]);
      }
    }
    const points = [...byUpdate]
      .map(([update, shares]) => ({ update, accuracy: quartiles(shares)?.median ?? 0 }))
      .sort((one, other) => one.update - other.update);
    return points.length === 0 ? [] : [{ ...series, points }];
  });
}

/** Of equal shares for all classes. */
export function chanceOf({ config }: Result): number {
  return 1 / (config.sizes.at(-1) ?? 1);
}

export const CHANCE = "chance";
const CHANCE_DASH = [2, 3];

/** In the order in which the lines end; texts are at most `widest` px. */
export function accuracyLooks(record: Result, series: readonly AccuracySeries[], widest: number): Look[] {
  const chance = chanceOf(record);
  const lines = series.map(({ key, name, style, dash, points, divergences }) => {
    const end = points.at(-1)?.accuracy ?? 0;
    const told = divergences.diverged === divergences.of ? divergenceText(divergences) : percentText(end);
    return { key, text: namedText(name, `: ${told}`, widest), color: style.color, dash, end };
  });
  const level = {
    key: CHANCE,
    text: t`chance: ${percentText(chance)}`,
    color: QUIET_INK,
    dash: CHANCE_DASH,
    end: chance,
  };
  return [...lines, level].sort((one, other) => other.end - one.end).map(({ end: _, ...look }) => look);
}
