import { z } from "zod";
import { divergenceSchema } from "./arms.js";
import { count, statisticSchema } from "./values.js";

/** Version of `baseline.json`'s layout. */
export const BASELINE_VERSION = 2;

const finalSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("trained"),
    final: z.object({ train: z.number(), inference: z.number(), recalibrated: statisticSchema.optional() }),
  }),
  z.object({ status: z.literal("diverged"), divergence: divergenceSchema }),
]);

/** A baseline of version 1 holds the same under another name: its recorded states were called anchors. */
export function currentBaseline(value: unknown): unknown {
  const isFirst =
    typeof value === "object" && value !== null && "baselineVersion" in value && value.baselineVersion === 1;
  if (!isFirst || !("anchors" in value)) return value;
  const { anchors, ...others } = value;
  return { ...others, baselineVersion: BASELINE_VERSION, recordedStates: anchors };
}

/** What a baseline holds of a run. */
export const baselineSchema = z
  .object({
    baselineVersion: z.literal(BASELINE_VERSION),
    configHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: "SHA-256 of config." }),
    config: z.record(z.string(), z.unknown()).meta({ description: "The resolved configuration without the engine." }),
    engine: z.object({
      name: z.string(),
      backend: z.string(),
      reproducible: z.enum(["everywhere", "here", "no"]),
      version: z.record(z.string(), z.string()),
    }),
    environment: z.object({ node: z.string(), platform: z.string(), arch: z.string() }),
    seeds: z
      .array(z.object({ seed: count, arms: z.record(z.string(), finalSchema) }))
      .min(1)
      .meta({ description: "Final costs in both modes, and expected divergences; the experiment's seeds first." }),
    costs: z
      .record(
        z.string(),
        z.array(z.object({ update: count, train: z.number(), inference: statisticSchema.nullable() })),
      )
      .meta({ description: "Curves of the first seed." }),
    digests: z
      .record(
        z.string(),
        z.object({
          tensors: z.array(z.string()),
          updates: z.array(z.tuple([count, z.string().regex(/^(?:[0-9a-f]{8})*$/)])),
        }),
      )
      .meta({
        description: "Of the first seed: after each update, eight hex digits for each tensor of the arm's state.",
      }),
    recordedStates: z
      .object({
        file: z.string(),
        sha256: z.string(),
        costs: z.record(z.string(), z.object({ train: z.number(), inference: z.number().nullable() })),
      })
      .meta({
        description:
          "The first seed's states at its checkpoints (ARM@UPDATE/TENSOR) and one update later (ARM@UPDATE+1/TENSOR) in a safetensors file, and the costs at those checkpoints.",
      }),
  })
  .meta({ title: "bn-compare baseline", description: "What bn-compare check compares a run with." });

export type Baseline = z.infer<typeof baselineSchema>;
