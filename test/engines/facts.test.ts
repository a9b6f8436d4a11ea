import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArmTask, LayerObservation, NormObservation } from "../../src/engines/engine.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { outputsOf, using } from "./arms.js";
import { describeEngines } from "./engines.js";
import { changed, normalPoints, startingFrom, unevenTask } from "./tasks.js";

/** Smooth and nowhere flat, so that no unit is the same for all samples and no rounding decides a corner's side. */
const SMOOTH = ["tanh", "softplus", "silu", "identity"] as const satisfies readonly ActivationName[];

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** The same cases on every run: the bounds on rounding below are estimates, not proofs. */
const CASES = { numRuns: 25, seed: 20150211 };

const networks = (names: readonly ActivationName[]) =>
  fc.record({
    seed: fc.nat(1_000_000),
    activation: fc.constantFrom(...names),
    sizes: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }))
      .map(([inputs, hidden]) => [inputs, ...hidden, 1]),
    samples: fc.integer({ min: 4, max: 20 }),
  });

/** A unit's values over the samples, from `[units][samples]`. */
function unitsOf(values: ArrayLike<number>, units: number): number[][] {
  const samples = values.length / units;
  return Array.from({ length: units }, (_, unit) => Array.from(values).slice(unit * samples, (unit + 1) * samples));
}

/**
 * How far from zero rounding may leave the sum over the batch of ∂C/∂z behind a BN, in units of the last place: what is
 * summed is ∂C/∂u by gamma/√(σ² + ε), and z − μ has lost the digits that a large mean took.
 */
function sumRounding({ norm: batch, gradientNorms }: LayerObservation, tensors: TensorMap, index: number): number {
  const { batchMean, batchVariance } = batch as NormObservation;
  const gamma = valuesOf(tensors, `norms.${index}.gamma`);
  const factors = Array.from(batchVariance, (variance, unit) => {
    const deviation = Math.sqrt(variance + 0.001);
    return (Math.abs(gamma[unit] as number) / deviation) * (1 + Math.abs(batchMean[unit] as number) / deviation);
  });
  return norm(factors) * gradientNorms.preActivation;
}

await describeEngines("exact facts of batch normalization", (engine, { float64 }) => {
  const ULP = float64 ? 2 ** -52 : 2 ** -23;
  /** Samples, units and the operations on the way. */
  const OPERATIONS = 200;
  const all = networks(Object.keys(activations) as ActivationName[]);

  test("the gradient of every hidden bias is zero: so is the sum over the batch of ∂C/∂z", () => {
    fc.assert(
      fc.property(all, (network) => {
        const task = unevenTask({ arm: "bn", ...network });
        using(engine(), task, (arm) => {
          const [{ layers }, gradients] = [arm.observe("next-batch"), arm.gradients("next-batch")];
          for (const [layer, observed] of layers.slice(0, -1).entries()) {
            const allowed = OPERATIONS * ULP * sumRounding(observed, task.initial.tensors, layer + 1);
            expect(norm(valuesOf(gradients, `layers.${layer}.bias`))).toBeLessThanOrEqual(allowed);
          }
        });
      }),
      CASES,
    );
  });

  test("the gradient of norms.0.beta is zero", () => {
    fc.assert(
      fc.property(all, (network) => {
        const task = unevenTask({ arm: "bn", ...network });
        const { tensors } = task.initial;
        using(engine(), task, (arm) => {
          const first = arm.observe("next-batch").layers[0] as LayerObservation;
          const kernel = norm(valuesOf(tensors, "layers.0.kernel"));
          const allowed = OPERATIONS * ULP * kernel * sumRounding(first, tensors, 1);
          expect(norm(valuesOf(arm.gradients("next-batch"), "norms.0.beta"))).toBeLessThanOrEqual(allowed);
        });
      }),
      CASES,
    );
  });

  test("a constant added to a hidden bias or to norms.0.beta changes no output", () => {
    fc.assert(
      fc.property(networks(SMOOTH), fc.double({ min: -2, max: 2, noNaN: true }), (network, constant) => {
        const task = unevenTask({ arm: "bn", ...network });
        const hidden = new RegExp(`^norms\\.0\\.beta$|^layers\\.(?!${network.sizes.length - 2}\\.)\\d\\.bias$`);
        const moved = startingFrom(
          task,
          changed(task.initial.tensors, hidden, (old) => old + constant),
        );
        const outputs = (of: ArmTask) => outputsOf(engine(), of);
        const [before, after] = [outputs(task), outputs(moved)];
        const difference = norm(before.map((value, i) => value - (after[i] as number)));
        expect(difference).toBeLessThan((float64 ? 1e-9 : 3e-3) * (1 + norm(before)));
      }),
      CASES,
    );
  });

  test("scaling a kernel in front of a BN by a power of two changes no bit of the output where ε is 0 and no bias rounds", () => {
    fc.assert(
      fc.property(networks(SMOOTH), fc.integer({ min: -3, max: 3 }), fc.nat(3), (network, power, which) => {
        const task = unevenTask({ arm: "bn", normalization: { epsilon: 0 }, ...network });
        const layer = which % (network.sizes.length - 2);
        const unbiased = changed(task.initial.tensors, /^layers\.\d\.bias$/, () => 0);
        const scaled = changed(unbiased, new RegExp(`^layers\\.${layer}\\.kernel$`), (old) => old * 2 ** power);
        const output = (tensors: TensorMap) =>
          using(engine(), startingFrom(task, tensors), (arm) => arm.observe("next-batch").layers.at(-1)?.preActivation);
        expect(output(scaled)).toEqual(output(unbiased));
      }),
      CASES,
    );
  });

  test("scaling a kernel in front of a BN by any α > 0 leaves the output unchanged up to ε", () => {
    fc.assert(
      fc.property(
        networks(SMOOTH),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        fc.nat(3),
        (network, alpha, which) => {
          const epsilon = 1e-7;
          const task = unevenTask({ arm: "bn", normalization: { epsilon }, ...network });
          const kernel = new RegExp(`^layers\\.${which % (network.sizes.length - 2)}\\.kernel$`);
          const scaled = startingFrom(
            task,
            changed(task.initial.tensors, kernel, (old) => old * alpha),
          );
          const seen = (of: ArmTask) => using(engine(), of, (arm) => arm.observe("next-batch").layers);
          const [before, after] = [seen(task), seen(scaled)];
          const smallest = Math.min(...before.flatMap(({ norm }) => Array.from(norm?.batchVariance ?? [])));
          fc.pre(smallest > 1e-3);
          const [a, b] = [before, after].map((layers) => Array.from(layers.at(-1)?.preActivation ?? [])) as [
            number[],
            number[],
          ];
          expect(norm(a.map((value, i) => value - (b[i] as number)))).toBeLessThan(1e-2 * (1 + norm(a)));
        },
      ),
      CASES,
    );
  });

  test("⟨W, ∂C/∂W⟩ is zero for a kernel in front of a BN", () => {
    fc.assert(
      fc.property(networks(SMOOTH), (network) => {
        const task = unevenTask({ arm: "bn", normalization: { epsilon: 0 }, ...network });
        using(engine(), task, (arm) => {
          const { layers } = arm.observe("next-batch");
          const gradients = arm.gradients("next-batch");
          for (const [layer, { layerInput, ...observed }] of layers.slice(0, -1).entries()) {
            const name = `layers.${layer}.kernel`;
            const [kernel, gradient] = [valuesOf(task.initial.tensors, name), valuesOf(gradients, name)];
            const product = sum(Array.from(kernel, (value, i) => value * (gradient[i] as number)));
            const rounding =
              norm(kernel) *
              norm(layerInput) *
              sumRounding({ layerInput, ...observed }, task.initial.tensors, layer + 1);
            expect(Math.abs(product)).toBeLessThanOrEqual(OPERATIONS * ULP * rounding);
          }
        });
      }),
      CASES,
    );
  });

  test("a normalized batch has mean beta and variance gamma²·σ²/(σ² + ε)", () => {
    fc.assert(
      fc.property(all, fc.constantFrom(0.001, 0.1, 1), (network, epsilon) => {
        const task = unevenTask({ arm: "bn", normalization: { epsilon }, ...network });
        const values = (name: string) => valuesOf(task.initial.tensors, name);
        using(engine(), task, (arm) => {
          for (const [layer, { preActivation, norm }] of arm.observe("next-batch").layers.slice(0, -1).entries()) {
            const { batchVariance, batchMean } = norm as NormObservation;
            const [gamma, beta] = [values(`norms.${layer + 1}.gamma`), values(`norms.${layer + 1}.beta`)];
            for (const [unit, u] of unitsOf(preActivation, batchVariance.length).entries()) {
              const [sigma2, g] = [batchVariance[unit] as number, gamma[unit] as number];
              const mean = sum(u) / u.length;
              const variance = sum(u.map((value) => (value - mean) ** 2)) / u.length;
              const lost = 1 + Math.abs(batchMean[unit] as number) / Math.sqrt(sigma2 + epsilon);
              const allowed = OPERATIONS * ULP * lost;
              expect(Math.abs(mean - (beta[unit] as number))).toBeLessThan(allowed * (1 + Math.abs(g)));
              expect(Math.abs(variance - (g * g * sigma2) / (sigma2 + epsilon))).toBeLessThan(allowed * (1 + g * g));
            }
          }
        });
      }),
      CASES,
    );
  });

  test("the input is normalized too: its features have mean 0 and variance σ²/(σ² + ε)", () => {
    const points = normalPoints(50, 3, 4);
    const task = unevenTask({ arm: "bn", sizes: [3, 4, 1], samples: 50, seed: 4 });
    const tensors = changed(
      changed(task.initial.tensors, /^norms\.0\.gamma$/, () => 1),
      /^norms\.0\.beta$/,
      () => 0,
    );
    using(engine(), { ...startingFrom(task, tensors), training: points, evaluation: points }, (arm) => {
      const { layers, inputNorm } = arm.observe("next-batch");
      const columns = unitsOf(points.x, 50).reduce((a, row) => a.map((c, i) => [...c, row[i] as number]), [
        [],
        [],
        [],
      ] as number[][]);
      for (const [column, u] of unitsOf((layers[0] as LayerObservation).layerInput, 3).entries()) {
        const x = columns[column] as number[];
        const mean = sum(x) / 50;
        const sigma2 = sum(x.map((value) => (value - mean) ** 2)) / 50;
        expect(inputNorm?.batchMean[column]).toBeCloseTo(mean, 6);
        expect(inputNorm?.batchVariance[column]).toBeCloseTo(sigma2, 5);
        for (const [s, value] of u.entries()) {
          expect(value).toBeCloseTo(((x[s] as number) - mean) / Math.sqrt(sigma2 + 0.001), 5);
        }
      }
    });
  });
});

await describeEngines("exact facts of the plain arm", (engine) => {
  test("with relu and N(0, 1) kernels of width n, the pre-activation's second moment grows by n/2 per layer", () => {
    const width = 100;
    const sizes = [1, width, width, width, width, width, 1];
    const growths = [1, 2, 3, 4].flatMap((seed) => {
      const weights = initialWeights(sizes, { init: "normal", initStd: 1 }, seed);
      const points = normalPoints(8, 1, seed);
      const task: ArmTask = {
        spec: { sizes, activation: "relu", learningRate: 0.001 },
        initial: { update: 0, tensors: initialTensors(weights, { sizes }) },
        training: points,
        evaluation: points,
        batchSize: 8,
      };
      const moments = using(engine(), task, (arm) =>
        arm
          .observe("next-batch")
          .layers.slice(1, -1)
          .map(({ preActivation }) => sum(Array.from(preActivation, (value) => value ** 2)) / preActivation.length),
      );
      return moments.slice(1).map((moment, i) => Math.log(moment / (moments[i] as number)));
    });
    // A growth's logarithm strays by some √(5/n); the mean of twelve by √12 less.
    const growth = Math.exp(sum(growths) / growths.length);
    expect(growths.length).toBe(12);
    expect(growth / (width / 2)).toBeGreaterThan(0.85);
    expect(growth / (width / 2)).toBeLessThan(1.15);
  });
});

describe("the cases", () => {
  test("include deep and shallow networks of every activation", () => {
    const drawn = fc.sample(networks(Object.keys(activations) as ActivationName[]), CASES);
    expect(new Set(drawn.map(({ activation }) => activation)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(drawn.map(({ sizes }) => sizes.length)).size).toBe(4);
  });
});
