import { describe, expect, test } from "vitest";
import { parameterNames } from "../../../src/model/network.js";
import { valuesOf } from "../../../src/model/tensors.js";
import { describeEngines } from "../../engines/engines.js";
import { gradientsAt, type LayersFixture, layersFixtures, stateAt, taskAt } from "./fixtures.js";

/** Relative: a cost, and a gradient against its tensor's largest entry. The reference adds no rounding of its own. */
const COST = { float32: 1e-5, float64: 1e-6 };
const GRADIENT = { float32: 1e-4, float64: 2e-5 };
/** Of a gradient that is zero by theory, against the network's largest. */
const ZERO = 1e-6;
/** Of free-running training-mode costs, by update; Adam three times that. */
const freeRun = (update: number) => (update === 0 ? 2e-5 : update <= 2 ? 3e-4 : 5e-3);

const states = layersFixtures.flatMap((fixture) => fixture.checkpoints.map((update) => ({ fixture, update })));

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - (b[i] ?? Number.NaN)));

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** What is added in front of a norm over the batch, and nothing else, changes nothing. */
function isZeroByTheory({ spec }: LayersFixture, name: string): boolean {
  const { normalizer, position } = spec.normalization ?? {};
  const inFront = (normalizer === "batch" || normalizer === "renorm") && position === "before";
  // Around an image are zeros, which beta of the input does not move.
  if (name === "norms.0.beta") return inFront && spec.images === undefined;
  return inFront && /\.bias$/.test(name) && name !== `layers.${spec.sizes.length - 2}.bias`;
}

/** Scaling the only channel in front of a norm over the batch changes what its ε does, and nothing else. */
function isNearlyZero(fixture: LayersFixture, name: string): boolean {
  const { normalizer, where } = fixture.spec.normalization ?? {};
  return name === "norms.0.gamma" && normalizer === "batch" && where === "all" && fixture.spec.sizes[0] === 1;
}

/** w ← w − η m̂/(√v̂ + ε̂) at t = 1 from the recorded gradient: Keras adds its ε before the correction of v̂. */
function kerasAdam(w: number, gradient: number, rate: number): number {
  const [first, second] = [0.1 * gradient, 0.001 * gradient ** 2];
  return w - (rate * Math.sqrt(0.001) * first) / 0.1 / (Math.sqrt(second) + 1e-7);
}

test("the fixtures cover every normalizer of dense networks, images, every optimizer and both losses", () => {
  const used = layersFixtures.map(({ spec }) => spec);
  expect(new Set(used.map(({ normalization }) => normalization?.normalizer))).toEqual(
    new Set([undefined, "batch", "layer", "group", "rms", "weight", "renorm", "dyt"]),
  );
  expect(new Set(used.map(({ optimization }) => optimization?.optimizer))).toEqual(
    new Set(["sgd", "momentum", "adam"]),
  );
  const kinds = used.flatMap(({ images }) => images?.layers.map(({ kind }) => kind) ?? []);
  expect(new Set(kinds)).toEqual(new Set(["conv", "max", "mean", "flatten", "dense"]));
  expect(new Set(used.map(({ loss }) => loss))).toEqual(new Set(["mse", "crossEntropy"]));
  expect(new Set(used.map(({ normalization }) => normalization?.position))).toContain("after");
});

await describeEngines("recorded layered networks", (engine, { float64 }) => {
  const precision = float64 ? "float64" : "float32";

  test.each(states)("$fixture.name@$update: costs, accuracy and outputs", ({ fixture, update }) => {
    const run = engine().createArm(taskAt(fixture, update));
    const { train, inference, accuracy } = run.costs();
    expectRelative(train, fixture.costs.train[update] ?? Number.NaN, COST[precision]);
    const recorded = fixture.costs.inference[update];
    // Where there are no moving averages the modes are one.
    if (recorded !== null && recorded !== undefined) expectRelative(inference ?? Number.NaN, recorded, COST[precision]);
    if (fixture.spec.loss === "crossEntropy")
      expect(accuracy?.train).toBeCloseTo(fixture.costs.accuracy[update] ?? -1, 6);
    else expect(accuracy).toBeUndefined();

    const seen = run.observe("next-batch");
    const output = valuesOf(fixture.tensors, `state@${update}/output`);
    expectRelative(
      seen.cost,
      valuesOf(fixture.tensors, `state@${update}/batch_cost`)[0] ?? Number.NaN,
      COST[precision],
    );
    const outputs = seen.layers.at(-1)?.preActivation ?? new Float64Array(0);
    const units = fixture.spec.sizes.at(-1) ?? 1;
    const samples = outputs.length / units;
    const rowMajor = Array.from(
      outputs,
      (_, i) => outputs[(i % units) * samples + Math.floor(i / units)] ?? Number.NaN,
    );
    expect(apart(rowMajor, output)).toBeLessThanOrEqual(1e-5 * largest(output));
    for (const [layer, { preActivation }] of seen.layers.slice(0, -1).entries()) {
      const mean = valuesOf(fixture.tensors, `state@${update}/pre.${layer}.mean`);
      const found = Array.from(mean, (_, unit) => {
        // Of images a unit has a value for each sample's pixel.
        const length = preActivation.length / mean.length;
        const row = preActivation.subarray(unit * length, (unit + 1) * length);
        return Array.from(row).reduce((sum, value) => sum + value, 0) / length;
      });
      expect(apart(found, mean)).toBeLessThanOrEqual(1e-5 * largest(preActivation));
    }
    run.dispose();
  });

  test.each(states)("$fixture.name@$update: every gradient", ({ fixture, update }) => {
    const run = engine().createArm(taskAt(fixture, update));
    const gradients = run.gradients("next-batch");
    expect([...gradients.keys()]).toEqual(parameterNames(fixture.spec));
    const recorded = gradientsAt(fixture, update);
    expect(new Set(recorded.keys())).toEqual(new Set(gradients.keys()));
    const most = Math.max(...[...recorded.values()].map(({ data }) => largest(data)));
    for (const [name, { data }] of gradients) {
      const expected = valuesOf(recorded, name);
      if (isZeroByTheory(fixture, name)) expect(largest(data), name).toBeLessThanOrEqual(ZERO * most);
      else {
        const allowed = GRADIENT[precision] * largest(expected);
        expect(apart(data, expected), name).toBeLessThanOrEqual(isNearlyZero(fixture, name) ? ZERO * most : allowed);
      }
    }
    run.dispose();
  });

  test.each(layersFixtures)("$name: state 1 from state 0", (fixture) => {
    const run = engine().createArm(taskAt(fixture, 0));
    expect(run.advance(1)).toEqual({ status: "reached", update: 1 });
    const [next, recorded] = [run.state().tensors, gradientsAt(fixture, 0)];
    const { learningRate, optimization } = fixture.spec;
    const isAdam = optimization?.optimizer === "adam";
    const most = Math.max(...[...recorded.values()].map(({ data }) => largest(data)));
    for (const [name, { data: before }] of stateAt(fixture, 0)) {
      const expected = valuesOf(stateAt(fixture, 1), name);
      const rounding = 1e-6 * largest(expected);
      const gradient = recorded.get(name)?.data;
      if (gradient === undefined) {
        expect(apart(valuesOf(next, name), expected), name).toBeLessThanOrEqual(2e-5 * largest(expected) + 4e-6);
      } else if (isAdam) {
        // Keras's own step is what was recorded; ours differs by its ε where a gradient is small.
        const keras = Array.from(before, (w, i) => kerasAdam(w, gradient[i] ?? Number.NaN, learningRate));
        // 1 − 0.999 in float32 has lost ten bits: 6e-5 of it, half of that under the root.
        expect(apart(keras, expected), name).toBeLessThanOrEqual(rounding + 3e-5 * learningRate);
        for (const [i, w] of valuesOf(next, name).entries()) {
          const size = Math.abs(gradient[i] ?? Number.NaN);
          const slack = (3.2e-6 + GRADIENT[precision] * largest(gradient)) / (size + 3.2e-6);
          const off = Math.abs(w - (expected[i] ?? Number.NaN));
          expect(off, `${name}[${i}]`).toBeLessThanOrEqual(rounding + 2 * learningRate * Math.min(1, slack));
        }
      } else {
        const isZero = isZeroByTheory(fixture, name) || isNearlyZero(fixture, name);
        const allowed = isZero ? ZERO * most : GRADIENT[precision] * largest(gradient);
        expect(apart(valuesOf(next, name), expected), name).toBeLessThanOrEqual(rounding + learningRate * allowed);
      }
    }
    run.dispose();
  });

  describe.each(layersFixtures)("$name, free run", (fixture) => {
    test("training-mode costs, update by update", () => {
      const run = engine().createArm(taskAt(fixture, 0));
      const factor = fixture.spec.optimization?.optimizer === "adam" ? 3 : 1;
      for (let update = 0; update <= fixture.updates; update++) {
        run.advance(update);
        expectRelative(run.costs().train, fixture.costs.train[update] ?? Number.NaN, factor * freeRun(update));
      }
      run.dispose();
    });
  });
});
