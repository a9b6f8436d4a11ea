/** What a layer's state means. */
export const VERDICTS = ["healthy", "saturated", "dead", "exploding", "vanishing", "constant"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The rules that a verdict comes from; `metrics/verdict-rules.ts` says when each holds, in the order they are asked. */
export const RULES = [
  "not-finite",
  "saturated-values",
  "growth",
  "output-scale",
  "silent-units",
  "constant-units",
  "small-values",
  "small-gradient",
] as const;
export type Rule = (typeof RULES)[number];
