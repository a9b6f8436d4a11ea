import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noisyPoints } from "../../../src/data/datasets/definition.js";
import { parabola } from "../../../src/data/datasets/parabola.js";
import { type RandomStream, randomStream } from "../../../src/data/streams.js";

const noiseOf = (...deviates: number[]): RandomStream => ({
  ...randomStream(0, "unused"),
  normal: () => deviates.shift() as number,
});

const noisyParabola = (samples: number, noise: number, stream: RandomStream) =>
  noisyPoints(parabola, { samples, inputs: 1, noise }, stream);
const inputGrid = (samples: number) => noisyParabola(samples, 0, randomStream(1, "data noise")).points.x;

describe("the input grid", () => {
  test("has the tutorial's ends −7 and 10, both included, however many points", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3000 }), (samples) => {
        const grid = inputGrid(samples);
        expect([grid.length, grid[0], grid[samples - 1]]).toEqual([samples, -7, 10]);
      }),
    );
  });

  test("is even: 18 points are the whole numbers", () => {
    expect([...inputGrid(18)]).toEqual(Array.from({ length: 18 }, (_, i) => i - 7));
  });

  test("is numpy's linspace in float32 to the last bit", () => {
    const grid = inputGrid(500);
    for (const i of [1, 123, 250, 498]) expect(grid[i]).toBe(Math.fround(-7 + i * (17 / 499)));
  });

  test("of a single point is −7", () => {
    expect([...inputGrid(1)]).toEqual([-7]);
  });
});

describe("the noisy parabola", () => {
  test("is x² − 5 where there is no noise", () => {
    const { points, noiseSquare } = noisyParabola(18, 0, randomStream(1, "data noise"));
    expect([...points.y]).toEqual([...points.x].map((x) => x * x - 5));
    expect(noiseSquare).toBe(0);
    expect([0, -3, 10].map((x) => parabola.target([x]))).toEqual([-5, 4, 95]);
  });

  test("adds the noise times a deviate of its own to each point", () => {
    const { points, noiseSquare } = noisyParabola(2, 8, noiseOf(0.5, -0.25));
    expect(points).toEqual({ samples: 2, inputs: 1, x: new Float32Array([-7, 10]), y: new Float32Array([48, 93]) });
    expect(noiseSquare).toBe((4 ** 2 + 2 ** 2) / 2);
  });

  test("of 8 costs the true parabola about 64", () => {
    const { points, noiseSquare } = noisyParabola(20_000, 8, randomStream(1, "data noise"));
    expect(Math.abs(noiseSquare - 64)).toBeLessThan(4 * 64 * Math.sqrt(2 / 20_000));
    const again = points.y.reduce((sum, y, i) => sum + (y - parabola.target([points.x[i] as number])) ** 2, 0) / 20_000;
    expect(again).toBeCloseTo(noiseSquare, 3);
  });
});
