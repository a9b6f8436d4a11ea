import { z } from "zod";
import { determining, identityOf } from "../experiment/identity.js";
import { ownEntry } from "../experiment/own-entry.js";
import type { Experiment } from "../experiment/prepare.js";
import { divergenceSchema, type ResolvedConfig, statisticSchema } from "../experiment/result.js";
import { excerpt } from "../text/excerpt.js";

/** Version of `baseline.json`'s layout. */
export const BASELINE_VERSION = 1;

const count = z.int().min(0);

const finalSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("trained"), final: z.object({ train: z.number(), inference: z.number() }) }),
  z.object({ status: z.literal("diverged"), divergence: divergenceSchema }),
]);

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
    anchors: z
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

/** A baseline in an experiment's folder; it names the file with its tensors. */
export const BASELINE_FILE = "baseline.json";

/**
 * The tensors' file has their hash in its name, so that old and new ones lie beside each other until the baseline that
 * names them is replaced: at every moment it finds its own. (Before, it was `baseline.safetensors`.)
 */
export const anchorFile = (sha256: string): string => `baseline-${sha256.slice(0, 16)}.safetensors`;
/** Any file that `anchorFile` names or named. */
export const ANCHOR_FILES = /^baseline(?:-[0-9a-f]{16})?\.safetensors$/;

/** The part of a configuration that must be the same for two runs to be compared. */
export function comparableConfig({ config }: Experiment): Record<string, unknown> {
  const { roundingProbe: _, ...rest } = determining(config as Partial<ResolvedConfig>);
  // As it reads from JSON: no key that holds undefined.
  return JSON.parse(JSON.stringify(rest));
}

export function configHash(config: Record<string, unknown>): string {
  const sorted = Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
  return identityOf(sorted);
}

/** The keys in which two configurations differ, each with both values; empty when they are the same. */
export function differingKeys(baseline: Record<string, unknown>, current: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(baseline), ...Object.keys(current)])].flatMap((key) => {
    const [before, now] = [ownEntry(baseline, key), ownEntry(current, key)].map((value) =>
      value === undefined ? "absent" : JSON.stringify(value),
    );
    return before === now ? [] : [`${excerpt(key)}: ${shortened(before)} in the baseline, now ${shortened(now)}`];
  });
}

function shortened(text = ""): string {
  return excerpt(text, 80);
}
