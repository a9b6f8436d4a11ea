import { z } from "zod";
import { namedNormalizer } from "../model/normalizers/index.js";
import { ARM_KEYS, expectation, type Key, type KeyName, keyNames, keyOf } from "./keys.js";

/** Letters of any script, each with its marks; never what directs text or breaks a line. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u;
/** The longest name of a file is 255 bytes nearly everywhere, and a run folder's name is longer than this. */
const MOST_BYTES = 180;
/** Names of devices on Windows, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Names that are safe as a folder's name on every system. */
const isFolderName = (name: string) =>
  Buffer.byteLength(name) <= MOST_BYTES && !RESERVED.test(name) && !name.endsWith(".");

/**
 * Names of arms: keys of result.json and words of every table. No whole numbers, which objects put before all other keys:
 * another arm would be the first.
 */
export const ARM_NAME = /^(?!\d+$)[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+-]{0,39}$/u;
/** More than these no picture can tell apart. */
export const MAX_ARMS = 40;
const MAX_SEEDS = 10_000;
const SEED = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** As many as the generated inputs may have. */
const MAX_COLUMNS = 4096;
const allDifferent = (items: readonly unknown[]) => new Set(items).size === items.length;

/** The check of one key's value, the same for files and (after conversion from text) for flags. */
export function valueSchema(key: Key): z.ZodType {
  switch (key.type) {
    case "choice":
      return z.enum(key.choices as readonly [string, ...string[]]);
    case "integer":
      return z.int().min(key.min).max(key.max);
    case "number": {
      // An infinite bound would be no number in the JSON Schema.
      const number = key.min === undefined ? z.number() : z.number().min(key.min);
      return key.below === undefined ? number : number.lt(key.below);
    }
    case "batch":
      return z.union([z.int().min(1), z.literal("full")]);
    case "normalizer":
      // The pattern is for the JSON Schema; which of them have groups, the refinement knows.
      return z
        .string()
        .regex(/^[a-z]+( [1-9][0-9]{0,3})?$/)
        .refine((text) => namedNormalizer(text) !== undefined);
    case "seeds":
      return z.union([z.int().min(1).max(MAX_SEEDS), z.array(SEED).min(1).max(MAX_SEEDS).refine(allDifferent)]);
    case "switch":
      return z.boolean();
    case "path":
      return z.string().min(1);
    case "column":
      return z.string().min(1);
    case "columns":
      return z.array(z.string().min(1)).min(1).max(MAX_COLUMNS).refine(allDifferent);
    case "text":
      return z.string().regex(NAME).refine(isFolderName);
  }
}

const described = (name: KeyName) => {
  const key = keyOf(name);
  return valueSchema(key)
    .optional()
    .meta({ description: `${key.help} (${expectation(key)})` });
};

const TOLERANCE_TEXT = 'a share such as "5%", or a number ≥ 0 in the unit of the cost';
const toleranceSchema = z.union([z.string().regex(/^\s*\d+(?:\.\d+)?\s*%\s*$/), z.number().min(0)], {
  error: `a tolerance is ${TOLERANCE_TEXT}`,
});

/** The section `check`. */
export const checkSchema = z.strictObject({
  maxIncrease: toleranceSchema.optional().meta({
    description: `how much worse a gated quantity may get (${TOLERANCE_TEXT}); default: 5%`,
  }),
  gates: z
    .record(z.string(), toleranceSchema.nullable(), {
      error: "gates is a list of quantities, each with a tolerance or none",
    })
    .optional()
    .meta({
      description:
        "what is gated: ARM.train, ARM.inference, ARM.effect or ARM.gap, each with a tolerance of its own or none; default: both final costs of every arm with BN that trains",
    }),
  steps: z.enum(["gate", "note"], { error: "steps is one of gate, note" }).optional().meta({
    description:
      "what it means when the code makes other steps than the baseline's from the same states, beyond rounding: gate (default), undecided until a person looks; note, it is only said",
  }),
  seeds: z
    .int({ error: `seeds is a whole number from 1 to ${MAX_SEEDS}` })
    .min(1)
    .max(MAX_SEEDS)
    .optional()
    .meta({ description: "seeds that are compared; default: the experiment's own, or 20 where it has one" }),
  maxSeeds: z
    .int({ error: `maxSeeds is a whole number from 1 to ${MAX_SEEDS}` })
    .min(1)
    .max(MAX_SEEDS)
    .optional()
    .meta({
      description: "seeds that the baseline holds, for check --max-seeds; default: twice as many",
    }),
});

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
    sweep: z
      .record(z.string(), z.union([z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))]))
      .optional()
      .meta({
        description:
          "what bn-compare sweep varies: keys, each with a list of values or a range (10..50 by 10, log 1e-6..1 by half-decades)",
      }),
    check: checkSchema.optional().meta({ description: "what bn-compare check gates, and how strictly" }),
  })
  .meta({
    title: "bn-compare experiment",
    description: "experiment.yaml: every key but arms is also a flag of bn-compare run.",
  });
