import { namedNormalizer, normalizerOf, normalizers } from "../model/normalizers/index.js";
import { dependsOnBatch, type Normalizer } from "../model/normalizers/normalizer.js";
import { optimizerOf } from "../model/optimizers/index.js";
import type { KeyName, Settings } from "./keys.js";

/** Keys that only some normalizers read; `decay` and `epsilon` may always be shared. */
export const NORMALIZER_KEYS = [
  "transform",
  "affine",
  "position",
  "ghostBatchSize",
  "debias",
  "renormMax",
  "renormShift",
  "frozenFrom",
  "axes",
] as const satisfies readonly KeyName[];

/** Keys that only some optimizers read. */
export const OPTIMIZER_KEYS = ["momentum", "beta1", "beta2"] as const satisfies readonly KeyName[];

type Chosen = Pick<Settings, "normalize" | "normalizer" | "optimizer">;

/** The normalizer of an arm with these settings. */
export function normalizerIn({ normalizer = "batch" }: Chosen): Normalizer {
  return normalizerOf(namedNormalizer(normalizer) ?? {});
}

/** Whether an arm with these settings reads a key of its normalizer. */
export function readsNormalizerKey(chosen: Chosen, key: (typeof NORMALIZER_KEYS)[number]): boolean {
  return chosen.normalize !== "none" && normalizerIn(chosen).options.includes(key);
}

/** Whether an arm with these settings reads a key of its optimizer. */
export function readsOptimizerKey({ optimizer = "sgd" }: Chosen, key: (typeof OPTIMIZER_KEYS)[number]): boolean {
  return optimizerOf({ optimizer }).options.includes(key);
}

/** Whether an arm with these settings may normalize the network's input. */
export function mayNormalizeInput(chosen: Chosen): boolean {
  return dependsOnBatch(normalizerIn(chosen));
}

/** The normalizers that may normalize the network's input. */
export const INPUT_NORMALIZERS: readonly string[] = Object.entries<Normalizer>(normalizers).flatMap(
  ([name, normalizer]) => (dependsOnBatch(normalizer) ? [name] : []),
);
