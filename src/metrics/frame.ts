import type { Observation } from "../engines/engine.js";
import { type ActivationName, steepRegion } from "../model/activations.js";
import type { FrameLayer } from "../record/frames.js";
import { BIN_COUNT, type Bins } from "./bins.js";
import { countsOf, shareOutside } from "./distribution.js";

/** Bins of a checkpoint's histogram that one bin of a frame holds. */
const BINS_TOGETHER = 2;

/** Bins of a frame's histogram. */
export const FRAME_BINS = BIN_COUNT / BINS_TOGETHER;

/** A frame's fit has at most this many points. */
const FIT_POINTS = 64;

/** Reduces an observation to what a moving picture of the layers shows. */
export function frameLayersOf({ layers }: Observation, bins: Bins, activation: ActivationName): FrameLayer[] {
  const region = steepRegion(activation);
  return layers.map(({ preActivation }, layer) => {
    const edges = bins.preActivation(layer).filter((_, edge) => edge % BINS_TOGETHER === 0);
    return {
      ...countsOf(preActivation, edges),
      ...(region === undefined || layer === layers.length - 1
        ? {}
        : { flatShare: shareOutside(preActivation, region) }),
    };
  });
}

/** The places that a frame's fit has of `points`: the first, and every so many after it. */
export function framePlaces(points: number): number[] {
  const step = Math.ceil(points / FIT_POINTS);
  return Array.from({ length: Math.ceil(points / step) }, (_, place) => place * step);
}
