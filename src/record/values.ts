import { z } from "zod";

/** A whole number ≥ 0. */
export const count = z.int().min(0);

/** A SHA-256 in hexadecimal. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Bytes, two hexadecimal digits each. */
export const HEX_BYTES = /^(?:[0-9a-f]{2})*$/;

/** A number, or the name of one that JSON cannot write. */
export const statisticSchema = z
  .union([z.number(), z.literal(["Infinity", "-Infinity", "NaN"])])
  .meta({ description: "A number; one that overflowed or is undefined is named by a string." });
export type Statistic = z.infer<typeof statisticSchema>;
