import type { PairedEffect } from "../../record/effects.js";
import type { Result } from "../../record/result.js";
import { meanText, timesText } from "../../text/effect-words.js";
import { t } from "../../text/language.js";
import { countText, percentRange } from "../../text/numbers.js";
import { MODE_NAMES, type Mode } from "../costs/series.js";
import { isSingle, type Runs } from "../runs.js";
import { shortened } from "../text-metrics.js";
import { armStyles, LABEL_SIZE } from "../theme.js";
import { listText } from "../wording.js";

/** The widest name of an arm beside the plot, px. */
const NAME_LIMIT = 210;

/** One arm's effect on the final cost, in one mode or in both. */
export interface EffectLane {
  /** Made from the row's arm and mode, and of several runs its run. */
  readonly key: string;
  /** The arm and its control. */
  readonly name: string;
  readonly mode: string;
  /** Beside the plot. */
  readonly names: readonly string[];
  /** The factor with its interval, wins, and pairs without a ratio. */
  readonly text: readonly string[];
  /** All that the axis must hold. */
  readonly ratios: readonly number[];
}

export function effectLanes(runs: Runs): EffectLane[] {
  return runs.flatMap(({ label, result }) => lanesOf(result, isSingle(runs) ? "" : `${label}, `));
}

function lanesOf(record: Result, prefix: string): EffectLane[] {
  const labels = new Map(armStyles(Object.keys(record.arms)).map(({ name, label }) => [name, label]));
  return Object.entries(record.effects).flatMap(([name, { against: control, ...effects }]) => {
    const arm = labels.get(name);
    if (arm === undefined) return [];
    const against = labels.get(control) ?? "";
    const isSame = JSON.stringify(effects.train) === JSON.stringify(effects.inference);
    const modes: readonly Mode[] = isSame ? ["inference"] : ["inference", "train"];
    return modes.map((mode) => {
      const modeName = isSame ? t`both modes` : MODE_NAMES[mode];
      const names = [`${prefix}${arm}`, t`against ${against}, ${modeName}`];
      return {
        key: `${prefix}${arm} · ${mode}`,
        name: t`${prefix}${arm} against ${against}`,
        mode: modeName,
        names: names.map((line) => shortened(line, NAME_LIMIT, LABEL_SIZE)),
        text: numbersOf(effects[mode]),
        ratios: ratiosOf(effects[mode]),
      };
    });
  });
}

function ratiosOf({ logRatios, mean }: PairedEffect): number[] {
  const ends = mean?.method === "none" ? [] : [mean?.low ?? [], mean?.high ?? []].flat();
  return [...logRatios.map(({ logRatio }) => logRatio), ...ends].map((log) => Math.exp(log));
}

function numbersOf({ mean, wins, pairs, undefinedPairs }: PairedEffect): string[] {
  const hasInterval = mean !== undefined && mean.method !== "none";
  const factor = hasInterval ? meanText(mean) : mean === undefined ? "" : timesText(mean.estimate);
  const won =
    wins === undefined || wins.of < 2
      ? ""
      : t`wins ${countText(wins.treated)} of ${countText(wins.of)} (${percentRange(wins)})`;
  const first = [factor, won].filter((text) => text !== "").join(", ");
  return [first, withoutText(pairs, undefinedPairs)].filter((text) => text !== "");
}

/** The pairs without a factor, and why: "control diverged in 3 of 10". */
function withoutText(of: number, pairs: PairedEffect["undefinedPairs"]): string {
  const reasons = [
    { count: pairs.controlDiverged, reason: t`control diverged` },
    { count: pairs.treatedDiverged, reason: t`arm diverged` },
    { count: pairs.bothDiverged, reason: t`both diverged` },
    { count: pairs.notPositive, reason: t`cost not positive` },
  ].filter(({ count }) => count > 0);
  if (reasons.length === 0) return "";
  return t`${listText(reasons.map(({ count, reason }) => t`${reason} in ${countText(count)}`))} of ${countText(of)}`;
}
