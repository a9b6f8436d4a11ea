import { describe, expect, test } from "vitest";
import type { LayerObservation, Observation } from "../../src/engines/engine.js";
import { healthOf } from "../../src/metrics/health.js";
import { VERDICT_RULES } from "../../src/metrics/verdict-rules.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import { limit } from "../../src/outcome/limits.js";
import type { Health } from "../../src/record/layers.js";
import { RULES, VERDICTS } from "../../src/record/verdicts.js";

const { NaN: NAN, POSITIVE_INFINITY: INFINITY } = Number;

interface Made {
  /** `[units][samples]`. */
  readonly preActivation: readonly (readonly number[])[];
  readonly layerInput?: readonly number[];
  /** ‖∂C/∂(pre-activation)‖. */
  readonly gradient?: number;
}

/** Two hidden layers of two units seen on four samples, and the output; each of second moment 1, each healthy. */
const FIRST: Made = { preActivation: [[1, -1, 1, -1], [-1, 1, 1, -1]], layerInput: [1, -1, 1, -1] }; // biome-ignore format: a row a unit
const SECOND: Made = { preActivation: [[1, -1, -1, 1], [1, 1, -1, -1]] }; // biome-ignore format: a row a unit
const OUTPUT: Made = { preActivation: [[1, -1, 1, -1]] };

function observed(layers: readonly Made[]): Observation {
  const layer = ({ preActivation, layerInput = [1], gradient = 1 }: Made): LayerObservation => ({
    preActivation: Float64Array.from(preActivation.flat()),
    layerInput: Float64Array.from(layerInput),
    gradientNorms: { kernel: 1, preActivation: gradient },
  });
  return { update: 0, cost: 1, layers: layers.map(layer) };
}

/** Of one output. */
const unitsOf = ({ layers }: Observation) => {
  const samples = layers.at(-1)?.preActivation.length ?? 1;
  return layers.map(({ preActivation }) => preActivation.length / samples);
};

/** The healths where one layer is made otherwise. */
function health(
  change: { first?: Partial<Made>; second?: Partial<Made>; output?: Partial<Made> },
  activation: ActivationName = "relu",
  targetSquare = 1,
) {
  const layers = [
    { ...FIRST, ...change.first },
    { ...SECOND, ...change.second },
    { ...OUTPUT, ...change.output },
  ];
  return healthOf(activation, observed(layers), { units: unitsOf(observed(layers)), targetSquare }) as [
    Health,
    Health,
    Health,
  ];
}

const times = (rows: readonly (readonly number[])[], factor: number) =>
  rows.map((row) => row.map((value) => value * factor));
const verdicts = (healths: readonly Health[]) => healths.map(({ verdict }) => verdict);

describe("a healthy state", () => {
  test("is told with its numbers: moments, growth, gradients, units", () => {
    const change = {
      first: { gradient: 0.25 },
      second: { gradient: 0.5, preActivation: times(SECOND.preActivation, 2) },
    };
    expect(health(change)).toEqual([
      {
        verdict: "healthy",
        units: 2,
        secondMoment: 1,
        growth: 1,
        gradientGrowth: 0.5,
        flatShare: 0.5,
        silentUnits: 0,
        constantUnits: 0,
      },
      {
        verdict: "healthy",
        units: 2,
        secondMoment: 4,
        growth: 4,
        gradientGrowth: 0.5,
        flatShare: 0.5,
        silentUnits: 0,
        constantUnits: 0,
      },
      { verdict: "healthy", units: 1, secondMoment: 1, growth: 0.25, constantUnits: 0 },
    ]);
  });

  test("has a share of saturated values in the hidden layers where the activation saturates, silent units under relu alone", () => {
    for (const [name, { saturatedBeyond, silentBelowZero }] of Object.entries(activations).map(
      ([name, activation]) =>
        [name, { saturatedBeyond: undefined, silentBelowZero: undefined, ...activation }] as const,
    )) {
      const [first, second, output] = health({}, name as ActivationName);
      for (const hidden of [first, second]) {
        expect("saturatedShare" in hidden, name).toBe(saturatedBeyond !== undefined);
        expect("silentUnits" in hidden, name).toBe(silentBelowZero === true);
        expect("flatShare" in hidden, name).toBe(saturatedBeyond !== undefined || silentBelowZero === true);
        if (saturatedBeyond !== undefined) expect(hidden.flatShare, name).toBe(hidden.saturatedShare);
      }
      expect(output).not.toHaveProperty("flatShare");
      expect(output).not.toHaveProperty("saturatedShare");
      expect(output).not.toHaveProperty("silentUnits");
    }
    expect(health({}, "tanh")[0].saturatedShare).toBe(0);
  });

  test("grows in its first layer over the layer's input", () => {
    expect(health({ first: { layerInput: [2, -2, 2, 2] } })[0].growth).toBe(0.25);
  });

  test("has no growth behind a layer that is zero", () => {
    expect(health({ first: { layerInput: [0, 0] } })[0]).not.toHaveProperty("growth");
    const zero = [[0, 0, 0, 0], [0, 0, 0, 0]]; // biome-ignore format: a row a unit
    expect(health({ first: { preActivation: zero } }, "identity")[1]).not.toHaveProperty("growth");
  });
});

describe("saturated", () => {
  const [, high] = activations.tanh.saturatedBeyond;
  const rows = (beyond: number) => [
    Array.from({ length: 4 }, (_, i) => (i < beyond ? -3 : 0.5 * i)),
    Array.from({ length: 4 }, (_, i) => (i < beyond - 4 ? 3 : -0.5 * i)),
  ];

  test("is a layer with more than half of its values beyond the activation's limits", () => {
    const [, half] = health({ second: { preActivation: rows(4) } }, "tanh");
    expect(half).toMatchObject({ verdict: "healthy", saturatedShare: 0.5 });
    const [, more] = health({ second: { preActivation: rows(5) } }, "tanh");
    expect(more).toMatchObject({ verdict: "saturated", saturatedShare: 5 / 8 });
  });

  test("does not count a value at the limit", () => {
    const at = (value: number) => times(SECOND.preActivation, value);
    expect(health({ second: { preActivation: at(high) } }, "tanh")[1].saturatedShare).toBe(0);
    expect(health({ second: { preActivation: at(high * (1 + 1e-15)) } }, "tanh")[1].saturatedShare).toBe(1);
  });

  test("needs an activation that saturates, and is never the linear output", () => {
    expect(verdicts(health({ second: { preActivation: rows(7) } }, "leaky-relu"))).toEqual([
      "healthy",
      "healthy",
      "healthy",
    ]);
    const wide = { output: { preActivation: [[50, -50, 50, -50]] } };
    expect(health(wide, "tanh", 2500)[2].verdict).toBe("healthy");
  });

  test("is what an explosion looks like where the activation bounds it", () => {
    const huge = { preActivation: times(SECOND.preActivation, 1e6) };
    expect(health({ second: huge }, "tanh")[1].verdict).toBe("saturated");
    expect(health({ second: huge }, "relu")[1].verdict).toBe("exploding");
  });
});

describe("exploding", () => {
  const second = (scale: number, before: number) =>
    health({
      first: { preActivation: times(FIRST.preActivation, before), layerInput: [before, -before] },
      second: { preActivation: times(SECOND.preActivation, scale) },
    })[1].verdict;

  test("is a hidden layer of a second moment above 100 that grew more than fourfold", () => {
    expect(second(10.5, 5)).toBe("exploding");
    // 400 from 100 is exactly fourfold; 100 from 1 is exactly the scale.
    expect(second(20, 10)).toBe("healthy");
    expect(second(10, 1)).toBe("healthy");
    expect(second(1000, 999)).toBe("healthy");
  });

  test("is any layer that is not finite, before all else, and named so in its numbers", () => {
    for (const [value, named] of [
      [INFINITY, "Infinity"],
      [NAN, "NaN"],
      [1e200, "Infinity"],
    ] as const) {
      const preActivation = [[value, 0, 0, 0], [0, 0, 0, 0]]; // biome-ignore format: a row a unit
      for (const activation of ["relu", "tanh"] as const) {
        const [, hidden, output] = health({ second: { preActivation } }, activation);
        expect(hidden).toMatchObject({ verdict: "exploding", secondMoment: named, growth: named });
        expect(output.verdict).toBe("healthy");
        expect(output).not.toHaveProperty("growth");
      }
    }
  });

  test("is an output more than a hundred times the targets, not what fits them", () => {
    const output = (scale: number, targetSquare: number) =>
      health({ output: { preActivation: [[scale, -scale, scale, -scale]] } }, "relu", targetSquare)[2].verdict;
    expect(output(30, 9)).toBe("healthy");
    expect(output(30.1, 9)).toBe("exploding");
    expect(output(1000, 2e4)).toBe("healthy");
    // Targets that are all zero: an output that grew is beyond them.
    expect(output(3, 0)).toBe("exploding");
  });

  test("of a hidden layer does not hang on the targets", () => {
    const change = { second: { preActivation: times(SECOND.preActivation, 11) } };
    expect([1, 1e6].map((targets) => health(change, "relu", targets)[1].verdict)).toEqual(["exploding", "exploding"]);
  });
});

describe("dead", () => {
  const silent = [-1, -2, -1, 0];
  const alive = [1, -2, 1, -1];

  test("is a relu layer with more than half of its units silent", () => {
    expect(health({ second: { preActivation: [silent, alive] } })[1]).toMatchObject({
      verdict: "healthy",
      silentUnits: 1,
    });
    expect(health({ second: { preActivation: [silent, silent] } })[1]).toMatchObject({
      verdict: "dead",
      silentUnits: 2,
    });
    expect(health({ second: { preActivation: [silent, silent, alive] } })[1]).toMatchObject({
      verdict: "dead",
      units: 3,
    });
  });

  test("is no other activation's, and never the output's", () => {
    expect(health({ second: { preActivation: [silent, silent] } }, "elu")[1].verdict).toBe("healthy");
    expect(health({ output: { preActivation: [silent] } })[2].verdict).toBe("healthy");
  });

  test("does not count a unit that is NaN somewhere", () => {
    const [, { silentUnits, verdict }] = health({ second: { preActivation: [[-1, NAN, -1, -1], silent] } });
    expect([silentUnits, verdict]).toEqual([1, "exploding"]);
  });
});

describe("constant", () => {
  test("is a layer with more than half of its units the same on every sample", () => {
    const same = [2, 2, 2, 2];
    expect(health({ second: { preActivation: [same, [1, -1, 1, -1]] } })[1]).toMatchObject({
      verdict: "healthy",
      constantUnits: 1,
    });
    expect(health({ second: { preActivation: [same, same] } })[1]).toMatchObject({
      verdict: "constant",
      constantUnits: 2,
    });
    expect(health({ output: { preActivation: [same] } }, "relu", 4)[2]).toMatchObject({
      verdict: "constant",
      constantUnits: 1,
    });
  });

  test("lets a unit differ by a millionth of its largest value", () => {
    const unit = (difference: number) => [-4, -4 + 4 * difference, -4, -4];
    const count = (difference: number) =>
      health({ second: { preActivation: [unit(difference), SECOND.preActivation[0] as number[]] } }, "identity")[1]
        .constantUnits;
    expect(count(0.99 * limit("constant-unit"))).toBe(1);
    expect(count(1.01 * limit("constant-unit"))).toBe(0);
  });

  test("is a layer of zeros that could not be dead", () => {
    const zeros = [0, 0, 0, 0];
    expect(health({ second: { preActivation: [zeros, zeros] } }, "tanh")[1].verdict).toBe("constant");
    expect(health({ second: { preActivation: [zeros, zeros] } }, "relu")[1].verdict).toBe("dead");
  });

  test("is every unit that was seen on one sample", () => {
    const one = (value: number, layerInput = [1]): Made => ({ preActivation: [[value], [-value]], layerInput });
    const seen = observed([one(1), one(1), { preActivation: [[1]] }]);
    const healths = healthOf("tanh", seen, { units: unitsOf(seen), targetSquare: 1 });
    expect(healths.map(({ units, constantUnits }) => [units, constantUnits])).toEqual([
      [2, 2],
      [2, 2],
      [1, 1],
    ]);
    expect(verdicts(healths)).toEqual(["constant", "constant", "constant"]);
  });
});

describe("vanishing", () => {
  const second = (scale: number, before: number) =>
    health(
      {
        first: { preActivation: times(FIRST.preActivation, before), layerInput: [before, -before] },
        second: { preActivation: times(SECOND.preActivation, scale) },
      },
      "tanh",
    )[1].verdict;

  test("is a layer whose second moment falls below a quarter of the one before, and is tiny", () => {
    expect(second(0.0099, 1)).toBe("vanishing");
    expect(second(0.0099, 0.0197)).toBe("healthy");
    expect(second(0.0099, 0.0199)).toBe("vanishing");
    // Exactly tiny is not below it: 2⁻⁷ squared is above 1e-4 no more than 0.01 squared is below.
    expect(second(0.0101, 1)).toBe("healthy");
  });

  test("is a layer at which less than a thousandth of the output's gradient arrives", () => {
    const gradient = (first: number, output = 1) =>
      health({ first: { gradient: first }, output: { gradient: output } })[0];
    expect(gradient(0.00099)).toMatchObject({ verdict: "vanishing" });
    expect(gradient(0.001)).toMatchObject({ verdict: "healthy" });
    expect(gradient(1, 999)).toMatchObject({ verdict: "healthy" });
    expect(gradient(1, 1001)).toMatchObject({ verdict: "vanishing" });
  });

  test("at no gradient at all has no growth of it", () => {
    const [first] = health({ first: { gradient: 0 } });
    expect(first.verdict).toBe("vanishing");
    expect(first).not.toHaveProperty("gradientGrowth");
  });

  test("is not what gradients say of which one is infinite or NaN, or the one at the output zero", () => {
    for (const [here, output] of [
      [0, 0],
      [1, 0],
      [1, INFINITY],
      [INFINITY, 1],
      [1, NAN],
      [NAN, 1],
    ] as const) {
      const [first] = health({ first: { gradient: here }, output: { gradient: output } });
      expect(first.verdict, `${here}, ${output}`).toBe("healthy");
      expect(first, `${here}, ${output}`).not.toHaveProperty("gradientGrowth");
    }
  });

  test("has the geometric mean per layer of what the gradient lost on its way", () => {
    const [first, second, output] = health({
      first: { gradient: 1e-6 },
      second: { gradient: 8 },
      output: { gradient: 2 },
    });
    // A square root by Newton's steps, in a few roundings.
    expect(first.gradientGrowth).toBeCloseTo(Math.sqrt(5e-7), 15);
    expect(second.gradientGrowth).toBe(4);
    expect(output).not.toHaveProperty("gradientGrowth");
  });
});

test("the first verdict that holds is given: saturated, exploding, dead, constant, vanishing", () => {
  // Each state has all faults that come later in the order, too; a gradient that vanished is the last of them.
  const gradient = 1e-9;
  const constant = [-20, -20, -20, -20];
  const of = (activation: ActivationName, preActivation: readonly (readonly number[])[], layerInput = [1]) =>
    health({ first: { preActivation, gradient, layerInput } }, activation)[0].verdict;
  expect(of("tanh", [constant, constant])).toBe("saturated");
  expect(of("relu", [constant, constant])).toBe("exploding");
  expect(of("relu", [constant, constant], [20])).toBe("dead");
  expect(of("elu", [constant, constant], [20])).toBe("constant");
  expect(of("elu", times(FIRST.preActivation, 20), [20])).toBe("vanishing");
  expect(of("elu", [[INFINITY, 0, 0, 0], constant])).toBe("exploding");
  expect(of("tanh", [[NAN, -20, -20, -20], constant])).toBe("exploding");
});

test("a state is left as it was seen", () => {
  const observation = observed([FIRST, SECOND, OUTPUT]);
  const before = structuredClone(observation);
  healthOf("relu", observation, { units: unitsOf(observation), targetSquare: 1 });
  expect(observation).toEqual(before);
});

test("the thresholds are those that the documents state", () => {
  const names = [
    "units",
    "constant-unit",
    "growth",
    "large-second-moment",
    "small-second-moment",
    "small-gradient",
  ] as const;
  expect(names.map(limit)).toEqual([0.5, 1e-6, 4, 100, 1e-4, 1e-3]);
});

test("a verdict carries the number that its own rule used, and the limit it is beyond", () => {
  const silent = [-1, -2, -1, 0];
  const evidence = (of: Health) => [of.evidence?.rule, of.evidence?.value, of.evidence?.limit];
  expect(evidence(health({ second: { preActivation: [silent, silent] } })[1])).toEqual(["silent-units", 1, 0.5]);
  expect(evidence(health({ first: { gradient: 0.0005 } })[0])).toEqual(["small-gradient", 0.0005, 0.001]);
  const tiny = { second: { preActivation: times(SECOND.preActivation, 2 ** -8) } };
  expect(evidence(health(tiny, "tanh")[1])).toEqual(["small-values", 2 ** -16, 1e-4]);
  const wide = { second: { preActivation: times(SECOND.preActivation, 16) } };
  expect(evidence(health(wide)[1])).toEqual(["growth", 256, 100]);
  const infinite = { second: { preActivation: [[INFINITY, 0, 0, 0], [0, 0, 0, 0]] } }; // biome-ignore format: a row a unit
  expect(evidence(health(infinite)[1])).toEqual(["not-finite", "Infinity", undefined]);
  expect(evidence(health({ second: { preActivation: times(SECOND.preActivation, 3) } }, "tanh")[1])).toEqual([
    "saturated-values",
    1,
    0.5,
  ]);
  expect(health({})[0]).not.toHaveProperty("evidence");
});

test("an output beyond a hundred times the targets explodes however large the layer before is", () => {
  const before = { preActivation: times(SECOND.preActivation, 1000), layerInput: [1000] };
  const [, , output] = health({
    first: { ...before, preActivation: times(FIRST.preActivation, 1000), layerInput: [1000, -1000] },
    second: before,
    output: { preActivation: [[1000, -1000, 1000, -1000]] },
  });
  expect(output).toMatchObject({
    verdict: "exploding",
    growth: 1,
    evidence: { rule: "output-scale", value: 1e6, limit: 100 },
  });
});

test("results name the rules in the order in which they are asked, and every verdict has one", () => {
  expect(VERDICT_RULES.map(({ rule }) => rule)).toEqual(RULES);
  expect(new Set(["healthy", ...VERDICT_RULES.map(({ verdict }) => verdict)])).toEqual(new Set(VERDICTS));
});
