import type { Distribution, Health, Layer, Statistic } from "../../src/experiment/result.js";

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
}

export function layer(
  index: number,
  preActivation: Distribution,
  layerInput: Distribution,
  { verdict = "healthy", gradient = 1, gap }: LayerState = {},
): Layer {
  const { variance } = preActivation;
  return {
    layer: index,
    preActivation,
    layerInput,
    gradientNorms: { kernel: gradient, preActivation: gradient },
    health: { verdict, units: 30, secondMoment: variance, constantUnits: verdict === "constant" ? 30 : 0 },
    ...(gap === undefined ? {} : { gap }),
  };
}
