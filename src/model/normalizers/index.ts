import { batch } from "./batch.js";
import { dyt } from "./dyt.js";
import { group } from "./group.js";
import { layer } from "./layer.js";
import type { Normalizer } from "./normalizer.js";
import { renorm } from "./renorm.js";
import { rms } from "./rms.js";
import { weight } from "./weight.js";

/** Every normalizer by name, the standard first. */
export const normalizers = { batch, layer, group, rms, weight, renorm, dyt } as const satisfies Record<
  string,
  Normalizer
>;

export type NormalizerName = keyof typeof normalizers;

/** What an arm normalizes with; the standard is batch normalization. */
export function normalizerOf({ normalizer = "batch" }: { readonly normalizer?: NormalizerName }): Normalizer {
  return normalizers[normalizer];
}
