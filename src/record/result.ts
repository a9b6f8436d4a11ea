import { z } from "zod";
import { armSchema, probeSchema, referenceCostsSchema, seedSchema } from "./arms.js";
import { configSchema } from "./config.js";
import { dataSchema } from "./data.js";
import { effectSchema } from "./effects.js";
import { pairingSchema } from "./pairing.js";
import { SCHEMA_VERSION } from "./schema-version.js";
import { warningSchema } from "./warnings.js";

export const resultSchema = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    config: configSchema,
    engine: z.object({
      name: z.string(),
      backend: z.string(),
      version: z.record(z.string(), z.string()).meta({ description: "Of bn-compare and the engine's libraries." }),
    }),
    pairing: pairingSchema,
    referenceCosts: referenceCostsSchema,
    data: dataSchema,
    arms: z.record(z.string(), armSchema).meta({ description: "Of the first seed, in full." }),
    seeds: z.array(seedSchema).min(1).meta({ description: "Every seed, the first one included." }),
    effects: z.record(z.string(), effectSchema).meta({ description: "Of each arm that has a control, against it." }),
    roundingProbe: probeSchema.optional(),
    warnings: z.array(warningSchema),
  })
  .meta({ title: "bn-compare result", description: "Everything a run found, without times or paths." });

/** What a run found: the content of `result.json`. */
export type Result = z.infer<typeof resultSchema>;
