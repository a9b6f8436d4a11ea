import { rangeOf } from "../data/dataset.js";
import type { Points } from "../data/points.js";
import { type ActivationName, activations } from "../model/activations.js";
import { lossOf } from "../model/losses/index.js";
import { type NetworkSpec, norms } from "../model/network.js";

export const BIN_COUNT = 64;

/** What lies outside is counted at the edge: hidden values beyond it are saturated or exploding anyway. */
const LIMIT = 8;

/** How far the input's BN may scale it before its values leave the bins. */
const GAMMA_ROOM = 2;

/** Bin edges of one arm's distributions; nothing in them hangs on what the arm does while it trains. */
export interface Bins {
  readonly preActivation: (layer: number) => readonly number[];
  readonly layerInput: (layer: number) => readonly number[];
}

/**
 * Hidden pre-activations on [−8, 8]; hidden layers' inputs on the activation's own range cut to that; the output
 * layer's pre-activation, which is the prediction, on the range of the targets (of classes on [−8, 8]); the network's input on its own range, in
 * a bn arm on twice its normalized range.
 */
export function binsFor(spec: NetworkSpec, training: Points): Bins {
  const hidden = evenEdges(-LIMIT, LIMIT);
  // A BN behind the activation gives the next layer its own scale.
  const { where = "all", position = "before" } = spec.normalization ?? {};
  const renormalized = norms(spec).length > 0 && where !== "input" && position === "after";
  const activated = renormalized ? hidden : activationEdges(spec.activation);
  const target = rangeOf(training.y);
  const output = lossOf(spec).classes ? hidden : evenEdges(target.min, target.max);
  const input = inputEdges(spec, training);
  const last = spec.sizes.length - 2;
  return {
    preActivation: (layer) => (layer === last ? output : hidden),
    layerInput: (layer) => (layer === 0 ? input : activated),
  };
}

function activationEdges(name: ActivationName): number[] {
  const [low, high] = activations[name].range;
  return evenEdges(Math.max(low, -LIMIT), Math.min(high, LIMIT));
}

/** Of all input columns together; for a bn arm, after normalizing each with its own moments. */
function inputEdges(spec: NetworkSpec, { x, inputs, samples }: Points): number[] {
  const { normalization } = spec;
  const normalized = normalization !== undefined && norms(spec).some(({ index }) => index === 0);
  const transform = normalization?.transform ?? "standardize";
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // A channel's pixels are normalized together.
  const channels = spec.images === undefined ? inputs : (spec.sizes[0] ?? 1);
  for (let channel = 0; channel < channels; channel++) {
    const values = Float64Array.from(
      { length: (samples * inputs) / channels },
      (_, i) => x[i * channels + channel] as number,
    );
    const { min, max } = rangeOf(values);
    let [shift, scale] = [0, 1];
    if (normalized) {
      if (transform !== "scale") shift = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - shift) * (value - shift), 0) / values.length;
      const deviation = Math.sqrt(squares + normalization.epsilon);
      if (transform !== "center") scale = deviation > 0 ? 1 / deviation : 0;
    }
    low = Math.min(low, (min - shift) * scale);
    high = Math.max(high, (max - shift) * scale);
  }
  if (!normalized) return evenEdges(low, high);
  // Training moves the input's gamma and beta; bins are fixed before it starts, so they leave them room.
  const reach = GAMMA_ROOM * Math.max(Math.abs(low), Math.abs(high));
  return evenEdges(-reach, reach);
}

/** Narrower than this share of its numbers' size, a range has no room for bins that float64 can tell apart. */
const NARROWEST = 1e-9;

/** `BIN_COUNT` bins of equal width; a range without a width is widened to one, or to what its size needs. */
export function evenEdges(low: number, high: number): number[] {
  const half = NARROWEST * Math.max(Math.abs(low), Math.abs(high));
  const middle = low + (high - low) / 2;
  const [from, to] =
    high > low && high - low >= half ? [low, high] : [middle - Math.max(0.5, half), middle + Math.max(0.5, half)];
  return Array.from({ length: BIN_COUNT + 1 }, (_, i) => (i === BIN_COUNT ? to : from + ((to - from) * i) / BIN_COUNT));
}
