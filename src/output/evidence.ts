import { finalsOver } from "../experiment/effects.js";
import type { FinalsSummary } from "../metrics/effect.js";
import { limit } from "../outcome/limits.js";
import type { PairedEffect } from "../record/effects.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { hasTwoModes } from "../report/normalizers.js";
import { factorText } from "../text/findings.js";
import { t } from "../text/language.js";
import { numberText, percentRange } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

/** What the run's numbers are worth: seeds, effects, rounding. Each part is there where there is something to say. */

/** Final costs over the seeds: median and quartiles of those that did not diverge, which are counted beside them. */
export function seedRows(result: Result): Rows | undefined {
  const { arms, seeds } = result;
  if (seeds.length < 2) return undefined;
  const isTwo = hasTwoModes(result);
  const range = ({ quartiles }: FinalsSummary) =>
    quartiles === undefined ? ["–", "–"] : [numberText(quartiles.median), rangeText(quartiles.q25, quartiles.q75)];
  return {
    head: [
      t`arm`,
      t`diverged`,
      ...(isTwo
        ? [t`median end, inference`, "25–75 %", t`median end, training`, "25–75 %"]
        : [t`median end`, "25–75 %"]),
    ],
    rows: Object.keys(arms).map((arm) => {
      const [train, inference] = [finalsOver(seeds, arm, "train"), finalsOver(seeds, arm, "inference")];
      return [arm, t`${train.diverged} of ${seeds.length}`, ...range(inference), ...(isTwo ? range(train) : [])];
    }),
    left: 1,
  };
}

/** Each arm against its control, where that is more than two arms' one number. */
export function effectRows({ effects, seeds }: Result): Rows | undefined {
  const entries = Object.entries(effects);
  if (seeds.length < 2 && entries.length < 2) return undefined;
  return {
    head: [
      t`arm`,
      t`against`,
      t`ends lower in`,
      t`interval`,
      t`cost divided by`,
      t`in training`,
      t`undefined pairs`,
      t`pairing gain`,
    ],
    rows: entries.map(([arm, { against, train, inference }]) => [
      arm,
      against,
      inference.wins === undefined ? "–" : t`${inference.wins.treated} of ${inference.wins.of}`,
      inference.wins === undefined ? "–" : percentRange(inference.wins),
      meanText(inference),
      meanText(train),
      String(inference.pairs - inference.defined),
      inference.pairingGain.gain === undefined ? "–" : numberText(inference.pairingGain.gain),
    ]),
    left: 2,
  };
}

function meanText({ mean }: PairedEffect): string {
  return mean === undefined ? "–" : factorText(mean);
}

/** How the table of effects is to be read. */
export function effectNote({ seeds }: Result): string {
  const narrow = t`With as few as ${seeds.length} seeds the intervals are too narrow: in simulations those of 95 % cover the truth in 84 % of cases with 5 seeds, in 90 % with 10 and in 93 % with 20.`;
  return seeds.length > 1 && seeds.length < limit("enough-seeds") ? `${EFFECT_NOTE} ${narrow}` : EFFECT_NOTE;
}

const EFFECT_NOTE = t`All is in inference mode but the column “in training”. “Cost divided by” is the control's final cost over the arm's own: the geometric mean over the pairs that have both, with its 95 % bootstrap interval (BCa where it is defined). An arm that diverges counts as ending higher. “Pairing gain” is how many times more seeds the same precision would need without pairing: the variance of the difference of log costs as if unpaired, over that as paired; below 1, pairing made it less precise.`;

/** What arithmetic alone may change in the final costs, one line an arm, beside what the run found. */
export function roundingLines({ roundingProbe, arms }: Result): string[] {
  if (roundingProbe === undefined) return [];
  return Object.entries(roundingProbe.arms).map(([name, { diverged, finals }]) => {
    const costs = finals.flatMap(({ inference }) => (typeof inference === "number" ? [inference] : []));
    const arm = arms[name];
    const own = arm?.status === "trained" ? t`, where the run has ${numberText(arm.final.inference)}` : "";
    const spread =
      costs.length === 0 ? t`no final cost` : t`final cost ${rangeText(Math.min(...costs), Math.max(...costs))}`;
    const infinite = finals.length - costs.length;
    const lost = `${diverged === 0 ? "" : t`, ${diverged} diverged`}${infinite === 0 ? "" : t`, ${infinite} without a finite cost`}`;
    return t`rounding alone, ${name}: ${spread} over ${roundingProbe.repeats} repeats${lost}${own}`;
  });
}

function rangeText(low: number, high: number): string {
  return `${numberText(low)}–${numberText(high)}`;
}

/** The field's two conventions for the same average, of every decay that an arm has. */
export function momentumLine({ config, arms }: Result): string {
  const setting = (arm: string, key: "decay" | "normalize") => ownEntry(config.arms, arm)?.[key] ?? config[key];
  const averaging = Object.keys(arms).filter((arm) => setting(arm, "normalize") !== "none");
  const decays = (averaging.length > 0 ? averaging : Object.keys(arms)).map((arm) => Number(setting(arm, "decay")));
  const told = [...new Set(decays)].map((decay) => {
    const rest = Number((1 - decay).toPrecision(12));
    return t`decay ${decay} is momentum ${decay} in Keras and momentum ${rest} in PyTorch`;
  });
  return told.join("; ");
}
