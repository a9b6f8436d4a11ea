import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nudged, spreadOf } from "../../src/experiment/rounding-probe.js";
import { initialWeights } from "../../src/model/initializers.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import type { SeedArm } from "../../src/record/arms.js";

/** A float32's place among all float32 numbers, ascending; both zeros have the same one. */
function place(value: number): number {
  const word = new Int32Array(Float32Array.of(value).buffer)[0] as number;
  return word >= 0 ? word : -(word & 0x7fffffff);
}

const kernelOf = (...values: number[]): TensorMap =>
  new Map([["layers.0.kernel", { shape: [1, values.length], data: Float32Array.from(values) }]]);

describe("nudged weights", () => {
  const weights = initialWeights([3, 20, 20, 1], { init: "normal", initStd: 1, bias: 0.1, biasStd: 1 }, 1);

  test("have every kernel entry moved to its neighbor among float32 numbers, up or down, and every bias as it was", () => {
    const moved = nudged(weights, 1, 1);
    expect([...moved.keys()]).toEqual([...weights.keys()]);
    let [up, down] = [0, 0];
    for (const [name, { shape, data }] of weights) {
      const after = valuesOf(moved, name);
      expect(moved.get(name)?.shape).toEqual(shape);
      if (name.endsWith(".bias")) expect(after).toEqual(data);
      else {
        data.forEach((value, i) => {
          const step = place(after[i] as number) - place(value);
          expect(Math.abs(step)).toBe(1);
          if (step > 0) up += 1;
          else down += 1;
        });
      }
    }
    // Of 480 coin tosses, five standard deviations.
    expect(up + down).toBe(480);
    expect(Math.abs(up - down)).toBeLessThan(5 * Math.sqrt(480));
  });

  test("are neighbors of any float32 number, zeros and the smallest ones too", () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true, max: 2 ** 120, min: -(2 ** 120) });
    fc.assert(
      fc.property(fc.array(float, { minLength: 1, maxLength: 20 }), fc.nat(), (values, seed) => {
        const moved = valuesOf(nudged(kernelOf(...values), seed, 1), "layers.0.kernel");
        for (const [i, value] of values.entries()) {
          expect(Math.abs(place(moved[i] as number) - place(value))).toBe(1);
        }
      }),
    );
    const smallest = 2 ** -149;
    for (let repeat = 1; repeat <= 20; repeat++) {
      const [zero, negativeZero, tiny] = [...valuesOf(nudged(kernelOf(0, -0, smallest), 1, repeat), "layers.0.kernel")];
      expect(Math.abs(zero as number)).toBe(smallest);
      expect(Math.abs(negativeZero as number)).toBe(smallest);
      expect([0, 2 * smallest]).toContain(tiny);
    }
  });

  test("are the same for the same seed and repeat, and others for another of either", () => {
    const kernel = (seed: number, repeat: number) => valuesOf(nudged(weights, seed, repeat), "layers.1.kernel");
    expect(kernel(1, 2)).toEqual(kernel(1, 2));
    expect(kernel(1, 2)).not.toEqual(kernel(1, 3));
    expect(kernel(1, 2)).not.toEqual(kernel(2, 2));
  });

  test("leave the weights they are made of alone", () => {
    const before = structuredClone([...weights]);
    nudged(weights, 1, 1);
    expect([...weights]).toEqual(before);
  });
});

describe("the spread over the repeats", () => {
  const costs = (...trains: number[]) =>
    trains.map((train, i) => ({ update: 5 * i, train, inference: i === 0 ? null : 10 * train }));
  const trained = (...trains: number[]): SeedArm => {
    const train = trains.at(-1) as number;
    return { status: "trained", costs: costs(...trains), final: { train, inference: 10 * train } };
  };
  const diverged = (...trains: number[]): SeedArm => ({
    status: "diverged",
    costs: costs(...trains),
    divergence: { update: 7, layer: 0, tensor: "cost", pass: "forward" },
  });

  test("is smallest, median and largest cost at each update in each mode, and lists the final costs", () => {
    expect(spreadOf({ bn: [trained(4, 1), trained(2, 8), trained(3, 3)] })).toEqual({
      bn: {
        diverged: 0,
        costs: [
          { update: 0, train: { low: 2, median: 3, high: 4 } },
          { update: 5, train: { low: 1, median: 3, high: 8 }, inference: { low: 10, median: 30, high: 80 } },
        ],
        finals: [
          { train: 1, inference: 10 },
          { train: 8, inference: 80 },
          { train: 3, inference: 30 },
        ],
      },
    });
  });

  test("has a repeat that diverged for as long as it lasted, and counts it", () => {
    const { plain } = spreadOf({ plain: [diverged(9), trained(1, 2, 3), diverged(5, 6)] });
    expect(plain).toEqual({
      diverged: 2,
      costs: [
        { update: 0, train: { low: 1, median: 5, high: 9 } },
        { update: 5, train: { low: 2, median: 4, high: 6 }, inference: { low: 20, median: 40, high: 60 } },
        { update: 10, train: { low: 3, median: 3, high: 3 }, inference: { low: 30, median: 30, high: 30 } },
      ],
      finals: [{ train: 3, inference: 30 }],
    });
  });

  test("of repeats that diverged at once is empty", () => {
    expect(spreadOf({ plain: [diverged(), diverged()] })).toEqual({ plain: { diverged: 2, costs: [], finals: [] } });
  });

  test("leaves out an inference cost that is not finite, and names it among the final ones", () => {
    const overflowed: SeedArm = {
      status: "trained",
      costs: [{ update: 0, train: 1, inference: "Infinity" }],
      final: { train: 1, inference: "Infinity" },
    };
    expect(spreadOf({ bn: [overflowed] })["bn"]).toEqual({
      diverged: 0,
      costs: [{ update: 0, train: { low: 1, median: 1, high: 1 } }],
      finals: [{ train: 1, inference: "Infinity" }],
    });
  });

  test("is each arm's own", () => {
    expect(Object.keys(spreadOf({ b: [trained(1)], a: [trained(2)] }))).toEqual(["b", "a"]);
  });
});
