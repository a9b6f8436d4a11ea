import type { ArmResult } from "../record/arms.js";
import type { Gap } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { evidenceOf } from "../text/findings.js";
import { t } from "../text/language.js";
import { countedText, numberText } from "../text/numbers.js";
import { layerName, listedLayer, pointsWord, unitNoun, verdictWord } from "../text/places.js";
import type { Rows } from "../text/rows.js";

/** Hex digits of a hash that are shown. */
const SHOWN = 12;

/** What each arm received, by hash. */
export function certificateRows({ pairing, config }: Result): Rows {
  const points = pointsWord(config);
  const names = Object.keys(pairing.arms);
  return {
    head: [t`arm`, t`training ${points}`, t`evaluation ${points}`, t`batch`, t`random numbers`, t`initial tensors`],
    rows: Object.entries(pairing.arms).map(([arm, { training, evaluation, batchSize, tensors }]) => {
      const list = Object.values(tensors);
      const other = pairing.differences.filter((difference) => difference.arm === arm).length;
      return [
        arm,
        training.slice(0, SHOWN),
        evaluation.slice(0, SHOWN),
        String(batchSize),
        countedText(list.length, "tensor"),
        other === 0 ? (arm === names[0] ? t`as drawn` : t`the same as ${names[0]}'s`) : t`${other} differ by setting`,
      ];
    }),
    left: 6,
  };
}

/** The settings by which arms differ from the first one, and in how many tensors. */
export function differenceLines({ pairing }: Result): string[] {
  const counts = new Map<string, number>();
  for (const { arm, declared } of pairing.differences) {
    const settings = Object.entries(declared).map(([key, value]) => `${key} ${value}`);
    const line = `${arm}: ${settings.join(", ")}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, tensors]) => t`declared difference: ${line} (${countedText(tensors, "tensor")})`);
}

/** Every verdict but healthy, by arm and layer: when it held, and the number behind it at its last. */
export function verdictRows({ arms, config }: Result): Rows {
  const rows = Object.entries(arms).flatMap(([name, { checkpoints }]) => failuresOf(name, checkpoints, config));
  return { head: [t`arm`, t`layer`, t`verdict`, t`at updates`, t`in the last of them`], rows, left: 5 };
}

function failuresOf(arm: string, checkpoints: ArmResult["checkpoints"], config: Result["config"]): string[][] {
  const found = new Map<string, { row: string[]; updates: number[]; evidence: string }>();
  for (const { update, layers } of checkpoints) {
    for (const { layer, health } of layers) {
      if (health.verdict === "healthy") continue;
      const row = [arm, listedLayer(config, layer, layerName(layer, layers.length)), verdictWord(health.verdict)];
      const entry = found.get(row.join()) ?? { row, updates: [], evidence: "" };
      entry.updates.push(update);
      entry.evidence = evidenceOf(health, unitNoun(config, layer));
      found.set(row.join(), entry);
    }
  }
  return [...found.values()].map(({ row, updates, evidence }) => [...row, updates.join(", "), evidence]);
}

const PARTS = [t`start at 0`, t`lag`, t`noise`, t`rounding`] as const;

/** Each BN at its arm's last checkpoint: how far the moving averages are from the training set, and why. */
export function gapRows({ arms, config }: Result): Rows {
  const rows = Object.entries(arms).flatMap(([arm, { checkpoints }]) => {
    const last = checkpoints.at(-1);
    const gaps: [string, Gap | undefined][] = [
      [t`the input`, last?.inputNorm?.gap],
      ...(last?.layers ?? []).map(({ layer, gap }): [string, Gap | undefined] => [
        listedLayer(config, layer, t`layer ${layer + 1}`),
        gap,
      ]),
    ];
    return gaps.flatMap(([place, gap]) =>
      gap === undefined ? [] : [[arm, place, ...cells(gap.mean), ...cells(gap.variance)]],
    );
  });
  return {
    head: [t`arm`, t`BN of`, t`mean gap`, ...PARTS, t`variance gap`, ...PARTS],
    rows,
    left: 2,
  };
}

function cells({ total, initializationBias, lag, noise, rounding }: Gap["mean"]): string[] {
  return [total, initializationBias, lag, noise, rounding].map((part) =>
    Number(part) < NEGLIGIBLE && part !== 0 ? "≈ 0" : numberText(part),
  );
}

/** Below this share of a standard deviation, nothing is worth a digit. */
const NEGLIGIBLE = 1e-6;

/** What the gap's numbers are. */
export const GAP_NOTE = t`Gap: moving average minus the whole training set's statistic, root mean square over the features; means in standard deviations, variances as shares.`;
