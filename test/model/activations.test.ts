import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Activation, type ActivationName, activations } from "../../src/model/activations.js";

const all = Object.entries(activations) as [ActivationName, Activation][];

/** Where the function itself or its derivative jumps; a difference over such a point is no derivative. */
const CORNER = 0;

function* denseLine(): Generator<number> {
  for (let i = -60_000; i <= 60_000; i++) yield i / 2000 + 1 / 7919;
}

test("there are these activations", () => {
  expect(Object.keys(activations)).toEqual([
    "relu",
    "leaky-relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "tanh",
    "sigmoid",
    "identity",
  ]);
});

describe.each(all)("%s", (_name, { value, derivative, range: [low, high], formula }) => {
  test("has the derivative that central differences show", () => {
    const h = 1e-5;
    for (let z = -12; z < 12; z += 0.0137) {
      if (Math.abs(z - CORNER) < 2 * h) continue;
      const difference = (value(z + h) - value(z - h)) / (2 * h);
      expect(Math.abs(derivative(z) - difference), `at ${z}`).toBeLessThan(1e-9);
    }
  });

  test("stays in its range", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e100, max: 1e100 }), (z) => value(z) >= low && value(z) <= high),
    );
    for (const z of denseLine()) {
      if (value(z) < low || value(z) > high) throw new Error(`f(${z}) = ${value(z)}`);
    }
  });

  test("comes near both ends of its range", () => {
    const values = Array.from(denseLine(), value);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    if (low === -Infinity) expect(least).toBeLessThan(-5);
    else expect(least - low).toBeLessThan(1e-5);
    if (high === Infinity) expect(most).toBeGreaterThan(25);
    else expect(high - most).toBeLessThan(1e-5);
  });

  test("lets NaN through, and turns no large number into NaN", () => {
    expect(value(Number.NaN)).toBeNaN();
    for (const z of [1e30, -1e30, 1e100, -1e100, 800, -800]) {
      expect(value(z), `f(${z})`).not.toBeNaN();
      expect(derivative(z), `f′(${z})`).not.toBeNaN();
    }
  });

  test("has a formula to print", () => {
    expect(formula).not.toBe("");
  });
});

describe("known values", () => {
  test.each<[ActivationName, number, number]>([
    ["relu", -3, 0],
    ["relu", 3, 3],
    ["leaky-relu", -3, -0.6],
    ["elu", -1, Math.exp(-1) - 1],
    ["elu", 2, 2],
    ["selu", 1, 1.0507009873554805],
    ["selu", -1, 1.0507009873554805 * 1.6732632423543772 * (Math.exp(-1) - 1)],
    // The exact gelu(1) is 0.841345; this is the tanh form.
    ["gelu", 1, 0.8411919906082768],
    ["gelu", -2, -0.04540230591222494],
    ["silu", 1, 1 / (1 + Math.exp(-1))],
    ["silu", -2, -2 / (1 + Math.exp(2))],
    ["softplus", 0, Math.LN2],
    ["softplus", 100, 100],
    ["tanh", 0.5, 0.4621171572600097],
    ["sigmoid", 0, 0.5],
    ["sigmoid", -2, 1 / (1 + Math.exp(2))],
    ["identity", -7.5, -7.5],
  ])("%s(%d) = %d", (name, z, expected) => {
    expect(activations[name].value(z)).toBeCloseTo(expected, 14);
  });

  test.each<[ActivationName, number]>([
    ["relu", 0],
    ["leaky-relu", 0.2],
    ["elu", 1],
    ["selu", 1.0507009873554805 * 1.6732632423543772],
  ])("in its corner, %s takes the slope %d, as TensorFlow does", (name, slope) => {
    expect(activations[name].derivative(0)).toBe(slope);
  });

  test("softplus keeps its small values where exp(z) is less than a rounding of 1", () => {
    expect(activations.softplus.value(-40) / Math.exp(-40)).toBeCloseTo(1, 12);
  });
});
