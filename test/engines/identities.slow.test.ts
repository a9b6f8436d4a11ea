import "./on-every-engine.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noisyPoints } from "../../src/data/datasets/definition.js";
import { gaussian } from "../../src/data/datasets/gaussian.js";
import type { Points } from "../../src/data/points.js";
import { randomStream } from "../../src/data/streams.js";
import type { ArmTask, NormObservation } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { type Tensor, type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { outputsOf, using } from "./arms.js";
import { describeEngines } from "./engines.js";
import { changed, startingFrom } from "./tasks.js";

/*
 * Identities of batch normalization that hold in exact arithmetic, in the bn arm with the batch's statistics: 16 Gaussian
 * columns, a batch of 64, 7 hidden layers of 30. facts.test.ts has some of them on small nets of every activation.
 */

const COLUMNS = 16;
const BATCH = 64;
const UNITS = Array.from({ length: 30 }, (_, unit) => unit);
const HIDDEN = [0, 1, 2, 3, 4, 5, 6];
const SIZES = [COLUMNS, ...HIDDEN.map(() => UNITS.length), 1];
/** Kernels in front of a BN: all but the output layer's. */
const HIDDEN_KERNEL = /^layers\.[0-6]\.kernel$/;
const HIDDEN_BIAS = /^layers\.[0-6]\.bias$/;
const kernelOf = (layer: number) => `layers.${layer}.kernel`;

type Choices = { activation?: ActivationName; epsilon?: number; learningRate?: number; points?: Points };

/** The bn arm with N(0, 1) kernels and biases of 0.1. */
function task(seed: number, choices: Choices): ArmTask {
  const { activation = "relu", epsilon = 0, learningRate = 0.001 } = choices;
  const training =
    choices.points ??
    noisyPoints(gaussian, { samples: BATCH, inputs: COLUMNS, noise: 0.1 }, randomStream(seed, "data noise")).points;
  const spec = { sizes: SIZES, activation, learningRate, normalization: { epsilon, decay: 0.5, debias: false } };
  const weights = initialWeights(SIZES, { init: "normal", initStd: 1 }, seed);
  const initial = { update: 0, tensors: initialTensors(weights, spec) };
  return { spec, initial, training, evaluation: training, batchSize: training.samples };
}

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - (b[i] as number)));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const square = (values: ArrayLike<number>) => dot(values, values);
const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(square(a) * square(b));

/** The weights that come into one unit: a column of the kernel. */
function column({ shape, data }: Tensor, unit: number): number[] {
  const [inputs, units] = shape as [number, number];
  return Array.from({ length: inputs }, (_, i) => data[i * units + unit] as number);
}

await describeEngines("exact identities of batch normalization", (engine, { float64, label }) => {
  /** One unit in the last place of 1. */
  const ulp = float64 ? 2 ** -52 : 2 ** -23;
  // In float32 a sum over the batch strays by at most one unit in the last place a sample: 8e-6. Measured: 3e-7.
  const ofSum = float64 ? 1e-12 : BATCH * ulp;
  // What has gone through all the layers strays by that much a layer: 5e-5. Measured: 3e-6.
  const ofPass = float64 ? 1e-9 : HIDDEN.length * BATCH * ulp;
  const slow = label.startsWith("tfjs");
  const CASES = { numRuns: slow ? 4 : 12, seed: 20150211 };

  const forNets = (check: (seed: number, activation: ActivationName) => void) =>
    fc.assert(fc.property(fc.nat(1_000_000), fc.constantFrom("relu", "tanh"), check), CASES);

  /** Of the weights into each unit and their gradient: the largest cosine. */
  const largestCosine = (of: ArmTask) =>
    using(engine(), of, (arm) => {
      const gradients = arm.gradients("next-batch");
      return largest(
        HIDDEN.map(kernelOf).flatMap((name) => {
          const [kernel, gradient] = [of.initial.tensors, gradients].map((each) => each.get(name)) as [Tensor, Tensor];
          return UNITS.map((unit) => cosine(column(kernel, unit), column(gradient, unit)));
        }),
      );
    });

  test("the weights into a unit are orthogonal to their gradient where ε is 0 (van Laarhoven 2017)", () => {
    forNets((seed, activation) => {
      expect(largestCosine(task(seed, { activation }))).toBeLessThan(ofSum);
    });
  });

  test("an ε of 0.001 bends that a little", () => {
    forNets((seed, activation) => {
      // By some ε/σ², with variances from about 5 on.
      const bent = largestCosine(task(seed, { activation, epsilon: 0.001 }));
      expect(bent).toBeGreaterThan(1e-5);
      expect(bent).toBeLessThan(3e-4);
    });
  });

  test("at ten times the weights, the gradient of every kernel is a tenth (van Laarhoven 2017)", () => {
    forNets((seed, activation) => {
      const of = task(seed, { activation });
      const scaled = changed(of.initial.tensors, HIDDEN_KERNEL, (old) => 10 * old);
      const gradients = (each: ArmTask) => using(engine(), each, (arm) => arm.gradients("next-batch"));
      const [at, there] = [gradients(of), gradients(startingFrom(of, scaled))];
      for (const name of HIDDEN.map(kernelOf)) {
        const [gradient, tenth] = [valuesOf(at, name), valuesOf(there, name)];
        const tenfold = Float64Array.from(tenth, (value) => 10 * value);
        expect(difference(gradient, tenfold) / largest(gradient)).toBeLessThan(ofPass);
      }
    });
  });

  test("the sum over the batch of ∂C/∂z is zero, and with it the gradient of a hidden bias, whatever ε", () => {
    forNets((seed, activation) => {
      const epsilon = [0, 0.001, 1][seed % 3] as number;
      using(engine(), task(seed, { activation, epsilon }), (arm) => {
        const gradients = arm.gradients("next-batch");
        for (const layer of HIDDEN) {
          // The kernel's gradient is the same sum, weighted by inputs of about 1.
          const kernel = largest(valuesOf(gradients, kernelOf(layer)));
          expect(largest(valuesOf(gradients, `layers.${layer}.bias`)) / kernel).toBeLessThan(ofSum);
        }
      });
    });
  });

  test("a constant added in front of BN changes nothing", () => {
    forNets((seed, activation) => {
      const constant = seed % 2 === 0 ? -5 : 2;
      const of = task(seed, { activation });
      const moved = changed(of.initial.tensors, HIDDEN_BIAS, (old) => old + constant);
      const outputs = (each: ArmTask) => outputsOf(engine(), each);
      const before = outputs(of);
      expect(difference(before, outputs(startingFrom(of, moved))) / largest(before)).toBeLessThan(ofPass);
    });
  });

  test("an update lengthens the weights by Pythagoras: ‖W − ηg‖² = ‖W‖² + η²‖g‖² (Arora et al. 2018)", () => {
    forNets((seed, activation) => {
      const learningRate = 0.1;
      const of = task(seed, { activation, learningRate });
      using(engine(), of, (arm) => {
        const gradients = arm.gradients("next-batch");
        arm.advance(1);
        const { tensors } = arm.state();
        for (const name of HIDDEN.map(kernelOf)) {
          const before = square(valuesOf(of.initial.tensors, name));
          const step = learningRate ** 2 * square(valuesOf(gradients, name));
          expect(step / before).toBeGreaterThan(1e-5);
          expect(Math.abs(square(valuesOf(tensors, name)) - before - step) / before).toBeLessThan(ofSum);
        }
      });
    });
  });

  test("no normalized value is beyond √(B − 1), which an outlier all but reaches, and two samples are ±1 (Samuelson 1968)", () => {
    for (const samples of [2, 3, 5, BATCH]) {
      const { points } = noisyPoints(
        gaussian,
        { samples, inputs: COLUMNS, noise: 0 },
        randomStream(samples, "data noise"),
      );
      const outlier = { ...points, x: points.x.map((value, i) => (i < COLUMNS ? 1000 * value : value)) };
      const bound = Math.sqrt(samples - 1);
      for (const each of [points, outlier]) {
        using(engine(), task(samples, { points: each }), (arm) => {
          const seen: number[] = [];
          for (const { preActivation, norm } of arm.observe("next-batch").layers.slice(0, -1)) {
            const { batchMean, batchVariance } = norm as NormObservation;
            for (const [i, value] of preActivation.entries()) {
              const unit = Math.floor(i / samples);
              // A mean that is large beside the deviation takes digits from z − μ.
              const lost = 1 + Math.abs(batchMean[unit] as number) / Math.sqrt(batchVariance[unit] as number);
              expect(Math.abs(value) / bound).toBeLessThanOrEqual(1 + 4 * ulp * lost);
              if (samples === 2) expect(Math.abs(value)).toBeGreaterThanOrEqual(1 - 4 * ulp * lost);
              seen.push(Math.abs(value));
            }
          }
          if (each === outlier) expect(Math.max(...seen) / bound).toBeGreaterThan(0.999);
        });
      }
    }
  });

  test("no unit is silent on the whole batch while beta is 0", () => {
    // A normalized unit has mean 0, so some of its values are above.
    for (let seed = 1; seed <= (slow ? 10 : 200); seed++) {
      using(engine(), task(seed, { epsilon: 0.001 }), (arm) => {
        for (const { preActivation } of arm.observe("next-batch").layers.slice(0, -1)) {
          const answers = (unit: number) => preActivation.subarray(unit * BATCH, (unit + 1) * BATCH).some((u) => u > 0);
          expect(UNITS.every(answers)).toBe(true);
        }
      });
    }
  });

  test("under frozen weights the moving averages' error halves with every update", () => {
    using(engine(), task(1, { learningRate: 0 }), (arm) => {
      const { layers, inputNorm } = arm.observe("next-batch");
      const seen = [inputNorm, ...layers.slice(0, -1).map(({ norm }) => norm)] as NormObservation[];
      for (let update = 1; update <= 20; update++) {
        arm.advance(update);
        const { tensors } = arm.state();
        for (const [index, { batchMean, batchVariance }] of seen.entries()) {
          for (const [name, batch] of Object.entries({ moving_mean: batchMean, moving_variance: batchVariance })) {
            const moving = valuesOf(tensors, `norms.${index}.${name}`);
            const left = Array.from(batch, (value, i) => (value - (moving[i] as number)) / value);
            // From zero: an error of 1, halved. A float32 sum of two products rounds by a unit or two: 1e-7.
            expect(largest(left.map((error) => error - 0.5 ** update))).toBeLessThan(float64 ? 1e-12 : 1e-6);
          }
        }
      }
    });
  });

  // Needs a learning rate per parameter, which no arm has: the updates are made here from the engine's gradients.
  if (slow) return;
  test("ten times the weights and a hundred times their rate train alike for 200 updates (van Laarhoven 2017)", () => {
    const rate = 0.01;
    const costsOf = (scale: number) => {
      const of = task(1, {});
      let tensors: TensorMap = changed(of.initial.tensors, HIDDEN_KERNEL, (old) => scale * old);
      return Array.from({ length: 201 }, () =>
        using(engine(), startingFrom(of, tensors), (arm) => {
          const gradients = arm.gradients("next-batch");
          const step = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
            const gradient = gradients.get(name)?.data;
            const own = HIDDEN_KERNEL.test(name) ? scale ** 2 * rate : rate;
            return [name, { shape, data: Float64Array.from(data, (w, i) => w - own * (gradient?.[i] ?? 0)) }];
          };
          tensors = new Map([...tensors].map(step));
          return arm.costs().train;
        }),
      );
    };
    const [one, ten] = [costsOf(1), costsOf(10)] as [number[], number[]];
    expect(one.at(-1)).toBeLessThan((one[0] as number) / 100);
    const parted = Math.max(...one.map((cost, update) => Math.abs((ten[update] as number) / cost - 1)));
    // The cost falls to a 1600th, and with it grows what float32 has rounded. Measured: 3e-14 and 5e-3.
    expect(parted).toBeLessThan(float64 ? 1e-9 : 1e-2);
  });
});
