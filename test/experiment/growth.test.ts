import { describe, expect, test } from "vitest";
import { growthBefore, predictedGrowth } from "../../src/experiment/growth.js";
import type { ActivationName } from "../../src/model/activations.js";
import type { Initialization, InitializerName } from "../../src/model/initializers.js";
import type { NetworkSpec } from "../../src/model/network.js";
import type { Checkpoint } from "../../src/record/layers.js";
import type { Statistic } from "../../src/record/values.js";
import { makeResult } from "../charts/result-fixture.js";

const spec = (sizes: readonly number[], activation: ActivationName = "relu"): NetworkSpec => ({
  sizes,
  activation,
  learningRate: 0.001,
});
const initialization = (init: InitializerName, initStd = 1): Initialization => ({
  init,
  initStd,
  bias: 0.1,
  biasStd: 0,
});

describe("the growth that theory predicts for a plain relu net", () => {
  test.each([
    [30, 1, 15],
    [30, 0.5, 3.75],
    [2, 1, 1],
  ])("of width %d and kernels of N(0, %d²) is n·s²/2 = %d", (width, std, expected) => {
    expect(predictedGrowth(spec([1, width, width, width, 1]), initialization("normal", std))).toBeCloseTo(expected, 13);
  });

  test("is 1 with He's initialization, ½ with LeCun's and between with Glorot's, whatever the widths", () => {
    const sizes = [1, 10, 30, 20, 1];
    expect(predictedGrowth(spec(sizes), initialization("he"))).toBeCloseTo(1, 13);
    expect(predictedGrowth(spec(sizes), initialization("lecun"))).toBeCloseTo(0.5, 13);
    // n·s²/2 = in / (in + out): 10/40 and 30/50.
    expect(predictedGrowth(spec(sizes), initialization("glorot"))).toBeCloseTo(Math.sqrt((10 / 40) * (30 / 50)), 13);
  });

  test("is the geometric mean over the steps between hidden layers, not the first and not the output's", () => {
    expect(predictedGrowth(spec([500, 8, 2, 700]), initialization("normal"))).toBe(4);
    expect(predictedGrowth(spec([500, 8, 2, 3, 1]), initialization("normal"))).toBeCloseTo(Math.sqrt(4 * 1), 13);
  });

  test("is unknown for another activation, with BN, for given weights, with one hidden layer, for zeros", () => {
    const sizes = [1, 30, 30, 1];
    const normal = initialization("normal");
    for (const activation of ["tanh", "leaky-relu", "elu"] as const) {
      expect(predictedGrowth(spec(sizes, activation), normal)).toBeUndefined();
    }
    const normalization = { epsilon: 0, decay: 0, debias: false };
    expect(predictedGrowth({ ...spec(sizes), normalization }, normal)).toBeUndefined();
    expect(predictedGrowth(spec(sizes), undefined)).toBeUndefined();
    expect(predictedGrowth(spec([1, 30, 1]), normal)).toBeUndefined();
    expect(predictedGrowth(spec(sizes), initialization("normal", 0))).toBeUndefined();
  });
});

describe("the growth before a divergence", () => {
  /** The last second moment is the output's. */
  const checkpoint = (update: number, ...moments: Statistic[]): Checkpoint => {
    const layer = makeResult().arms["plain"]?.checkpoints[0]?.layers[0] as Checkpoint["layers"][number];
    return {
      update,
      layers: moments.map((secondMoment, i) => ({ ...layer, layer: i, health: { ...layer.health, secondMoment } })),
    };
  };

  test("is the geometric mean per layer between the first and the last hidden layer", () => {
    expect(growthBefore(1, [checkpoint(0, 2, 5, 18, 1e9)], undefined)).toEqual({ update: 0, measured: 3 });
    const [first, last] = [21, 1.4e8];
    const tutorial = checkpoint(0, first, 0, 0, 0, 0, 0, last, 1);
    expect(growthBefore(1, [tutorial], undefined)?.measured).toBeCloseTo((last / first) ** (1 / 6), 12);
  });

  test("is that of the last checkpoint before it, the diverged one left out", () => {
    const kept = [checkpoint(0, 1, 2, 1), checkpoint(50, 1, 8, 1), checkpoint(57, 1, 100, 1)];
    expect(growthBefore(57, kept, undefined)).toEqual({ update: 50, measured: 8 });
    expect(growthBefore(50, kept, undefined)).toEqual({ update: 0, measured: 2 });
    expect(growthBefore(0, kept, undefined)).toBeUndefined();
    expect(growthBefore(57, [], undefined)).toBeUndefined();
  });

  test("stands beside the prediction only where the weights are still the initial ones", () => {
    const kept = [checkpoint(0, 1, 14, 1), checkpoint(50, 1, 8, 1)];
    expect(growthBefore(3, kept, 15)).toEqual({ update: 0, measured: 14, predicted: 15 });
    expect(growthBefore(53, kept, 15)).toEqual({ update: 50, measured: 8 });
  });

  test("is unknown with one hidden layer", () => {
    expect(growthBefore(1, [checkpoint(0, 5, 9)], undefined)).toBeUndefined();
  });

  test("names what is no number, and is zero where nothing is left", () => {
    const measured = (first: Statistic, last: Statistic) => growthBefore(1, [checkpoint(0, first, last, 1)], undefined);
    expect(measured(1, "Infinity")?.measured).toBe("Infinity");
    expect(measured("Infinity", "Infinity")?.measured).toBe("NaN");
    expect(measured(0, 0)?.measured).toBe("NaN");
    expect(measured(0, 1)?.measured).toBe("Infinity");
    expect(measured(1, 0)?.measured).toBe(0);
  });
});
