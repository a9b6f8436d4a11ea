import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArmTask, EngineArm } from "../../src/engines/engine.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import type { ImageNetwork, LayerSpec } from "../../src/model/layers/stages.js";
import type { Normalization } from "../../src/model/network.js";
import { NORMALIZED_PLACES, POSITIONS } from "../../src/model/network.js";
import { AXES, TRANSFORMS } from "../../src/model/normalizers/normalizer.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { apart, largest, outputsOf, stateAfter as reachedState, using } from "./arms.js";
import { describeEngines } from "./engines.js";
import { imageTask } from "./image-tasks.js";
import { layeredTask } from "./layered-tasks.js";
import { changed, startingFrom } from "./tasks.js";

/** Smooth and nowhere flat, so that no sample's values are all the same, whose variance would be 0. */
const SMOOTH = ["tanh", "softplus", "silu", "identity"] as const satisfies readonly ActivationName[];
const ANY = Object.keys(activations) as ActivationName[];

/** The same cases on every run: the bounds on rounding below are estimates, not proofs. */
const CASES = { numRuns: 25, seed: 20150211 };

const between = (min: number, max: number) => fc.integer({ min, max });

/** Dense networks whose hidden layers have a multiple of `groups` units, at least two a group. */
const networks = (names: readonly ActivationName[], inputs = between(1, 3)) =>
  fc
    .record({
      seed: fc.nat(1_000_000),
      activation: fc.constantFrom(...names),
      inputs,
      groups: between(1, 3),
      hidden: fc.array(between(2, 3), { minLength: 1, maxLength: 3 }),
      // Now and then more than one chunk of the kernel's 512.
      samples: fc.oneof({ weight: 5, arbitrary: between(4, 20) }, { weight: 1, arbitrary: fc.constant(530) }),
      learningRate: fc.constant(0.01),
    })
    .map(({ inputs, hidden, groups, ...rest }) => ({
      ...rest,
      groups,
      sizes: [inputs, ...hidden.map((each) => each * groups), 1],
    }));

/** Where a normalizer stands, and whether it has gamma and beta. */
const ways = fc.record({ position: fc.constantFrom("before", "after"), affine: fc.boolean() }) as fc.Arbitrary<
  Pick<Normalization, "position" | "affine">
>;

/** Of samples, each with its own statistics. */
const OF_SAMPLES = ["layer", "group", "rms"] as const;

/** All that is trained, without the moving averages. */
const trained = (tensors: TensorMap) => [...tensors].filter(([name]) => !name.includes("moving"));

await describeEngines("exact facts of the normalizers", (engine, { float64, label }) => {
  const ULP = float64 ? 2 ** -52 : 2 ** -23;
  // Our own engines do the same operations in the same order; TensorFlow has other kernels for convolutions.
  const exact = !label.startsWith("tfjs");
  /** Of what has gone through a few layers, where a sample's deviation may be small beside its values. */
  const close = float64 ? 1e-9 : 3e-3;
  /** Of what two normalizers compute alike, in another order. */
  const same = float64 ? 1e-11 : 1e-5;

  const stateAfter = (task: ArmTask, updates: number) => reachedState(engine(), task, updates);
  const outputs = (task: ArmTask) => outputsOf(engine(), task);

  test("a group of all units is a layer, bit for bit", () => {
    fc.assert(
      fc.property(networks(ANY), ways, (network, way) => {
        const [one, layer] = [{ normalizer: "group", groups: 1 } as const, { normalizer: "layer" } as const].map(
          (normalization) => stateAfter(layeredTask({ ...network, normalization: { ...way, ...normalization } }), 3),
        );
        expect(one).toEqual(layer);
      }),
      CASES,
    );
  });

  test("renorm with renormMax 1 and renormShift 0 trains as batch; its moving variances keep what is left of their start", () => {
    fc.assert(
      fc.property(networks(SMOOTH), ways, fc.constantFrom(0, 0.5, 0.9), between(2, 20), (network, way, decay, size) => {
        const batchSize = Math.min(size, network.samples);
        const [renorm, batch] = [
          { normalizer: "renorm", renormMax: 1, renormShift: 0 } as const,
          { normalizer: "batch" } as const,
        ].map((normalization) =>
          stateAfter(layeredTask({ ...network, batchSize, normalization: { ...way, decay, ...normalization } }), 4),
        ) as [TensorMap, TensorMap];
        expect(new Set(renorm.keys())).toEqual(new Set(batch.keys()));
        for (const [name, { data }] of batch) {
          const found = valuesOf(renorm, name);
          const start = name.endsWith("moving_variance") ? decay ** 4 : 0;
          const expected = Array.from(data, (value) => value + start);
          expect(apart(found, expected), name).toBeLessThanOrEqual(same * (1 + largest(expected)));
        }
      }),
      CASES,
    );
  });

  test("frozen with decay 0 and one batch, it repeats that batch's statistics", () => {
    fc.assert(
      fc.property(networks(SMOOTH), ways, between(1, 3), (network, way, frozenFrom) => {
        // Frozen averages do not hold back weights that grow: a larger rate may diverge.
        const task = layeredTask({ ...network, learningRate: 1e-6, normalization: { ...way, decay: 0, frozenFrom } });
        const averagesOf = (arm: EngineArm) => [...arm.state().tensors].filter(([name]) => name.includes("moving"));
        using(engine(), task, (arm) => {
          arm.advance(frozenFrom - 1);
          const [{ cost }, { tensors }] = [arm.observe("next-batch"), arm.state()];
          arm.advance(frozenFrom);
          const averages = averagesOf(arm);
          const [last] = arm.averaged();
          expect(last?.size).toBe(network.sizes.length - 1);
          for (const [index, { mean, variance }] of last ?? []) {
            const moved = (name: string) => valuesOf(new Map(averages), `norms.${index}.moving_${name}`);
            expect(apart(moved("mean"), mean)).toBeLessThanOrEqual(ULP * largest(mean));
            expect(apart(moved("variance"), variance)).toBeLessThanOrEqual(ULP * largest(variance));
          }
          const initial = { update: frozenFrom, tensors: new Map([...tensors, ...averages]) };
          const again = using(engine(), { ...task, initial }, (frozen) => frozen.observe("next-batch").cost);
          expect(Math.abs(again / cost - 1)).toBeLessThan(close);

          expect(arm.advance(frozenFrom + 3).status).toBe("reached");
          expect(arm.averaged()).toEqual([]);
          expect(averagesOf(arm)).toEqual(averages);
          const { train, inference } = arm.costs();
          expect(Math.abs(train / (inference ?? Number.NaN) - 1)).toBeLessThanOrEqual(10 * ULP);
        });
      }),
      CASES,
    );
  });

  describe.each([...OF_SAMPLES, "weight"] as const)(
    "with ε 0 and biases 0, %s does not see a kernel scaled by",
    (normalizer) => {
      const cases = (factors: fc.Arbitrary<number>, check: (before: number[], after: number[]) => void) =>
        fc.assert(
          fc.property(
            networks(SMOOTH),
            fc.boolean(),
            factors,
            fc.nat(2),
            ({ groups, ...network }, affine, factor, which) => {
              const more = normalizer === "group" ? { groups } : {};
              const task = layeredTask({
                ...network,
                bias: 0,
                normalization: { normalizer, affine, epsilon: 0, ...more },
              });
              const kernel = new RegExp(`^layers\\.${which % (network.sizes.length - 2)}\\.kernel$`);
              const scaled = changed(task.initial.tensors, kernel, (old) => factor * old);
              check(outputs(task), outputs(startingFrom(task, scaled)));
            },
          ),
          CASES,
        );

      test("a power of two, bit for bit", () => {
        cases(
          between(-3, 3).map((power) => 2 ** power),
          (before, after) => expect(after).toEqual(before),
        );
      });

      test("any c > 0", () => {
        cases(fc.double({ min: 0.25, max: 4, noNaN: true }), (before, after) =>
          expect(apart(after, before)).toBeLessThan(close * (1 + largest(before))),
        );
      });
    },
  );

  test.each(OF_SAMPLES)("with one input column, %s behind the first dense layer keeps only its sign", (normalizer) => {
    fc.assert(
      fc.property(networks(ANY, fc.constant(1)), fc.boolean(), ({ groups, ...network }, affine) => {
        const more = normalizer === "group" ? { groups } : {};
        const task = layeredTask({ ...network, bias: 0, normalization: { normalizer, affine, epsilon: 0, ...more } });
        const values = using(engine(), task, (arm) => arm.observe("next-batch").layers[0]?.preActivation ?? []);
        const units = network.sizes[1] ?? 0;
        const hasBeta = affine && normalizer !== "rms";
        const beta = hasBeta ? valuesOf(task.initial.tensors, "norms.1.beta") : new Float64Array(units);
        const [first = 1, ...others] = Array.from(task.training.x, Math.sign);
        for (let unit = 0; unit < units; unit++) {
          const shift = beta[unit] ?? 0;
          const at = (s: number) => (values[unit * network.samples + s] ?? Number.NaN) - shift;
          for (const [i, sign] of others.entries())
            expect(Math.abs(at(i + 1) - sign * first * at(0))).toBeLessThanOrEqual(200 * ULP * (1 + Math.abs(at(0))));
        }
        // And the sign makes a difference.
        expect(largest(values)).toBeGreaterThan(0.1);
      }),
      CASES,
    );
  });

  describe("several batches an update give the weights of ghost batches of one large batch, bit for bit:", () => {
    // The moving averages, and with them r and d of renorm, move otherwise than with ghost batches from the second update on.
    test.each([
      { normalizer: "batch", updates: 6 },
      { normalizer: "renorm", updates: 1 },
      { normalizer: "layer", updates: 6 },
      { normalizer: "weight", updates: 6 },
    ] as const)("$normalizer", ({ normalizer, updates }) => {
      fc.assert(
        fc.property(networks(SMOOTH), ways, between(2, 4), between(1, 5), (network, way, accumulate, size) => {
          const samples = network.samples + 4;
          const batchSize = Math.min(size, samples);
          const given = { ...network, samples };
          const own = { ...(normalizer === "weight" ? {} : way), normalizer };
          const several = layeredTask({ ...given, batchSize, accumulate, normalization: own });
          const ghosts = normalizer === "batch" || normalizer === "renorm" ? { ghostBatchSize: batchSize } : {};
          const large = layeredTask({
            ...given,
            batchSize: Math.min(accumulate * batchSize, samples),
            normalization: { ...own, ...ghosts },
          });
          expect(trained(stateAfter(several, updates))).toEqual(trained(stateAfter(large, updates)));
        }),
        CASES,
      );
    });
  });

  /** What `batch` can be told, but for ghost batches and frozen averages, whose costs differ from the population's. */
  const batchWays = fc.record({
    where: fc.constantFrom(...NORMALIZED_PLACES.slice(0, 3)),
    position: fc.constantFrom(...POSITIONS),
    transform: fc.constantFrom(...TRANSFORMS),
    affine: fc.boolean(),
    debias: fc.boolean(),
    normalizeOutput: fc.boolean(),
    decay: fc.constantFrom(0, 0.5, 0.99),
  });

  describe("recalibrated, batch costs what it costs in training mode, byte for byte:", () => {
    test("dense networks", () => {
      fc.assert(
        fc.property(networks(ANY), batchWays, fc.oneof(between(1, 20), between(1, 530)), (network, way, size) => {
          const { normalizeOutput, ...normalization } = way;
          const task = layeredTask({
            ...network,
            batchSize: Math.min(size, network.samples),
            learningRate: 1e-3,
            normalization: { ...normalization, ...(normalizeOutput ? { normalizeOutput } : {}) },
          });
          using(engine(), task, (arm) => {
            arm.advance(3);
            expect(arm.recalibrated()?.cost).toBe(arm.costs().train);
          });
        }),
        CASES,
      );
    });

    test("images", () => {
      const anyImages = fc.record({
        position: fc.constantFrom(...POSITIONS),
        axes: fc.constantFrom(...AXES),
        where: fc.constantFrom(...NORMALIZED_PLACES),
        affine: fc.boolean(),
      });
      fc.assert(
        fc.property(anyImages, between(2, 40), between(1, 40), (normalization, samples, size) => {
          const task = imageTask({ samples, batchSize: Math.min(size, samples), learningRate: 1e-3, normalization });
          using(engine(), task, (arm) => {
            arm.advance(2);
            const { cost, accuracy } = arm.recalibrated() ?? {};
            expect(cost).toBe(arm.costs().train);
            expect(accuracy).toBe(arm.costs().accuracy?.train);
          });
        }),
        { ...CASES, numRuns: 12 },
      );
    });
  });

  const conv = (units: number): LayerSpec => ({ kind: "conv", units, kernel: [1, 1], stride: 1 });
  const imageWays = fc.record({
    seed: fc.nat(1_000_000),
    channels: between(1, 4),
    units: fc.array(between(2, 6), { minLength: 1, maxLength: 2 }),
    samples: fc.oneof(between(4, 20), fc.constant(530)),
    activation: fc.constantFrom(...SMOOTH),
    position: fc.constantFrom("before", "after"),
  }) as fc.Arbitrary<{
    readonly seed: number;
    readonly channels: number;
    readonly units: number[];
    readonly samples: number;
    readonly activation: ActivationName;
    readonly position: "before" | "after";
  }>;

  test("1 × 1 images are the dense net", () => {
    fc.assert(
      fc.property(imageWays, ({ units, position, ...choices }) => {
        const layers: LayerSpec[] = [...units.map(conv), { kind: "flatten" }, { kind: "dense", units: 3 }];
        const task = imageTask({ images: { height: 1, width: 1, layers }, ...choices, normalization: { position } });
        const flat = new Map(
          [...task.initial.tensors].map(([name, { shape, data }]) => [name, { shape: shape.slice(-2), data }]),
        );
        const { images: _, ...spec } = task.spec;
        const [own, twin] = [task, { ...task, spec, initial: { update: 0, tensors: flat } }].map((of) =>
          using(engine(), of, (arm) => {
            arm.advance(3);
            return { tensors: arm.state().tensors, costs: arm.costs() };
          }),
        ) as [{ tensors: TensorMap; costs: unknown }, { tensors: TensorMap; costs: unknown }];
        if (exact) expect(own.costs).toEqual(twin.costs);
        for (const [name, { data }] of twin.tensors) {
          const found = valuesOf(own.tensors, name);
          if (exact) expect(Array.from(found), name).toEqual(Array.from(data));
          else expect(apart(found, data), name).toBeLessThanOrEqual(1e-4 * Math.max(largest(data), 1e-2));
        }
      }),
      { ...CASES, numRuns: 12 },
    );
  });

  test("a 1 × 1 convolution over pixels is a dense layer over as many samples", () => {
    fc.assert(
      fc.property(imageWays, between(1, 4), between(1, 4), ({ units, position, ...choices }, height, width) => {
        const images: ImageNetwork = {
          height,
          width,
          layers: [...units.map(conv), { kind: "mean" }, { kind: "dense", units: 3 }],
        };
        const task = imageTask({ images, ...choices, samples: choices.samples % 100, normalization: { position } });
        const { images: _, ...spec } = task.spec;
        const samples = task.training.samples * height * width;
        const pixels = { samples, inputs: choices.channels, x: task.training.x, y: new Float32Array(samples) };
        const flat = new Map(
          [...task.initial.tensors].map(([name, { shape, data }]) => [name, { shape: shape.slice(-2), data }]),
        );
        const dense: ArmTask = {
          spec,
          initial: { update: 0, tensors: flat },
          training: pixels,
          evaluation: pixels,
          batchSize: samples,
        };
        const [seen, twin] = [task, dense].map((of) => using(engine(), of, (arm) => arm.observe("next-batch").layers));
        for (const layer of units.keys()) {
          const [found, expected] = [seen?.[layer], twin?.[layer]];
          const near = (a: ArrayLike<number> = [], b: ArrayLike<number> = []) => {
            expect(a.length).toBe(b.length);
            if (exact) expect(Array.from(a)).toEqual(Array.from(b));
            else expect(apart(a, b)).toBeLessThanOrEqual(1e-4 * Math.max(largest(b), 1e-2));
          };
          near(found?.layerInput, expected?.layerInput);
          near(found?.preActivation, expected?.preActivation);
          near(found?.norm?.batchMean, expected?.norm?.batchMean);
          near(found?.norm?.batchVariance, expected?.norm?.batchVariance);
        }
      }),
      { ...CASES, numRuns: 12 },
    );
  });

  test("instance is a group for each channel", () => {
    fc.assert(
      fc.property(imageWays, between(1, 3), between(2, 5), between(2, 5), (choices, size, height, width) => {
        const { units: [units = 2] = [], position, ...rest } = choices;
        const layers: LayerSpec[] = [
          { kind: "conv", units, kernel: [size, size], stride: 1 },
          { kind: "flatten" },
          { kind: "dense", units: 3 },
        ];
        const [instance, group] = [{ normalizer: "instance" }, { normalizer: "group", groups: units }].map((named) =>
          stateAfter(
            imageTask({
              ...rest,
              samples: rest.samples % 100,
              images: { height, width, layers },
              normalization: { where: "conv", position, ...(named as object) },
            }),
            3,
          ),
        ) as [TensorMap, TensorMap];
        for (const [name, { data }] of group)
          expect(apart(valuesOf(instance, name), data), name).toBeLessThanOrEqual(same * (1 + largest(data)));
      }),
      { ...CASES, numRuns: 12 },
    );
  });
});
