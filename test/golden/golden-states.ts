import { describe, expect, test } from "vitest";
import { isDivergedCost } from "../../src/engines/engine.js";
import { layerCount, parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { describeEngines, type EngineUnderTest, underTest } from "../engines/engines.js";
import { ARMS, type Arm, type Fixture, fixtures, gradientsAt, observedPoints, stateAt, taskAt } from "./fixtures.js";
import { freeRunSpread, largestDifference, largestEntry, type RoundingSpread, roundingSpread } from "./rounding.js";

/** Relative to the tensor's largest entry. The reference engine adds no rounding of its own to the fixtures'. */
const GRADIENT_TOLERANCE = { float32: 1e-4, float64: 2e-5 };
const COST_TOLERANCE = { float32: 1e-5, float64: 1e-6 };
/**
 * Where one unit in the last place of the parameters alone moves a number further than that, this many times its spread:
 * a float32 engine and the recorded one each round in every operation, over hundreds of samples.
 */
const SPREADS = 100;
/** The same for the cost of a free run, where rounding has entered at every update so far. */
const FREE_SPREADS = 50;
/** Share of all gradients that must agree without that allowance. */
const PLAIN_SHARE = 0.84;

/** The fixture that the fast tier goes through: small, and both arms of it train to the end. */
export const QUICKEST = "elu-he-odd";

interface GoldenState {
  readonly fixture: Fixture;
  readonly arm: Arm;
  readonly update: number;
}

/** The recorded states that have not diverged. */
export function statesOf(some: readonly Fixture[]): GoldenState[] {
  return some.flatMap((fixture) =>
    ARMS.flatMap((arm) =>
      fixture.checkpoints
        .filter((update) => !isDivergedCost(fixture.costs[arm].train[update] as number))
        .map((update) => ({ fixture, arm, update })),
    ),
  );
}

const spreads = new Map<GoldenState, RoundingSpread>();
const spreadOf = (state: GoldenState): RoundingSpread => {
  const known = spreads.get(state) ?? roundingSpread(state.fixture, state.arm, state.update);
  spreads.set(state, known);
  return known;
};

/** A constant added in front of a BN changes nothing, so these gradients are zero up to rounding. */
function isZeroByTheory(fixture: Fixture, arm: Arm, name: string): boolean {
  const output = `layers.${layerCount(fixture.spec(arm)) - 1}.bias`;
  return arm === "bn" && (name === "norms.0.beta" || (name.endsWith(".bias") && name !== output));
}

/** Tests that every engine under test goes through the states that were recorded. */
export function describeGoldenStates(
  some: readonly Fixture[],
  engines: readonly EngineUnderTest[] = underTest,
): Promise<void> {
  const states = statesOf(some);
  return describeEngines(
    "golden states",
    (engine, { float64 }) => {
      const precision = float64 ? "float64" : "float32";
      const gradientTolerance = GRADIENT_TOLERANCE[precision];
      const costTolerance = COST_TOLERANCE[precision];

      const gradientAllowance = (state: GoldenState, name: string): number => {
        const recorded = gradientsAt(state.fixture, state.arm, state.update);
        return Math.max(
          gradientTolerance * largestEntry(valuesOf(recorded, name)),
          SPREADS * (spreadOf(state).gradients.get(name) as number),
          // Scaling the input in front of the first BN changes nothing up to ε: what is left is the rest of a cancellation.
          name === "norms.0.gamma" ? 1e-5 * largestOf(recorded) : 0,
        );
      };

      test.each(states)("$fixture.name $arm@$update: cost, batch cost and statistics", ({ fixture, arm, update }) => {
        const run = engine().createArm(taskAt(fixture, arm, update));
        const recorded = fixture.costs[arm];
        const costs = run.costs();
        expectRelative(costs.train, recorded.train[update] as number, costTolerance);
        const inference = recorded.inference[update];
        if (inference === null) expect(costs.inference).toBeNull();
        else expectRelative(costs.inference as number, inference as number, costTolerance);

        const seen = run.observe(observedPoints(fixture, update));
        expectRelative(seen.cost, valuesOf(fixture.tensors, `${arm}@${update}/batch_cost`)[0] as number, costTolerance);
        for (let layer = 0; layer < seen.layers.length - 1; layer++) {
          const recordedMean = valuesOf(fixture.tensors, `${arm}@${update}/pre.${layer}.mean`);
          const recordedVariance = valuesOf(fixture.tensors, `${arm}@${update}/pre.${layer}.variance`);
          const values = seen.layers[layer]?.preActivation as Float32Array;
          const { mean, variance } = momentsByUnit(values, recordedMean.length);
          // Seven layers of float32 leave a pre-activation off by some 2⁻¹⁹ of the layer's largest, and so its unit's moments.
          const rounding = 2 ** -17 * largestEntry(values);
          expect(largestDifference(mean, recordedMean)).toBeLessThanOrEqual(rounding);
          const deviation = Math.sqrt(largestEntry(recordedVariance));
          expect(largestDifference(variance, recordedVariance)).toBeLessThanOrEqual(
            rounding * (2 * deviation + rounding),
          );
        }
        run.dispose();
      });

      test.each(states)("$fixture.name $arm@$update: every gradient that is not zero by theory", (state) => {
        const { fixture, arm, update } = state;
        const run = engine().createArm(taskAt(fixture, arm, update));
        const gradients = run.gradients(observedPoints(fixture, update));
        const recorded = gradientsAt(fixture, arm, update);
        expect([...gradients.keys()]).toEqual(parameterNames(fixture.spec(arm)));
        for (const [name, { data }] of gradients) {
          if (isZeroByTheory(fixture, arm, name)) continue;
          const expected = valuesOf(recorded, name);
          expect(largestDifference(data, expected), name).toBeLessThanOrEqual(gradientAllowance(state, name));
        }
        run.dispose();
      });

      test.each(states.filter(({ fixture, update }) => update < fixture.updates))(
        "$fixture.name $arm@$update: the next state, by its costs and its recorded tensors",
        (state) => {
          const { fixture, arm, update } = state;
          const run = engine().createArm(taskAt(fixture, arm, update));
          expect(run.advance(update + 1)).toEqual({ status: "reached", update: update + 1 });
          const costs = run.costs();
          for (const mode of ["train", "inference"] as const) {
            const recorded = fixture.costs[arm][mode][update + 1] as number;
            if (isDivergedCost(recorded)) {
              expect(isDivergedCost(costs[mode] as number)).toBe(true);
            } else {
              const allowed = Math.max(costTolerance, SPREADS * spreadOf(state).nextCost[mode]);
              expectRelative(costs[mode] as number, recorded, allowed);
            }
          }
          const next = run.state().tensors;
          for (const [name, { data }] of stateAt(fixture, arm, update + 1)) {
            if (isZeroByTheory(fixture, arm, name)) continue;
            let allowed = 2e-5 * largestEntry(data);
            if (name.endsWith("moving_mean")) {
              // A mean is rounded at the size of the values it is taken over.
              allowed += 4e-6 * Math.sqrt(largestEntry(valuesOf(next, name.replace("mean", "variance"))));
            } else if (!name.endsWith("moving_variance")) {
              allowed = 1e-6 * largestEntry(data) + fixture.spec(arm).learningRate * gradientAllowance(state, name);
            }
            expect(largestDifference(valuesOf(next, name), data), name).toBeLessThanOrEqual(allowed);
          }
          run.dispose();
        },
      );

      describe.each(some)("$name, free run", (fixture) => {
        test.each(ARMS)("the first three costs of the %s arm, up to the divergence", (arm) => {
          const run = engine().createArm(taskAt(fixture, arm, 0));
          for (let update = 0; update <= 2; update++) {
            const recorded = fixture.costs[arm].train[update] as number;
            const advance = run.advance(update);
            const cost = run.costs().train;
            if (isDivergedCost(recorded)) {
              expect(isDivergedCost(cost)).toBe(true);
              expect(run.advance(update + 1)).toEqual({ status: "diverged", update });
              break;
            }
            expect(advance.status).toBe("reached");
            // The second update already starts from states that rounding has moved apart.
            expectRelative(cost, recorded, Math.max(costTolerance, FREE_SPREADS * freeRunSpread(fixture, arm, update)));
          }
          run.dispose();
        });
      });
    },
    engines,
  );
}

/** Tests that few of all recorded gradients need an allowance for rounding. */
export function describeGoldenShare(): Promise<void> {
  return describeEngines("golden gradients", (engine, { float64 }) => {
    const gradientTolerance = GRADIENT_TOLERANCE[float64 ? "float64" : "float32"];

    test(`at least ${PLAIN_SHARE * 100} % of the gradients agree within ${gradientTolerance} of their largest entry`, () => {
      let [agreeing, all] = [0, 0];
      for (const { fixture, arm, update } of statesOf(fixtures)) {
        const run = engine().createArm(taskAt(fixture, arm, update));
        const recorded = gradientsAt(fixture, arm, update);
        for (const [name, { data }] of run.gradients(observedPoints(fixture, update))) {
          if (isZeroByTheory(fixture, arm, name)) continue;
          const expected = valuesOf(recorded, name);
          all += 1;
          if (largestDifference(data, expected) <= gradientTolerance * largestEntry(expected)) agreeing += 1;
        }
        run.dispose();
      }
      expect(agreeing / all).toBeGreaterThanOrEqual(PLAIN_SHARE);
    });
  });
}

function largestOf(tensors: TensorMap): number {
  return Math.max(...[...tensors.values()].map(({ data }) => largestEntry(data)));
}

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** Mean and biased variance of each unit's row in `[units][samples]`. */
function momentsByUnit(values: Float32Array | Float64Array, units: number) {
  const samples = values.length / units;
  const rows = Array.from({ length: units }, (_, unit) =>
    Array.from(values.subarray(unit * samples, (unit + 1) * samples)),
  );
  const mean = rows.map((row) => row.reduce((sum, value) => sum + value, 0) / samples);
  const variance = rows.map(
    (row, unit) => row.reduce((sum, value) => sum + (value - (mean[unit] as number)) ** 2, 0) / samples,
  );
  return { mean, variance };
}
