import type { LayerKind } from "./layer.js";
import type { Reshaping } from "./stages.js";

const named = (kind: Reshaping): LayerKind => ({
  form: kind,
  read: (words) => (words.length === 0 ? { kind } : undefined),
});

/** Maxima of 2 × 2 pixels, the mean over all of them, and every pixel's channels side by side. */
export const [max, mean, flatten] = [named("max"), named("mean"), named("flatten")] as const;
