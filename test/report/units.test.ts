import { describe, expect, test } from "vitest";
import { readRun } from "../../src/output/run-reader.js";
import { unitViewOf } from "../../src/report/unit-view.js";
import { chosenUnit, firstChoice, formulaOf, netPicture, type PageUnits } from "../../src/report/units.js";
import { makeResult } from "../charts/result-fixture.js";
import { sharedRun } from "../cli/shared-run.js";

const layer = { low: [-1, 0], high: [1, 0], values: "00ff8080", mean: [3.41, -2], variance: [21.2, 4] };
const trained = { gamma: [1.02, -1], beta: [0.03, -0.5] };
const norm = { transform: "standardize", epsilon: 0.001, isAfter: false };
const unitsWith = (own: Partial<PageUnits["arms"][0]>): PageUnits => ({
  arms: [{ label: "bn", place: 1, activation: "tanh", update: 5, norm, layers: [{ ...layer, ...trained }], ...own }],
});
const at = (unit: number) => ({ arm: 0, layer: 0, unit });

describe("the formula of a unit", () => {
  test("has its numbers, with their signs", () => {
    expect(formulaOf(unitsWith({}), at(0))).toEqual([
      "u = γ · (z − μ) / √(σ² + ε) + β",
      "u = 1.02 · (z − 3.41) / √(21.2 + 0.001) + 0.03",
    ]);
    expect(formulaOf(unitsWith({}), at(1))[1]).toBe("u = −1 · (z + 2) / √(4 + 0.001) − 0.5");
  });

  test("leaves out what the normalization leaves out", () => {
    const of = (change: Partial<typeof norm>, layers = [layer]) =>
      formulaOf(unitsWith({ norm: { ...norm, ...change }, layers }), at(0));
    expect(of({ transform: "center" })).toEqual(["u = (z − μ)", "u = (z − 3.41)"]);
    expect(of({ transform: "scale", isAfter: true })[0]).toBe("u = tanh(z) / √(m + ε)");
    const { mean: _, ...bare } = layer;
    expect(of({}, [bare as typeof layer])).toEqual(["u = z: this layer is not normalized"]);
    expect(formulaOf(unitsWith({ norm: "u = z: nothing" }), at(0))).toEqual(["u = z: nothing"]);
  });
});

test("a unit is chosen by an address, but not one that is not there", () => {
  expect(chosenUnit(unitsWith({}), "1.1.2")).toEqual(at(1));
  for (const text of [undefined, "", "1.1.3", "2.1.1", "1.1.0", "<b>", "1.1.1e9", "1.1.__proto__"])
    expect(chosenUnit(unitsWith({}), text)).toBeUndefined();
  expect(netPicture(unitsWith({}), at(1)).match(/class="chosen"/g)?.length).toBe(1);
});

test("a run without units has no view of one", async () => {
  expect(await unitViewOf(makeResult())).toBeUndefined();
});

test("what a run records of its units gives the moments of its layers", async () => {
  const { folder } = await sharedRun("run", "--activation", "relu");
  const { result } = readRun(folder);
  const view = await unitViewOf(result);
  const [plain, bn] = view?.units.arms ?? [];
  expect(plain?.update).toBe(0);
  expect(bn?.update).toBe(250);
  expect(firstChoice(view?.units as PageUnits)).toEqual({ arm: 1, layer: 0, unit: 0 });
  const checkpoint = result.arms["bn"]?.checkpoints.at(-1);
  for (const [place, { gamma = [], beta = [], variance = [] }] of (bn?.layers ?? []).entries()) {
    const { mean, variance: spread } = checkpoint?.layers[place]?.preActivation ?? {};
    const average = (of: (unit: number) => number) =>
      beta.reduce<number>((sum, _, unit) => sum + of(unit), 0) / beta.length;
    const [g, b, v] = [gamma, beta, variance].map((list) => (unit: number) => Number(list[unit])) as [
      (unit: number) => number,
      (unit: number) => number,
      (unit: number) => number,
    ];
    // Over the batch a unit has mean β and variance γ² σ²/(σ² + ε); six digits of each are recorded.
    expect(Number(mean)).toBeCloseTo(average(b), 5);
    const second = average((unit) => (g(unit) ** 2 * v(unit)) / (v(unit) + 0.001) + b(unit) ** 2);
    expect(Number(spread) + Number(mean) ** 2).toBeCloseTo(second, 4);
  }
});
