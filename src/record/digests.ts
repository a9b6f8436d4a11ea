import { z } from "zod";
import { SHORT_DIGEST } from "./names.js";

/** A short digest of an arm's state after each update, to find where two runs start to differ. */
const armDigestsSchema = z
  .object({
    /** The state's tensors in order. */
    tensors: z.array(z.string().regex(/^(?:optimizer\.[a-z]{1,20}\.)?(?:layers|norms)\.\d{1,4}\.[a-z_]{1,20}$/)),
    /** `[update, digests]`: eight hex digits for each tensor, concatenated. */
    updates: z.array(z.tuple([z.int().min(0), z.string().regex(/^[0-9a-f]*$/)])),
  })
  .refine(({ tensors, updates }) => updates.every(([, digests]) => digests.length === SHORT_DIGEST * tensors.length), {
    error: "an update has not one digest for each tensor",
  });

/** Arms by name: the content of `digests.json`. */
export const digestsSchema = z.record(z.string(), armDigestsSchema);

export type ArmDigests = z.infer<typeof armDigestsSchema>;
export type RunDigests = z.infer<typeof digestsSchema>;
