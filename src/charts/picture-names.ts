/** Every picture that a run may have, in the order they are read in; some runs lack some. */
export const PICTURE_NAMES = [
  "data.svg",
  "costs.svg",
  "effect.svg",
  "histograms.svg",
  "activations.svg",
  "verdicts.svg",
  "gradients.svg",
  "gap.svg",
] as const;

export type PictureName = (typeof PICTURE_NAMES)[number];
