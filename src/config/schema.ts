import { z } from "zod";
import { ARM_KEYS, expectation, type Key, type KeyName, keyNames, keyOf } from "./keys.js";

/** Names that are safe as a folder's name on every system. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Names of arms: keys of result.json and words of every table. */
export const ARM_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}$/;
/** More than these no picture can tell apart. */
export const MAX_ARMS = 40;
const MAX_SEEDS = 10_000;
const SEED = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const allDifferent = (seeds: readonly number[]) => new Set(seeds).size === seeds.length;

/** The check of one key's value, the same for files and (after conversion from text) for flags. */
export function valueSchema(key: Key): z.ZodType {
  switch (key.type) {
    case "choice":
      return z.enum(key.choices as readonly [string, ...string[]]);
    case "integer":
      return z.int().min(key.min).max(key.max);
    case "number":
      return z
        .number()
        .min(key.min ?? Number.NEGATIVE_INFINITY)
        .lt(key.below ?? Number.POSITIVE_INFINITY);
    case "batch":
      return z.union([z.int().min(1), z.literal("full")]);
    case "seeds":
      return z.union([z.int().min(1).max(MAX_SEEDS), z.array(SEED).min(1).max(MAX_SEEDS).refine(allDifferent)]);
    case "switch":
      return z.boolean();
    case "path":
      return z.string().min(1);
    case "text":
      return z.string().regex(NAME);
  }
}

const described = (name: KeyName) => {
  const key = keyOf(name);
  return valueSchema(key)
    .optional()
    .meta({ description: `${key.help} (${expectation(key)})` });
};

const armSchema = z
  .strictObject({
    ...Object.fromEntries(ARM_KEYS.map((name) => [name, described(name)])),
    against: z
      .string()
      .optional()
      .meta({ description: "the arm that this one's effect is measured against; default: the first arm" }),
  })
  .nullable();

/** An experiment file. */
export const experimentSchema = z
  .strictObject({
    ...Object.fromEntries(keyNames.map((name) => [name, described(name)])),
    arms: z
      .record(z.string().regex(ARM_NAME), armSchema)
      .optional()
      .meta({ description: "the arms by name, each with the keys it sets for itself; default: plain and bn" }),
  })
  .meta({
    title: "bn-compare experiment",
    description: "experiment.yaml: every key but arms is also a flag of bn-compare run.",
  });
