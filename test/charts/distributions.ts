import type { Distribution, Health, Layer } from "../../src/record/layers.js";
import type { Statistic } from "../../src/record/values.js";
import type { Verdict } from "../../src/record/verdicts.js";

const VALUES = 15_000;

/** Counts of a bell over 64 bins, out of `VALUES`; the tails beyond the range are underflow and overflow. */
export function bell(mean: number, spread: number, low = -8, high = 8): Distribution {
  const edges = Array.from({ length: 65 }, (_, index) => low + ((high - low) * index) / 64);
  // The logistic distribution: its cumulative share needs nothing but exp.
  const below = (x: number) => Math.round(VALUES / (1 + Math.exp(-(x - mean) / (spread * 0.55))));
  const counts = edges.slice(1).map((edge, bin) => below(edge) - below(edges[bin] ?? low));
  const underflow = below(low);
  const moments = { mean, variance: spread ** 2, min: mean - 5 * spread, max: mean + 5 * spread };
  return { edges, counts, underflow, overflow: VALUES - below(high), nonFinite: 0, ...moments };
}

/** All values in one bin. */
export function spike(bin: number, low = -8, high = 8): Distribution {
  const empty = bell(0, 1, low, high);
  return { ...empty, counts: empty.counts.map((_, index) => (index === bin ? VALUES : 0)), underflow: 0, overflow: 0 };
}

/** `share` of the values NaN or infinite, the others beyond the range. */
export function exploded(share: number, low = -8, high = 8): Distribution {
  const nonFinite = Math.round(VALUES * share);
  const underflow = Math.round((VALUES - nonFinite) / 3);
  const moments = { mean: "NaN", variance: "NaN", min: "-Infinity", max: "Infinity" } as const;
  const counts = bell(0, 1).counts.map(() => 0);
  return {
    ...bell(0, 1, low, high),
    counts,
    underflow,
    overflow: VALUES - nonFinite - underflow,
    nonFinite,
    ...moments,
  };
}

export interface LayerState {
  readonly verdict?: Health["verdict"];
  /** The gradient's norm by the pre-activation. */
  readonly gradient?: Statistic;
  readonly gap?: Layer["gap"];
  /** Of the values, where the activation is flat. */
  readonly flat?: number;
}

export function layer(
  index: number,
  preActivation: Distribution,
  layerInput: Distribution,
  { verdict = "healthy", gradient = 1, gap, flat }: LayerState = {},
): Layer {
  const { variance } = preActivation;
  return {
    layer: index,
    preActivation,
    layerInput,
    gradientNorms: { kernel: gradient, preActivation: gradient },
    health: { ...healthOf(verdict, variance), ...(flat === undefined ? {} : { flatShare: flat }) },
    ...(gap === undefined ? {} : { gap }),
  };
}

/** A health that carries the number which its verdict's rule uses. */
function healthOf(verdict: Verdict, secondMoment: Statistic): Health {
  const units = 30;
  const measured = { units, secondMoment, constantUnits: verdict === "constant" ? units : 0 };
  switch (verdict) {
    case "healthy":
      return { verdict, ...measured };
    case "saturated":
      return {
        verdict,
        evidence: { rule: "saturated-values", value: 0.6, limit: 0.5 },
        ...measured,
        saturatedShare: 0.6,
      };
    case "dead":
      return { verdict, evidence: { rule: "silent-units", value: 0.7, limit: 0.5 }, ...measured, silentUnits: 21 };
    case "constant":
      return { verdict, evidence: { rule: "constant-units", value: 1, limit: 0.5 }, ...measured };
    case "vanishing":
      return { verdict, evidence: { rule: "small-gradient", value: 5e-4, limit: 1e-3 }, ...measured };
    case "exploding":
      return typeof secondMoment === "string"
        ? { verdict, evidence: { rule: "not-finite", value: secondMoment }, ...measured }
        : { verdict, evidence: { rule: "growth", value: secondMoment, limit: 100 }, ...measured };
  }
}
