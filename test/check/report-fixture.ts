import type { CheckReport } from "../../src/check/check.js";

const difference = { mean: 10, low: 8, high: 12, spread: 1.5, rounding: 0.5, confidence: 0.95, values: 10 };
/** A check of which one of two gates has that outcome. */
export const reportFixture = (outcome: CheckReport["outcome"], name = "x"): CheckReport => ({
  experiment: name,
  folder: `experiments/${name}`,
  outcome,
  identical: false,
  seeds: 10,
  looks: [10],
  engine: { name: "fused", backend: "wasm-simd" },
  decisions: [
    { quantity: "plain.divergence", outcome: "pass", message: "no seed diverges", tolerance: "none" },
    {
      quantity: "bn.train",
      outcome,
      message: "the difference is beyond the tolerance",
      baseline: 80,
      current: 90,
      difference,
      limit: 4,
      tolerance: "5 %",
    },
  ],
  location: { update: 1, arm: "bn", layer: "layer 3", tensor: "layers.2.kernel" },
  cause: { kind: "code", text: "the code: it takes another step" },
  notes: ["the baseline is of another version"],
  costs: {
    baseline: {
      bn: [
        { update: 0, train: 1000, inference: null },
        { update: 250, train: 80, inference: 82 },
      ],
    },
    current: {
      bn: [
        { update: 0, train: 1000, inference: null },
        { update: 250, train: 90, inference: 92 },
      ],
    },
  },
});
