import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/streams.js";
import { bestPlace, type Finals, factorOf, halves, medianOf } from "../../src/sweep/best.js";

const finals = (...costs: (number | "diverged")[]): Finals => new Map(costs.map((cost, seed) => [seed, cost]));

describe("a factor", () => {
  test("is the geometric mean over the pairs, with Student's interval", () => {
    const factor = factorOf(finals(8, 8), finals(4, 1), [0, 1]);
    // Logs 0.693 and 2.079: mean 1.386, standard error 0.693, t(0.975, 1) = 12.706.
    expect(factor?.factor).toBeCloseTo(4, 12);
    expect(factor?.low).toBeCloseTo(4 * Math.exp(-12.7062047 * Math.LN2), 8);
    expect(factor?.high).toBeCloseTo(4 * Math.exp(12.7062047 * Math.LN2), -1);
    expect([factor?.pairs, factor?.undefinedPairs]).toEqual([2, 0]);
  });

  test("counts pairs without two costs, and never averages them", () => {
    const factor = factorOf(finals("diverged", 8, 8), finals(1, 4, "diverged"), [0, 1, 2]);
    expect(factor).toEqual({ factor: expect.closeTo(2, 12), pairs: 1, undefinedPairs: 2 });
    expect(factorOf(finals("diverged"), finals(1), [0])).toBeUndefined();
  });
});

describe("the best place", () => {
  test("has the lowest median; what diverges is above every cost", () => {
    expect(bestPlace([finals(3, 3, 3), finals(1, 2, "diverged"), finals(0, "diverged", "diverged")], [0, 1, 2])).toBe(
      1,
    );
    expect(medianOf(finals(5, "diverged"), [0, 1])).toBe(5);
  });

  test("is none where everywhere most runs diverge", () => {
    expect(bestPlace([finals("diverged", "diverged", 1)], [0, 1, 2])).toBeUndefined();
  });
});

describe("of two equal arms, each at its own best of 13 rates", () => {
  const RATES = 13;
  const SIMULATIONS = 1000;

  /** How often the interval holds "no effect", when the rates are chosen on some seeds and measured on some. */
  function coverage(count: number, choose: (seeds: number[]) => { choosing: number[]; measuring: number[] }) {
    const { normal } = randomStream(20260101, `coverage/${count}`);
    const seeds = Array.from({ length: count }, (_, seed) => seed);
    const { choosing, measuring } = choose(seeds);
    let held = 0;
    for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
      // A seed is easier or harder for both arms alike; nothing else tells the arms or the rates apart.
      const luck = seeds.map(normal);
      const arm = () => Array.from({ length: RATES }, () => finals(...luck.map((own) => Math.exp(own + normal()))));
      const [one, other] = [arm(), arm()];
      const [a, b] = [one, other].map((places) => places[bestPlace(places, choosing) ?? 0] ?? new Map());
      const { low = 0, high = 0 } = factorOf(a as Finals, b as Finals, measuring) ?? {};
      if (low <= 1 && high >= 1) held += 1;
    }
    return held / SIMULATIONS;
  }

  test.each([40, 10, 4])("with %i seeds the interval of the second half holds no effect in 0.93 or more", (count) => {
    const share = coverage(count, halves);
    console.log(`${count} seeds, chosen on one half and measured on the other: ${100 * share} %`);
    expect(share).toBeGreaterThanOrEqual(0.93);
  });

  test("of two arms that are both tuned on the seeds that measure them the favors cancel", () => {
    const share = coverage(40, (seeds) => ({ choosing: seeds, measuring: seeds }));
    console.log(`40 seeds, both arms chosen and measured on the same: ${100 * share} %`);
    expect(share).toBeGreaterThanOrEqual(0.93);
  });

  test("of one that is tuned on the seeds that measure it, and one that is not, they do not", () => {
    const { normal } = randomStream(7, "same-seeds");
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    let held = 0;
    for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
      const places = Array.from({ length: RATES }, () => finals(...seeds.map(() => Math.exp(normal()))));
      const tuned = places[bestPlace(places, seeds) ?? 0] ?? new Map();
      const fixed = finals(...seeds.map(() => Math.exp(normal())));
      const { low = 0, high = 0 } = factorOf(fixed, tuned, seeds) ?? {};
      if (low <= 1 && high >= 1) held += 1;
    }
    console.log(`40 seeds, one arm chosen and measured on the same: ${(100 * held) / SIMULATIONS} %`);
    expect(held / SIMULATIONS).toBeLessThan(0.93);
  });
});
