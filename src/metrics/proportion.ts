import { normalQuantile } from "./normal.js";

/** A share of trials with its interval, all in [0, 1]. */
export interface Proportion {
  share: number;
  low: number;
  high: number;
}

/**
 * Wilson's score interval (Wilson 1927; recommended for few trials by Brown, Cai & DasGupta 2001, eq. 4), undefined without
 * a trial.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Proportion | undefined {
  if (!Number.isInteger(trials) || !Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(`${successes} of ${trials} is no count of successes among trials`);
  }
  const z = normalQuantile((1 + confidence) / 2);
  if (trials === 0) return undefined;
  const share = successes / trials;
  const weight = (z * z) / trials;
  const middle = (share + weight / 2) / (1 + weight);
  const reach = (z * Math.sqrt((share * (1 - share)) / trials + weight / (4 * trials))) / (1 + weight);
  // The ends of an unmixed count are 0 and 1 but for rounding.
  return {
    share,
    low: successes === 0 ? 0 : middle - reach,
    high: successes === trials ? 1 : middle + reach,
  };
}
