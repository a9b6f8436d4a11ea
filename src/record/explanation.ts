import { z } from "zod";
import { count, statisticSchema } from "./values.js";

const EXPLANATION_VERSION = 1;

/** Why a cause was not measured. */
export const UNMEASURED = ["needs-probe", "diverged", "not-recorded", "no-comparison"] as const;
export type Unmeasured = (typeof UNMEASURED)[number];

const final = statisticSchema.optional().meta({
  description: "Final cost in inference mode of the first seed; absent of an arm that diverged.",
});

const causeSchema = z.object({
  code: z.string().meta({ description: "docs/cli.md says when each holds." }),
  status: z.enum(["holds", "does not hold", "not measured"]),
  value: statisticSchema.optional().meta({
    description: "What the rule judged; absent if it was not measured, or the arm has nothing to measure.",
  }),
  limit: z.number().optional().meta({ description: "What the value was compared with." }),
  reason: z.enum(UNMEASURED).optional().meta({ description: "Why it was not measured." }),
});

const rateSchema = z.object({
  learningRate: z.number(),
  inference: final,
});
export type ProbedRate = z.infer<typeof rateSchema>;

export const explanationSchema = z
  .object({
    explanationVersion: z.literal(EXPLANATION_VERSION),
    seed: count.meta({ description: "The first seed, which a run records in full." }),
    pairs: z.array(
      z.object({
        arm: z.string().meta({ description: "An arm that normalizes." }),
        against: z.string().meta({ description: "Its control." }),
        final: z.object({ arm: final, against: final }),
        causes: z
          .array(causeSchema)
          .meta({ description: "The causes that hold come first, the most likely one at the top." }),
      }),
    ),
    probe: z
      .record(z.string(), z.array(rateSchema))
      .optional()
      .meta({ description: "With --probe: each arm at its own rate and at four around it." }),
  })
  .meta({
    title: "bn-compare explanation",
    description: "Which causes of “BN gave no improvement” hold in a run: what explain --json prints.",
  });

/** What `explain` found. */
export type Explanation = z.infer<typeof explanationSchema>;
