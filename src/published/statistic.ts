import type { z } from "zod";
import type { KeyName } from "../config/keys.js";
import { type BootstrapInterval, bootstrapInterval } from "../metrics/bootstrap.js";
import { wilsonInterval } from "../metrics/proportion.js";
import { t } from "../text/language.js";
import type { Networks } from "./networks.js";

/** What a number over seeds is, in the published number's unit. */
export interface Measured {
  /** Absent where it is not defined; `reason` says why. */
  readonly value?: number;
  /** The interval over the seeds; absent of one seed. */
  readonly low?: number;
  readonly high?: number;
  /** How the interval is made: a 95 % one, or (`range`) the smallest and the largest of single seeds. */
  readonly method: BootstrapInterval["method"] | "Wilson" | "range";
  readonly reason?: string;
}

/** A way to get one number from a configuration and its seeds. `P` are its parameters, `V` what it keeps of one seed. */
export interface Statistic<P, V> {
  /** In one sentence. */
  readonly what: string;
  readonly parameters: z.ZodType<P>;
  /** The arms that these parameters name, the last hidden layer, and the one axis of a sweep. */
  readonly needs: (parameters: P) => {
    readonly arms: readonly string[];
    readonly layer?: number;
    readonly axis?: KeyName;
  };
  /** Of one seed: plain data, since it comes from a worker. */
  readonly measure: (networks: Networks, parameters: P) => V;
  readonly summarize: (values: readonly V[], parameters: P) => Measured;
}

/** The mean over seeds with its bootstrap interval, both carried over by `carry`, an increasing function. */
export function meanOverSeeds(values: readonly number[], carry = (mean: number) => mean): Measured {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) return { method: "none", reason: t`${values[wrong]} at seed number ${wrong + 1}` };
  const interval = bootstrapInterval(values);
  if (interval === undefined) return { method: "none", reason: t`no seeds` };
  const { estimate, low, high, method } = interval;
  if (low === undefined || high === undefined) return { value: carry(estimate), method };
  return { value: carry(estimate), low: carry(low), high: carry(high), method };
}

/** The share of seeds of which it is true, with Wilson's interval. */
export function shareOfSeeds(values: readonly boolean[]): Measured {
  const interval = wilsonInterval(values.filter(Boolean).length, values.length);
  if (interval === undefined) return { method: "none", reason: t`no seeds` };
  return { value: interval.share, low: interval.low, high: interval.high, method: "Wilson" };
}
