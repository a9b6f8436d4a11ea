import { naturalLogarithm } from "../data/logarithm.js";
import { type BootstrapInterval, type BootstrapOptions, bootstrapInterval, mean } from "./bootstrap.js";
import { wilsonInterval } from "./proportion.js";
import { type Quartiles, quartiles } from "./quantiles.js";

/** What an arm costs in the end; one that diverged has no such cost, nor has one whose cost is not finite. */
export type FinalCost = number | "diverged";

/** Two arms from one seed. */
export interface CostPair {
  seed: number;
  control: FinalCost;
  treated: FinalCost;
}

/** What the treatment does to the final cost, over seeds. */
export interface PairedEffect {
  /** Number of seeds. */
  pairs: number;
  /** Pairs whose costs are both finite and positive; logarithms exist of these alone, so all about them leaves out the rest. */
  defined: number;
  /** The other pairs, each counted once. */
  undefinedPairs: UndefinedPairs;
  /** log(control / treated) of every defined pair, in the pairs' order: positive where the treated arm costs less. */
  logRatios: SeedLogRatio[];
  /** Of the log ratios. */
  quartiles?: Quartiles;
  /** Mean of the log ratios; its exponential is the factor by which the treatment lowers the cost (a geometric mean). */
  meanLogRatio?: BootstrapInterval;
  /** Why there are neither quartiles nor a mean. */
  reason?: string;
  wins: Wins;
  pairingGain: PairingGain;
}

export interface UndefinedPairs {
  /** The control arm alone. */
  controlDiverged: number;
  /** The treated arm alone. */
  treatedDiverged: number;
  bothDiverged: number;
  /** Neither arm diverged, but a cost is 0 or negative. */
  notPositive: number;
}

export interface SeedLogRatio {
  seed: number;
  /** Natural logarithm. */
  logRatio: number;
}

/** Which arm ends lower, over all pairs: to diverge is to lose to an arm that does not. */
export interface Wins {
  treated: number;
  control: number;
  /** Equal costs, or both diverged. */
  ties: number;
  /** Number of pairs: treated + control + ties. */
  of: number;
  /** treated / of, so a tie is no win, with its Wilson interval. */
  share?: number;
  low?: number;
  high?: number;
  /** Why there is no share. */
  reason?: string;
}

/**
 * What it gains to compare arms of the same seed, on the defined pairs: as many times more seeds would be needed for the
 * same precision without pairing. Variances of natural logarithms, divided by n − 1.
 */
export interface PairingGain {
  /** Of log control plus that of log treated. */
  unpairedVariance?: number;
  /** Of the log ratio. */
  pairedVariance?: number;
  /** unpairedVariance / pairedVariance. */
  gain?: number;
  /** Why something is absent. */
  reason?: string;
}

/** Final costs of one arm over seeds. */
export interface FinalsSummary {
  seeds: number;
  /** Counted, never averaged. */
  diverged: number;
  /** Of the arms that did not diverge. */
  quartiles?: Quartiles;
  /** Why there are no quartiles. */
  reason?: string;
}

/** A gain needs as many: two points have a correlation of ±1 whatever they are. */
const FEWEST_FOR_GAIN = 3;

/** Differences of logarithms below this share of them are rounding: a few times 2⁻⁵². */
const ROUNDING = 1e-15;

/** The paired effect over seeds; `options` are those of the interval of the mean. */
export function pairedEffect(
  pairs: readonly CostPair[],
  options: Readonly<Omit<BootstrapOptions, "statistic">> = {},
): PairedEffect {
  if (new Set(pairs.map(({ seed }) => seed)).size < pairs.length) throw new RangeError("A seed occurs in two pairs");
  const undefinedPairs: UndefinedPairs = { controlDiverged: 0, treatedDiverged: 0, bothDiverged: 0, notPositive: 0 };
  const logs: { seed: number; control: number; treated: number }[] = [];
  for (const { seed, control, treated } of pairs) {
    if (hasDiverged(control)) undefinedPairs[hasDiverged(treated) ? "bothDiverged" : "controlDiverged"] += 1;
    else if (hasDiverged(treated)) undefinedPairs.treatedDiverged += 1;
    else if (control <= 0 || treated <= 0) undefinedPairs.notPositive += 1;
    else logs.push({ seed, control: logarithm(control), treated: logarithm(treated) });
  }

  const logRatios = logs.map(({ seed, control, treated }) => ({ seed, logRatio: control - treated }));
  const ratios = logRatios.map(({ logRatio }) => logRatio);
  const ofRatios = quartiles(ratios);
  const meanLogRatio = bootstrapInterval(ratios, { stream: "bootstrap/log-ratio", ...options });
  return {
    pairs: pairs.length,
    defined: logs.length,
    undefinedPairs,
    logRatios,
    ...(ofRatios === undefined || meanLogRatio === undefined
      ? { reason: pairs.length === 0 ? "no pairs" : "no pair has two positive costs" }
      : { quartiles: ofRatios, meanLogRatio }),
    wins: winsOf(pairs, options.confidence),
    pairingGain: pairingGainOf(logs, ratios),
  };
}

/** One arm's final costs over seeds, for tables. */
export function summarizeFinals(values: readonly FinalCost[]): FinalsSummary {
  const costs = values.filter((value) => !hasDiverged(value));
  const ofCosts = quartiles(costs);
  return {
    seeds: values.length,
    diverged: values.length - costs.length,
    ...(ofCosts === undefined
      ? { reason: values.length === 0 ? "no seeds" : "every seed diverged" }
      : { quartiles: ofCosts }),
  };
}

function hasDiverged(cost: FinalCost): cost is "diverged" {
  return !Number.isFinite(cost);
}

/** 2⁵⁴ lifts what is below float64's normal numbers, 2⁻¹⁰²², into them. */
const [SMALLEST_NORMAL, LIFT, LOG_LIFT] = [2.2250738585072014e-308, 18014398509481984, 54 * Math.LN2];

function logarithm(cost: number): number {
  return cost < SMALLEST_NORMAL ? naturalLogarithm(cost * LIFT) - LOG_LIFT : naturalLogarithm(cost);
}

function winsOf(pairs: readonly CostPair[], confidence?: number): Wins {
  let [treatedWins, controlWins] = [0, 0];
  for (const { control, treated } of pairs) {
    const [left, right] = [control, treated].map((cost) => (hasDiverged(cost) ? Number.POSITIVE_INFINITY : cost));
    if ((right as number) < (left as number)) treatedWins += 1;
    else if ((left as number) < (right as number)) controlWins += 1;
  }
  return {
    treated: treatedWins,
    control: controlWins,
    ties: pairs.length - treatedWins - controlWins,
    of: pairs.length,
    ...(wilsonInterval(treatedWins, pairs.length, confidence) ?? { reason: "no pairs" }),
  };
}

function pairingGainOf(logs: readonly { control: number; treated: number }[], ratios: readonly number[]): PairingGain {
  if (logs.length < FEWEST_FOR_GAIN) {
    return { reason: `fewer than ${FEWEST_FOR_GAIN} pairs have two positive costs` };
  }
  const [control, treated] = [logs.map((pair) => pair.control), logs.map((pair) => pair.treated)];
  const unpairedVariance = variance(control) + variance(treated);
  const pairedVariance = variance(ratios);
  const rounding = ROUNDING * Math.max(1, ...[...control, ...treated].map(Math.abs));
  return pairedVariance <= rounding * rounding
    ? { unpairedVariance, pairedVariance: 0, reason: "the log ratio is the same for every seed" }
    : { unpairedVariance, pairedVariance, gain: unpairedVariance / pairedVariance };
}

/** Unbiased. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  // Not `** 2`: the last bit of a power is left to the machine.
  return values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0) / (values.length - 1);
}
