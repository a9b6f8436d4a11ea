import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { hasTwoModes } from "../report/normalizers.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { numberText, percentText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

/** One row an arm: status and costs at the start and the end, in both modes if an arm has two. */
export function costTableRows(result: Result): Rows {
  const modes = hasTwoModes(result) ? MODES : ONE_MODE;
  // Of the end, with a loss over classes.
  const accuracies = hasClasses(result) ? modes : [];
  const headings = (of: string, each: readonly Mode[]) => each.map(({ name }) => `${of}${name}`);
  return {
    head: [
      t`arm`,
      t`status`,
      ...headings(t`start`, modes),
      ...headings(t`end`, modes),
      ...headings(t`accuracy`, accuracies),
    ],
    rows: Object.entries(result.arms).map(([name, arm]) => {
      const first = arm.costs[0];
      const final = arm.status === "trained" ? arm.final : undefined;
      return [
        name,
        statusOf(arm),
        ...modes.map(({ mode }) => cell(first?.[mode])),
        ...modes.map(({ mode }) => cell(final?.[mode])),
        ...accuracies.map(({ mode }) => shareCell(final?.accuracy?.[mode])),
      ];
    }),
    left: 2,
  };
}

interface Mode {
  readonly mode: "train" | "inference";
  /** Behind "start" and "end". */
  readonly name: string;
}

const MODES: readonly Mode[] = [
  { mode: "inference", name: t`, inference` },
  { mode: "train", name: t`, training` },
];
/** Where both are the same. */
const ONE_MODE: readonly Mode[] = [{ mode: "train", name: "" }];

function hasClasses({ referenceCosts }: Result): boolean {
  return referenceCosts.chance !== undefined;
}

function shareCell(share: number | null | undefined): string {
  return share === undefined || share === null ? "–" : percentText(share);
}

function statusOf(arm: ArmResult): string {
  return arm.status === "trained" ? t`trained` : divergedText(arm.divergence.update);
}

function cell(value: Statistic | null | undefined): string {
  if (value === null) return t`– (no averages yet)`;
  return value === undefined ? "–" : numberText(value);
}

/** What the costs are to be read against, one line each. */
export function referenceLines({ referenceCosts }: Result): string[] {
  const { constant } = lossWords(referenceCosts);
  const { chance } = referenceCosts;
  const atChance = chance === undefined ? "" : t`, chance ${numberText(chance)}`;
  const lines = [t`${constant} costs ${numberText(referenceCosts.predictMean)}${atChance}`];
  if (referenceCosts.noiseFloor !== undefined && referenceCosts.realizedNoise !== undefined) {
    lines.unshift(
      t`noise floor ${numberText(referenceCosts.noiseFloor)} (realized on these points: ${numberText(referenceCosts.realizedNoise)})`,
    );
  }
  return lines;
}
