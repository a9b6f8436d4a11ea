import { batch } from "./batch.js";
import { dyt } from "./dyt.js";
import { group } from "./group.js";
import { instance } from "./instance.js";
import { layer } from "./layer.js";
import type { Normalizer } from "./normalizer.js";
import { renorm } from "./renorm.js";
import { rms } from "./rms.js";
import { weight } from "./weight.js";

/** Every normalizer by name, the default first. */
export const normalizers = { batch, layer, group, rms, weight, renorm, dyt, instance } as const satisfies Record<
  string,
  Normalizer
>;

export type NormalizerName = keyof typeof normalizers;

/** A normalizer as written in a setting: its name; `group` with its number of groups: `group 6`. */
export interface NamedNormalizer {
  readonly normalizer: NormalizerName;
  readonly groups?: number;
}

/** Parses `layer` or `group 6`; undefined if it is neither a normalizer nor one with groups and their number. */
export function namedNormalizer(text: string): NamedNormalizer | undefined {
  const [, name = "", groups] = /^([a-z]+)(?: ([1-9]\d{0,3}))?$/.exec(text) ?? [];
  if (!isNormalizer(name)) return undefined;
  const hasGroups = normalizers[name].options.includes("groups");
  if ((groups !== undefined) !== hasGroups) return undefined;
  return { normalizer: name, ...(groups === undefined ? {} : { groups: Number(groups) }) };
}

function isNormalizer(name: string): name is NormalizerName {
  return Object.hasOwn(normalizers, name);
}

/** The forms that name a normalizer, for messages and the JSON Schema; `group N` if it has groups. */
export const NORMALIZER_FORMS: readonly string[] = Object.entries<Normalizer>(normalizers).map(([name, { options }]) =>
  options.includes("groups") ? `${name} N` : name,
);

/** What an arm normalizes with; the default is batch normalization. */
export function normalizerOf({ normalizer = "batch" }: { readonly normalizer?: NormalizerName }): Normalizer {
  return normalizers[normalizer];
}
