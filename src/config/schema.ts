import { z } from "zod";
import { layerNamed, MAX_LAYERS, MIN_LAYERS } from "../model/layers/index.js";
import { namedNormalizer } from "../model/normalizers/index.js";
import { ARM_NAME, allDifferent, isFolderName, MAX_COLUMNS, MAX_SEEDS, NAME } from "./fits.js";
import { SHARE, TOLERANCE_TEXT } from "./gate-keys.js";
import { ARM_KEYS, expectation, type Key, type KeyName, keyNames, keyOf } from "./keys.js";

const SEED = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What one key's value may be: as `fits` has it. */
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
    case "layers":
      return z
        .array(z.string().refine((text) => layerNamed(text) !== undefined))
        .min(MIN_LAYERS)
        .max(MAX_LAYERS);
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

const toleranceSchema = z.union([z.string().regex(SHARE), z.number().min(0)]);

/** The section `check`. */
export const checkSchema = z.strictObject({
  maxIncrease: toleranceSchema.optional().meta({
    description: `how much worse a gated quantity may get (${TOLERANCE_TEXT}); default: 5%`,
  }),
  gates: z.record(z.string(), toleranceSchema.nullable()).optional().meta({
    description:
      "what is gated: ARM.train, ARM.inference, ARM.effect or ARM.gap, each with a tolerance of its own or none; default: both final costs of every arm with BN that trains",
  }),
  steps: z.enum(["gate", "note"]).optional().meta({
    description:
      "what it means when the code makes other steps than the baseline's from the same states, beyond rounding: gate (default), undecided until a person looks; note, it is only said",
  }),
  seeds: z
    .int()
    .min(1)
    .max(MAX_SEEDS)
    .optional()
    .meta({ description: "seeds that are compared; default: the experiment's own, or 20 where it has one" }),
  maxSeeds: z.int().min(1).max(MAX_SEEDS).optional().meta({
    description: "seeds that the baseline holds, for check --max-seeds; default: twice as many",
  }),
});

const armSchema = z
  .strictObject({
    ...Object.fromEntries(ARM_KEYS.map((name) => [name, described(name)])),
    against: z
      .string()
      .optional()
      .meta({ description: "the arm that this one's effect is measured against, or none; default: the first arm" }),
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
