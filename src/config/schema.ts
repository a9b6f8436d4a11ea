import { z } from "zod";
import { expectation, type Key, type KeyName, keyNames, keyOf } from "./keys.js";

/** Names that are safe as a folder's name on every system. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The check of one key's value, the same for files and (after conversion from text) for flags. */
export function valueSchema(key: Key): z.ZodType {
  switch (key.type) {
    case "choice":
      return z.enum(key.choices as readonly [string, ...string[]]);
    case "integer":
      return z.int().min(key.min).max(key.max);
    case "number":
      return key.below === undefined ? z.number().min(key.min) : z.number().min(key.min).lt(key.below);
    case "batch":
      return z.union([z.int().min(1), z.literal("full")]);
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

/** An experiment file. */
export const experimentSchema = z
  .strictObject(Object.fromEntries(keyNames.map((name) => [name, described(name)])))
  .meta({
    title: "bn-compare experiment",
    description: "experiment.yaml: every key is also a flag of bn-compare run.",
  });
