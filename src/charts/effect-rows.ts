import type { PairedEffect, Result } from "../experiment/result.js";
import { armStyles } from "./theme.js";
import { countText, listText, numberText } from "./wording.js";

/** One arm's effect on the final cost, in one mode or in both. */
export interface EffectLane {
  readonly mode: string;
  /** Natural logarithms of control over arm: positive where the arm ends lower. */
  readonly logRatios: readonly number[];
  readonly mean?: number;
  /** Absent where it cannot be told. */
  readonly interval?: readonly [low: number, high: number];
  /** "×3.2 lower (×2.1–4.8)". */
  readonly factor: string;
  readonly wins: string;
  /** "undefined pairs 3 (control diverged)", or nothing. */
  readonly undefinedPairs: string;
}

export interface EffectRow {
  readonly label: string;
  readonly color: string;
  readonly against: string;
  readonly lanes: readonly EffectLane[];
}

/** A row for every arm that has a control. */
export function effectRows(result: Result): EffectRow[] {
  const styles = armStyles(Object.keys(result.arms));
  const styleOf = (name: string) => styles.find((style) => style.name === name);
  return Object.entries(result.effects).flatMap(([name, { against, train, inference }]) => {
    const style = styleOf(name);
    if (style === undefined) return [];
    const isSame = JSON.stringify(train) === JSON.stringify(inference);
    const lanes = isSame
      ? [lane("both modes", train)]
      : [lane("batch statistics", train), lane("moving averages", inference)];
    return [{ label: style.label, color: style.color, against: styleOf(against)?.label ?? "", lanes }];
  });
}

function lane(mode: string, effect: PairedEffect): EffectLane {
  const { logRatios, mean, wins } = effect;
  const interval = mean === undefined ? undefined : intervalOf(mean);
  return {
    mode,
    logRatios: logRatios.map(({ logRatio }) => logRatio),
    ...(mean === undefined ? {} : { mean: mean.estimate }),
    ...(interval === undefined ? {} : { interval }),
    factor: mean === undefined ? "" : factorText(mean.estimate) + (interval === undefined ? "" : rangeText(interval)),
    wins:
      wins === undefined || wins.of < 2
        ? ""
        : `wins ${countText(wins.treated)} of ${countText(wins.of)} (${percent(wins.low)}–${percent(wins.high)}\u00a0%)`,
    undefinedPairs: undefinedText(effect.undefinedPairs),
  };
}

function intervalOf({ low, high, method }: NonNullable<PairedEffect["mean"]>): [number, number] | undefined {
  return method === "none" || low === undefined || high === undefined ? undefined : [low, high];
}

function percent(share: number): number {
  return Math.round(share * 100);
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
