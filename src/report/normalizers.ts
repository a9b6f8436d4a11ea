import { capitalized, listText, nameText } from "../charts/wording.js";
import { namedNormalizer, normalizerOf } from "../model/normalizers/index.js";
import { dependsOnBatch, type Normalizer } from "../model/normalizers/normalizer.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { settingOf } from "./net-state.js";

/** A normalizer by its name in a configuration; absent, batch normalization. */
export function normalizerNamed(name: unknown = "batch"): Normalizer {
  return normalizerOf(namedNormalizer(String(name)) ?? {});
}

/** What each arm normalizes with that normalizes at all. */
function normalizingArms(result: Result): { readonly name: string; readonly normalizer: Normalizer }[] {
  return Object.keys(result.arms)
    .filter((name) => settingOf(result, name, "normalize") !== "none")
    .map((name) => ({ name, normalizer: normalizerNamed(settingOf(result, name, "normalizer")) }));
}

/** What the arms normalize with, each once. */
export function normalizersOf(result: Result): Normalizer[] {
  return [...new Set(normalizingArms(result).map(({ normalizer }) => normalizer))];
}

/** Whether an arm has moving averages, and so a cost in each of two modes. */
export function hasTwoModes(result: Result): boolean {
  return normalizersOf(result).some(dependsOnBatch);
}

/** "Batch normalization compared", by what the arms normalize with. */
export function comparedText(result: Result): string {
  const [only, ...others] = normalizersOf(result);
  if (only === undefined) return t`Networks compared`;
  return others.length > 0 ? t`Normalizations compared` : t`${capitalized(only.label)} compared`;
}

/** Why training and prediction do not differ, where no arm has moving averages. */
export function noGapText(result: Result): string {
  const all = normalizersOf(result);
  if (all.length === 0)
    return t`There is no gap: a net without normalization computes the same in training and in prediction.`;
  if (all.some(dependsOnBatch))
    return t`No gap was recorded: before the first update there are no averages to compare.`;
  return t`There is no gap: ${causesText(all)}.`;
}

/** Why arms that normalize are in no picture of the gap that others have; undefined where all of them are. */
export function oneModeText(result: Result): string | undefined {
  const ofOneMode = normalizingArms(result).filter(({ normalizer }) => !dependsOnBatch(normalizer));
  if (ofOneMode.length === 0) return undefined;
  const names = listText(ofOneMode.map(({ name }) => nameText(name)));
  const causes = causesText([...new Set(ofOneMode.map(({ normalizer }) => normalizer))]);
  return ofOneMode.length === 1 ? t`${names} has no gap: ${causes}.` : t`${names} have no gap: ${causes}.`;
}

function causesText(all: readonly Normalizer[]): string {
  const causes = all.map((normalizer) => `${normalizer.label} ${sourceText(normalizer)}`);
  return t`${listText(causes)}, in training and in prediction alike, so there are no moving averages`;
}

function sourceText(normalizer: Normalizer): string {
  if (normalizer.acts === "kernels") return t`rescales the weights`;
  return normalizer.dependsOn === "sample" ? t`takes its statistics from each sample itself` : t`uses no statistics`;
}
