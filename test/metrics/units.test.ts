import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/engines/engine.js";
import { unitPlaces, unitsOf } from "../../src/metrics/units.js";
import { type PageUnits, unitRows } from "../../src/report/units.js";

const samples = 60;
const x = Float32Array.from({ length: samples }, (_, at) => ((at * 7) % samples) / 10);
const points = { samples, inputs: 1, x, y: new Float32Array(samples) };

function observed(units: number, value: (unit: number, x: number) => number): Observation {
  const preActivation = Float64Array.from({ length: units * samples }, (_, at) =>
    value(Math.floor(at / samples), x[at % samples] ?? 0),
  );
  const gradientNorms = { kernel: 1, preActivation: 1 };
  const layer = { preActivation, layerInput: preActivation, gradientNorms };
  return { update: 7, cost: 1, layers: [layer, { ...layer, preActivation: new Float64Array(samples) }] };
}

const tensors = new Map(
  ["gamma", "beta"].map((name, place) => [
    `norms.1.${name}`,
    { shape: [3], data: Float32Array.from([1.23456789, 2, -3].map((value) => value + place)) },
  ]),
);

describe("single units", () => {
  test("are recorded along x, to a 255th of their range", () => {
    const places = unitPlaces(points);
    expect(places.length).toBe(25);
    const value = (unit: number, at: number) => (unit === 2 ? -4 : (unit + 1) * (at - 2) ** 2);
    const units = unitsOf(observed(3, value), points, places, tensors);
    if (units === undefined) throw new Error("units");
    expect(units.update).toBe(7);
    expect(units.x).toEqual(units.x?.toSorted((one, other) => one - other));
    expect([units.x?.[0], units.x?.at(-1)]).toEqual([0, 5.9]);
    expect(units.layers[0]?.gamma).toEqual([1.23457, 2, -3]);
    expect(units.layers[0]?.beta).toEqual([2.23457, 3, -2]);
    const shown: PageUnits = {
      arms: [
        { label: "bn", place: 0, activation: "relu", update: 7, norm: "", x: units.x ?? [], layers: units.layers },
      ],
    };
    for (const unit of [0, 1, 2])
      for (const row of unitRows(shown, { arm: 0, layer: 0, unit })) {
        const range = unit === 2 ? 0 : (unit + 1) * 3.9 ** 2;
        expect(Math.abs(row.receives - value(unit, row.x))).toBeLessThanOrEqual(range / 510 + 1e-4);
        expect(row.outputs).toBe(Math.max(0, row.receives));
      }
  });

  test("are forty at most, and none where a value is not a number", () => {
    const places = unitPlaces(points);
    const units = unitsOf(
      observed(50, (_, at) => at),
      points,
      places,
      new Map(),
    );
    expect(units?.layers[0]?.low.length).toBe(40);
    expect(units?.layers[0]?.values.length).toBe(40 * 25 * 2);
    expect(units?.layers[0]).not.toHaveProperty("gamma");
    expect(
      unitsOf(
        observed(2, (_, at) => 1 / (at - at)),
        points,
        places,
        new Map(),
      ),
    ).toBeUndefined();
  });

  test("keep the points' own order with several inputs", () => {
    const many = { samples: 4, inputs: 2, x: new Float32Array(8), y: new Float32Array(4) };
    expect(unitPlaces(many)).toEqual([0, 1, 2, 3]);
    expect(unitPlaces({ ...many, samples: 1 })).toEqual([0]);
  });
});
