import { capitalized, listText } from "../charts/wording.js";
import { namedNormalizer, normalizerOf } from "../model/normalizers/index.js";
import type { Normalizer } from "../model/normalizers/normalizer.js";
import type { Result } from "../record/result.js";
import { settingOf } from "./net-state.js";

/** A normalizer by its name in a configuration; absent, batch normalization. */
export function normalizerNamed(name: unknown = "batch"): Normalizer {
  return normalizerOf(namedNormalizer(String(name)) ?? {});
}

/** What the arms normalize with, each once. */
function normalizersOf(result: Result): Normalizer[] {
  const normalizing = Object.keys(result.arms).filter((name) => settingOf(result, name, "normalize") !== "none");
  return [...new Set(normalizing.map((name) => normalizerNamed(settingOf(result, name, "normalizer"))))];
}

/** "Batch normalization compared", by what the arms normalize with. */
export function comparedText(result: Result): string {
  const [only, ...others] = normalizersOf(result);
  if (only === undefined) return "Networks compared";
  return others.length > 0 ? "Normalizations compared" : `${capitalized(only.label)} compared`;
}

/** Why training and prediction do not differ, where no arm has moving averages. */
export function noGapText(result: Result): string {
  const all = normalizersOf(result);
  if (all.length === 0)
    return "There is no gap: a net without normalization computes the same in training and in prediction.";
  if (all.some((normalizer) => normalizer.acts === "activations" && normalizer.dependsOn === "batch"))
    return "No gap was recorded: before the first update there are no averages to compare.";
  const causes = all.map((normalizer) => `${normalizer.label} ${sourceText(normalizer)}`);
  return `There is no gap: ${listText(causes)}, in training and in prediction alike, so there are no moving averages.`;
}

function sourceText(normalizer: Normalizer): string {
  if (normalizer.acts === "kernels") return "rescales the weights";
  return normalizer.dependsOn === "sample" ? "takes its statistics from each sample itself" : "uses no statistics";
}
