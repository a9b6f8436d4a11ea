import { expect, test } from "vitest";
import { activations } from "../../src/model/activations.js";
import { loadClaim } from "../../src/published/claim-files.js";
import * as theory from "./theory.js";

/** The published number as it stands in the claim's file. */
function published(claim: string, number: string): number {
  return loadClaim(claim).numbers.find(({ name }) => name === number)?.published as number;
}

/** Rounded to as many decimals as the published number has. */
const toDigits = (value: number, like: number) => Number(value.toFixed(String(like).split(".")[1]?.length ?? 0));

const q = theory.tanhFixedPoint(30);

test.each([
  ["gradient-growth-relu", "batch of 16", theory.reluGradientGrowth(16)],
  ["gradient-growth-relu", "batch of 64", theory.reluGradientGrowth(64)],
  ["inputs-kept-apart", "bn, layer 10", theory.kappa1(theory.normalizedCosine(32))],
  ["inputs-kept-apart", "plain, layer 1", theory.plainCosine(1)],
  ["inputs-kept-apart", "plain, layer 2", theory.plainCosine(2)],
  ["inputs-kept-apart", "plain, layer 5", theory.plainCosine(5)],
  ["inputs-kept-apart", "plain, layer 10", theory.plainCosine(10)],
  ["second-moment-growth", "geometric mean", theory.typicalGrowth(30)],
  ["second-moment-growth", "arithmetic mean", 30 / 2],
  ["tanh-saturation", "q*", q],
  ["tanh-saturation", "saturated", theory.saturated(q, 0.99)],
  ["born-dead", "n = 2, L = 10", theory.bornDead(2, 10)],
  ["born-dead", "n = 4, L = 20", theory.bornDead(4, 20)],
])("%s, %s: the published number is the formula's", (claim, number, value) => {
  const stated = published(claim, number);
  expect(toDigits(value, stated)).toBe(stated);
});

test("for large batches relu's squared gradient norm grows by π/(π − 1) a layer", () => {
  expect(theory.reluGradientGrowth(1e7)).toBeCloseTo(Math.PI / (Math.PI - 1), 5);
  expect(Math.PI / (Math.PI - 1)).toBeCloseTo(1.467, 3);
  expect(Math.sqrt(Math.PI / (Math.PI - 1))).toBeCloseTo(1.211, 3);
});

test("the fixed point drawn at random agrees with relu's closed form, and with what is published for tanh", () => {
  // 60 000 draws of 16 values leave a standard error of 0.1 %.
  const drawn = (name: "relu" | "tanh") => theory.drawnGradientGrowth(activations[name], 16, 60_000);
  expect(drawn("relu") / theory.reluGradientGrowth(16)).toBeCloseTo(1, 2);
  expect(drawn("tanh") / published("gradient-growth-tanh", "batch of 16")).toBeCloseTo(1, 2);
});
