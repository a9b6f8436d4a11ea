import { z } from "zod";
import type { CompleteSettings } from "../config/keys.js";
import { t } from "../text/language.js";
import type { StatisticName } from "./statistics.js";

/** How far a measured number may be from the published one, as a share of it or in its unit. */
export type Tolerance = { readonly relative: number } | { readonly absolute: number };

/** Where a number comes from. */
export const ORIGINS = {
  source: "printed in the source",
  derived: "computed from the source's formula",
  simulated: "of an independent float64 simulation; the source gives no number for this net",
} as const;
export type Origin = keyof typeof ORIGINS;

/** A published result and how this tool measures it. */
export interface Claim {
  /** Its folder's name. */
  readonly name: string;
  /** In one sentence. */
  readonly claim: string;
  readonly source: string;
  readonly seeds: readonly number[];
  readonly numbers: readonly ClaimNumber[];
}

/** One number of a claim. */
export interface ClaimNumber {
  readonly name: string;
  /** What it is the number of. */
  readonly is: string;
  readonly published: number;
  readonly origin: Origin;
  readonly tolerance: Tolerance;
  /** What this tool printed when it last measured it. */
  readonly measured?: { readonly value: number; readonly low?: number | undefined; readonly high?: number | undefined };
  readonly statistic: StatisticName;
  /** Checked by the statistic's own schema. */
  readonly parameters: unknown;
  /** The whole configuration, as `bn-compare run` resolves it. */
  readonly settings: CompleteSettings;
}

/** Whether the measured number agrees with the published one; one that is not defined does not. */
export function agrees(published: number, tolerance: Tolerance, measured: number | undefined): boolean {
  const allowed = "relative" in tolerance ? tolerance.relative * Math.abs(published) : tolerance.absolute;
  // Decimal fractions such as 7.5 − 7 against 0.5 may miss by their last bit.
  return measured !== undefined && Math.abs(measured - published) <= allowed * (1 + 1e-12);
}

/** Both columns of the printed table hold names no longer than this. */
const NAME = z.string().regex(/^[^\s].{0,23}$/, t`a name of at most 24 characters`);

const tolerance = z.union(
  [z.strictObject({ relative: z.number().gt(0) }), z.strictObject({ absolute: z.number().gt(0) })],
  {
    error: t`either relative or absolute, a number above 0`,
  },
);
const group = z.record(z.string(), z.unknown());

/** Keys that stand at the top for every number, or with one number for it alone. */
const common = { statistic: z.string(), parameters: group, tolerance, config: group };
const perNumber = z.strictObject({
  ...z.object(common).partial().shape,
  is: z.string().min(1),
  published: z.number(),
  origin: z.enum(Object.keys(ORIGINS) as [Origin, ...Origin[]]),
  measured: z.strictObject({ value: z.number(), low: z.number().optional(), high: z.number().optional() }).optional(),
});

/** `claim.yaml` as written. `seeds` and what `config` holds are checked as in an experiment file. */
export const claimSchema = z.strictObject({
  claim: z.string().min(1),
  source: z.string().min(1),
  /** A file beside it, under what `config` holds; its seeds are the claim's unless it has its own. */
  experiment: z.string().min(1).optional(),
  seeds: z.unknown().optional(),
  ...z.object(common).partial().shape,
  numbers: z
    .record(NAME, perNumber)
    .refine((numbers) => Object.keys(numbers).length > 0, t`at least one number to compare with`),
});

export type WrittenClaim = z.infer<typeof claimSchema>;
