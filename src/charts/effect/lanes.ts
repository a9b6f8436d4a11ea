import type { PairedEffect } from "../../record/effects.js";
import type { Result } from "../../record/result.js";
import { countText, numberText, percentRange } from "../../text/numbers.js";
import { MODE_NAMES, type Mode } from "../costs/series.js";
import { shortened } from "../text-metrics.js";
import { armStyles } from "../theme.js";
import { listText } from "../wording.js";

/** The widest name of an arm beside the plot, px. */
const NAME_LIMIT = 210;
const NAME_SIZE = 11;

/** One arm's effect on the final cost, in one mode or in both. */
export interface EffectLane {
  /** Made from the row's arm and mode. */
  readonly key: string;
  readonly arm: string;
  readonly against: string;
  readonly mode: string;
  /** Beside the plot. */
  readonly names: readonly string[];
  /** The factor with its interval, wins, and pairs without a ratio. */
  readonly text: readonly string[];
  /** All that the axis must hold. */
  readonly ratios: readonly number[];
}

export function effectLanes(record: Result): EffectLane[] {
  const labels = new Map(armStyles(Object.keys(record.arms)).map(({ name, label }) => [name, label]));
  return Object.entries(record.effects).flatMap(([name, { against: control, ...effects }]) => {
    const arm = labels.get(name);
    if (arm === undefined) return [];
    const against = labels.get(control) ?? "";
    const isSame = JSON.stringify(effects.train) === JSON.stringify(effects.inference);
    const modes: readonly Mode[] = isSame ? ["train"] : ["train", "inference"];
    return modes.map((mode) => {
      const modeName = isSame ? "both modes" : MODE_NAMES[mode];
      return {
        key: `${arm} · ${mode}`,
        arm,
        against,
        mode: modeName,
        names: [arm, `against ${against}, ${modeName}`].map((line) => shortened(line, NAME_LIMIT, NAME_SIZE)),
        text: numbersOf(effects[mode]),
        ratios: ratiosOf(effects[mode]),
      };
    });
  });
}

function ratiosOf({ logRatios, mean }: PairedEffect): number[] {
  const logs = [...logRatios.map(({ logRatio }) => logRatio), ...(mean === undefined ? [] : (intervalOf(mean) ?? []))];
  return logs.map((log) => Math.exp(log));
}

function numbersOf({ mean, wins, undefinedPairs }: PairedEffect): string[] {
  const interval = mean === undefined ? undefined : intervalOf(mean);
  return [
    [
      mean === undefined
        ? "no defined pair"
        : factorText(mean.estimate) + (interval === undefined ? "" : rangeText(interval)),
      ...(wins === undefined || wins.of < 2
        ? []
        : [`wins ${countText(wins.treated)} of ${countText(wins.of)} (${percentRange(wins)})`]),
    ].join(", "),
    undefinedText(undefinedPairs),
  ].filter((text) => text !== "");
}

function intervalOf({ low, high, method }: NonNullable<PairedEffect["mean"]>): [number, number] | undefined {
  return method === "none" || low === undefined || high === undefined ? undefined : [low, high];
}

/** "×3.2 lower", "×1.1 higher". */
function factorText(logRatio: number): string {
  if (factor(logRatio) === "1") return logRatio === 0 ? "equal" : "about equal";
  return `×${factor(logRatio)} ${logRatio < 0 ? "higher" : "lower"}`;
}

function rangeText([low, high]: readonly [number, number]): string {
  if (low < 0 !== high < 0) return ` (${factorText(low)} to ${factorText(high)})`;
  const [near, far] = low < 0 ? [high, low] : [low, high];
  return ` (×${factor(near)}–${factor(far)})`;
}

/** Rounded: an exponential's last bits are left to the machine. */
function factor(logRatio: number): string {
  return numberText(Number(Math.exp(Math.abs(logRatio)).toPrecision(6)));
}

function undefinedText(pairs: PairedEffect["undefinedPairs"]): string {
  const reasons = [
    { count: pairs.controlDiverged, reason: "control diverged" },
    { count: pairs.treatedDiverged, reason: "arm diverged" },
    { count: pairs.bothDiverged, reason: "both diverged" },
    { count: pairs.notPositive, reason: "cost not positive" },
  ].filter(({ count }) => count > 0);
  const [only, ...others] = reasons;
  if (only === undefined) return "";
  const total = countText(reasons.reduce((sum, { count }) => sum + count, 0));
  if (others.length === 0) return `undefined pairs ${total} (${only.reason})`;
  return `undefined pairs ${total} (${listText(reasons.map(({ count, reason }) => `${reason} in ${countText(count)}`))})`;
}
