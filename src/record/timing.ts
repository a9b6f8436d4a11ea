import { z } from "zod";

export const timingSchema = z
  .object({
    node: z.string().meta({ description: "Node's version." }),
    milliseconds: z.record(z.string(), z.number().min(0)).meta({ description: "How long each phase took." }),
  })
  .meta({ title: "bn-compare timing", description: "How long a run took, which differs from run to run." });

/** The content of `timing.json`. */
export type Timing = z.infer<typeof timingSchema>;
