import { z } from "zod";
import { experimentSchema } from "../config/schema.js";
import { baselineSchema } from "../record/baseline.js";
import { digestsSchema } from "../record/digests.js";
import { explanationSchema } from "../record/explanation.js";
import { resultSchema } from "../record/result.js";
import { sweepSchema } from "../record/sweep.js";
import { timingSchema } from "../record/timing.js";

/** The published JSON Schemas by file name, generated from the schemas that the code itself checks with. */
export function jsonSchemas(): Record<string, string> {
  const write = (schema: z.ZodType) => `${JSON.stringify(z.toJSONSchema(schema, { reused: "ref" }), null, 2)}\n`;
  return {
    "result.schema.json": write(resultSchema),
    "experiment.schema.json": write(experimentSchema),
    "baseline.schema.json": write(baselineSchema),
    "digests.schema.json": write(digestsSchema),
    "explanation.schema.json": write(explanationSchema),
    "sweep.schema.json": write(sweepSchema),
    "timing.schema.json": write(timingSchema),
  };
}
