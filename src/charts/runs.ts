import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";
import { once } from "./once.js";
import { type ArmStyle, armStyles, COLORS } from "./theme.js";
import { activationText, listText } from "./wording.js";

/** A record under a name that no other record of the picture has. */
export interface LabeledRecord {
  readonly label: string;
  readonly result: Result;
}

/** What a chart draws: one record, or several to compare. */
export type Runs = readonly [LabeledRecord, ...LabeledRecord[]];

/** A single record, which needs no name; the same object each time, by which what was made of it is known. */
export const alone = once((result: Result): Runs => [{ label: "", result }]);

export function isSingle(runs: Runs): boolean {
  return runs.length === 1;
}

const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [8, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 3],
  [5, 2, 1, 2, 1, 2],
];

/** What tells runs apart in one chart: a color, with its ink for text; those of the same color differ in dash. */
export function runStyle(run: number): Pick<ArmStyle, "color" | "ink" | "dash"> {
  const count = COLORS.length;
  const { color = "", ink = "" } = COLORS[run % count] ?? {};
  return { color, ink, dash: DASHES[(run + Math.floor(run / count)) % count] ?? [] };
}

/** Every arm that some run has, in the order of the runs. */
export function armsOf(runs: readonly LabeledRecord[]): ArmStyle[] {
  const styles = armStyles([...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))]);
  return styles.map((style) => runs.reduce((named, { result }) => longNamed(named, result), style));
}

/** An arm that is called bn and has another normalizer is not batch-normalized. */
function longNamed(style: ArmStyle, { config, arms }: Result): ArmStyle {
  if (style.name !== "bn" || !Object.hasOwn(arms, style.name)) return style;
  const { normalize, normalizer = "batch" } = { ...config, ...config.arms[style.name] };
  return normalize !== "none" && normalizer === "batch" ? style : { ...style, longName: style.label };
}

/** An arm of a record's first seed. */
export type StyledArm = ArmStyle & { readonly arm: ArmResult };

export function styledArms(result: Result): StyledArm[] {
  return armStyles(Object.keys(result.arms)).flatMap((style) => {
    const arm = result.arms[style.name];
    return arm === undefined ? [] : [{ ...longNamed(style, result), arm }];
  });
}

/** Its title is no other arm's of the picture: its label, of several runs behind its run's. */
export type TitledArm = StyledArm & { readonly title: string; readonly result: Result };

export function titledArms(runs: Runs): TitledArm[] {
  return runs.flatMap(({ label: run, result }) =>
    styledArms(result).map((styled) => ({
      ...styled,
      result,
      title: isSingle(runs) ? styled.label : `${run}, ${styled.label}`,
    })),
  );
}

export function armResults(runs: Runs): ArmResult[] {
  return runs.flatMap(({ result }) => Object.values(result.arms));
}

/** "plain and batch-normalized", "7 arms". */
export function comparedText(runs: Runs): string {
  const names = armsOf(runs).map(({ longName }) => longName);
  return names.length > 4 ? t`${names.length} arms` : listText(names);
}

/** "diverged at update 7"; nothing of an arm that did not. */
export function endText(arm: ArmResult): string {
  return arm.status === "diverged" ? divergedText(arm.divergence.update) : "";
}

/** "Verdicts per layer — relu", "Verdicts per layer — 3 runs". */
export function titleOf(text: string, runs: Runs): string {
  return `${text} — ${isSingle(runs) ? activationText(runs[0].result) : t`${runs.length} runs`}`;
}
