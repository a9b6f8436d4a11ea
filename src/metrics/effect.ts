import { naturalLogarithm } from "../data/logarithm.js";
import type { PairedEffect, Quartiles } from "../record/effects.js";
import { type BootstrapOptions, bootstrapInterval, mean } from "./bootstrap.js";
import { wilsonInterval } from "./proportion.js";
import { quartiles } from "./quantiles.js";

/** What an arm costs in the end; one that diverged has no such cost, nor has one whose cost is not finite. */
export type FinalCost = number | "diverged";

/** Two arms from one seed. */
export interface CostPair {
  seed: number;
  control: FinalCost;
  treated: FinalCost;
}

/** Final costs of one arm over seeds. */
export interface FinalsSummary {
  seeds: number;
  /** Counted, never averaged. */
  diverged: number;
  /** Of the arms that did not diverge; absent where there is none. */
  quartiles?: Quartiles;
}

/** Of every interval over seeds. */
export const CONFIDENCE = 0.95;

/** A gain needs at least this many: two points always have a correlation of ±1. */
const FEWEST_FOR_GAIN = 3;

/** Differences of logarithms below this share of them are rounding: a few times 2⁻⁵². */
const ROUNDING = 1e-15;

/** The paired effect over seeds; `options` are those of the interval of the mean. */
export function pairedEffect(
  pairs: readonly CostPair[],
  { confidence = CONFIDENCE, ...options }: Readonly<Omit<BootstrapOptions, "statistic">> = {},
): PairedEffect {
  if (new Set(pairs.map(({ seed }) => seed)).size < pairs.length) throw new RangeError("A seed occurs in two pairs");
  const undefinedPairs: PairedEffect["undefinedPairs"] = {
    controlDiverged: 0,
    treatedDiverged: 0,
    bothDiverged: 0,
    notPositive: 0,
  };
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
  const interval = bootstrapInterval(ratios, { stream: "bootstrap/log-ratio", confidence, ...options });
  const wins = winsOf(pairs, confidence);
  return {
    pairs: pairs.length,
    defined: logs.length,
    undefinedPairs,
    logRatios,
    ...(ofRatios === undefined || interval === undefined
      ? {}
      : { quartiles: ofRatios, mean: { confidence, ...interval } }),
    ...(wins === undefined ? {} : { wins }),
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
    ...(ofCosts === undefined ? {} : { quartiles: ofCosts }),
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

/** Which arm ends lower, over all pairs: to diverge is to lose to an arm that does not. Undefined without a pair. */
function winsOf(pairs: readonly CostPair[], confidence: number): PairedEffect["wins"] {
  let [treatedWins, controlWins] = [0, 0];
  for (const { control, treated } of pairs) {
    const [left, right] = [control, treated].map((cost) => (hasDiverged(cost) ? Number.POSITIVE_INFINITY : cost));
    if ((right as number) < (left as number)) treatedWins += 1;
    else if ((left as number) < (right as number)) controlWins += 1;
  }
  const won = wilsonInterval(treatedWins, pairs.length, confidence);
  if (won === undefined) return undefined;
  const ties = pairs.length - treatedWins - controlWins;
  return { treated: treatedWins, control: controlWins, ties, of: pairs.length, ...won };
}

function pairingGainOf(
  logs: readonly { control: number; treated: number }[],
  ratios: readonly number[],
): PairedEffect["pairingGain"] {
  if (logs.length < FEWEST_FOR_GAIN) return { reason: "few-pairs" };
  const [control, treated] = [logs.map((pair) => pair.control), logs.map((pair) => pair.treated)];
  const unpairedVariance = variance(control) + variance(treated);
  const pairedVariance = variance(ratios);
  const rounding = ROUNDING * Math.max(1, ...[...control, ...treated].map(Math.abs));
  return pairedVariance <= rounding * rounding
    ? { unpairedVariance, pairedVariance: 0, reason: "equal-ratios" }
    : { unpairedVariance, pairedVariance, gain: unpairedVariance / pairedVariance };
}

/** Unbiased. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  // Not `** 2`: the last bit of a power is left to the machine.
  return values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0) / (values.length - 1);
}
