import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImageForm, Points } from "../../src/data/points.js";
import { sampleOf } from "../../src/data/sample.js";
import type { Engine, EngineArm, Moments, NormObservation, Observation } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { startGapAudit } from "../../src/metrics/gap-audit.js";
import type { Normalization } from "../../src/model/network.js";
import type { Gap } from "../../src/record/layers.js";
import type { Schedule } from "../../src/training/schedule.js";
import { normalPoints, smallTask } from "../engines/tasks.js";
import { scriptedArm } from "../training/scripted-arm.js";

const NORMALIZATION: Normalization = { epsilon: 0.001, decay: 0.5, debias: false };

const moments = (mean: number, variance: number): Moments => ({
  mean: Float64Array.of(mean),
  variance: Float64Array.of(variance),
});

/** An observation of one norm, that of the input. */
const observationOf = (update: number, batch: Moments, moving: Moments): Observation => {
  const inputNorm: NormObservation = {
    batchMean: batch.mean,
    batchVariance: batch.variance,
    movingMean: moving.mean,
    movingVariance: moving.variance,
  };
  return { update, cost: 1, inputNorm, layers: [] };
};

/** An arm without a network, whose one norm sees `seen(update)`, and which writes down when it was asked. */
function normArm(seen: (update: number) => Moments) {
  const looks: number[] = [];
  const sets: Omit<Points, "y">[] = [];
  const arm: EngineArm & { at: number } = {
    ...scriptedArm(),
    at: 0,
    get update() {
      return arm.at;
    },
    averaged: () => [new Map([[0, seen(arm.at - 1)]])],
    normStatistics(points) {
      looks.push(arm.at);
      sets.push(points);
      return new Map([[0, seen(arm.at)]]);
    },
  };
  return { arm, looks, sets };
}

interface Audited {
  readonly schedule: Schedule;
  readonly normalization?: Partial<Normalization>;
  readonly samples?: number;
  readonly image?: ImageForm;
  readonly batchSize?: number;
  readonly seen?: (update: number) => Moments;
}

/** Trains such an arm along its schedule; what was looked at when, and the gaps of a moving average that is 0. */
function audited({ schedule, samples = 20, image, batchSize = 10, seen = () => moments(1, 3), ...rest }: Audited) {
  const normalization = { ...NORMALIZATION, ...rest.normalization };
  const { arm, looks, sets } = normArm(seen);
  const training = { ...normalPoints(samples, 2, 1), ...(image === undefined ? {} : { image }) };
  const audit = startGapAudit({ training, sample: sampleOf(training), batchSize, normalization, schedule });
  const gaps: (readonly [number, Gap | undefined])[] = [];
  const checkpoints: number[] = [];
  for (arm.at = 0; arm.at <= schedule.updates; arm.at++) {
    if (arm.at > 0) audit.after(arm);
    if (arm.at % schedule.histogramEvery === 0 || arm.at === schedule.updates) {
      checkpoints.push(looks.length);
      gaps.push([arm.at, audit.gaps(arm, observationOf(arm.at, seen(arm.at), moments(0, 0))).get(0)]);
    }
    if (arm.at < schedule.updates) audit.before(arm);
  }
  return { looks, sets, gaps, checkpoints: checkpoints.length };
}

const schedule = (updates: number, histogramEvery: number): Schedule => ({ updates, histogramEvery, costEvery: 1 });

describe("with mini-batches, the training set is looked at", () => {
  test("at the checkpoints, and at the updates before them that weigh more than 1e-4", () => {
    const { looks } = audited({ schedule: schedule(100, 50) });
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    // 2⁻¹³ is more than 1e-4, 2⁻¹⁴ is not.
    expect(looks).toEqual([0, ...range(36, 50), ...range(86, 100)]);
  });

  test("at every update where all of them weigh something", () => {
    const { looks } = audited({ schedule: schedule(6, 6), normalization: { decay: 0.99 } });
    expect(looks).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("at the last update before a checkpoint alone where nothing older weighs", () => {
    const { looks } = audited({ schedule: schedule(9, 4), normalization: { decay: 0 } });
    expect(looks).toEqual([0, 3, 4, 7, 8, 8, 9]);
  });

  test("at no more than 500 updates and one for each checkpoint, whatever the schedule", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.constantFrom(0, 0.5, 0.9, 0.99, 0.999, 0.9999),
        (updates, histogramEvery, decay) => {
          const { looks, checkpoints } = audited({
            schedule: schedule(updates, histogramEvery),
            normalization: { decay },
          });
          // A checkpoint after the first update takes a look of its own.
          expect(looks.length - (checkpoints - 1)).toBeLessThanOrEqual(500 + checkpoints);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("eight times before a checkpoint where the points are images, each time for an eighth of the average", () => {
    const image = { height: 2, width: 1, channels: 1 };
    const { looks } = audited({ schedule: schedule(200, 100), normalization: { decay: 0.9 }, image });
    // The first whole numbers b with 1 − 0.9ᵇ ≥ 0, 1/8, 2/8, …
    const backs = [20, 14, 10, 7, 5, 3, 2, 0];
    expect(looks).toEqual([0, ...backs.map((back) => 99 - back), 100, ...backs.map((back) => 199 - back), 200]);
    expect(audited({ schedule: schedule(1, 1), samples: 1437, image }).sets[0]).toMatchObject({ samples: 479 });
  });

  test("through at most 2500 of its points, evenly chosen", () => {
    const one = schedule(1, 1);
    expect(audited({ schedule: one, samples: 2500 }).sets[0]).toMatchObject({ samples: 2500, inputs: 2 });
    const training = normalPoints(6001, 2, 1);
    const [points] = audited({ schedule: one, samples: 6001 }).sets as [Omit<Points, "y">];
    expect(points.samples).toBe(2001);
    for (const s of [0, 1, 1000, 2000]) {
      expect([...points.x.subarray(2 * s, 2 * s + 2)]).toEqual([...training.x.subarray(6 * s, 6 * s + 2)]);
    }
  });
});

describe("with mini-batches, the lag is that of the averaged statistics", () => {
  /** F by its definition, over every update. */
  const averaged = (decay: number, update: number, seen: (update: number) => Moments) => {
    let [mean, variance] = [0, 0];
    for (let k = 0; k < update; k++) {
      mean = decay * mean + (1 - decay) * (seen(k).mean[0] as number);
      variance = decay * variance + (1 - decay) * (seen(k).variance[0] as number);
    }
    return { mean, variance };
  };
  const drifting = (update: number) => moments(1 + 0.5 * update, 4 + 0.25 * update);

  test.each([0, 0.5, 0.9, 0.99])("with decay %d, exactly where no update is left out", (decay) => {
    const { gaps } = audited({ schedule: schedule(12, 4), normalization: { decay }, seen: drifting });
    expect(gaps.map(([update]) => update)).toEqual([0, 4, 8, 12]);
    expect(gaps[0]?.[1]).toBeUndefined();
    for (const [update, gap] of gaps.slice(1)) {
      const F = averaged(decay, update, drifting);
      const { mean, variance } = drifting(update);
      const [S, V] = [mean[0] as number, variance[0] as number];
      const [weight, unit] = [decay ** update, V + NORMALIZATION.epsilon];
      expect(gap?.mean.lag).toBeCloseTo(Math.abs(F.mean - (1 - weight) * S) / Math.sqrt(unit), 12);
      expect(gap?.variance.lag).toBeCloseTo(Math.abs(F.variance - (1 - weight) * V) / unit, 12);
      expect(gap?.mean.initializationBias).toBeCloseTo((weight * S) / Math.sqrt(unit), 12);
      // The batches are the whole set here, and the engine's average is 0, so what rounding took of it is all of F.
      expect(gap?.mean.noise).toBeCloseTo(0, 12);
      expect(gap?.mean.rounding).toBeCloseTo(F.mean / Math.sqrt(unit), 12);
      expect(gap?.mean.total).toBeCloseTo(S / Math.sqrt(unit), 12);
    }
  });

  test("to 1e-4 of what the statistics moved where old updates are left out", () => {
    const { gaps } = audited({ schedule: schedule(200, 100), seen: drifting });
    for (const [update, gap] of gaps.slice(1)) {
      const { mean, variance } = drifting(update);
      const exact = averaged(0.5, update, drifting).mean - (mean[0] as number);
      const unit = Math.sqrt((variance[0] as number) + NORMALIZATION.epsilon);
      expect(Math.abs((gap?.mean.lag as number) * unit - Math.abs(exact))).toBeLessThan(1e-4 * 0.5 * update);
    }
  });

  test("in debiased averages has their divisor, and no initialization bias", () => {
    const { gaps } = audited({
      schedule: schedule(3, 3),
      normalization: { debias: true, decay: 0.75 },
      seen: drifting,
    });
    const [, [update, gap]] = gaps as [unknown, [number, Gap]];
    const F = averaged(0.75, update, drifting).mean / (1 - 0.75 ** 3);
    const unit = Math.sqrt(4.75 + NORMALIZATION.epsilon);
    expect(gap.mean.initializationBias).toBe(0);
    expect(gap.mean.lag).toBeCloseTo(Math.abs(F - 2.5) / unit, 12);
  });
});

describe("with whole batches", () => {
  test("training itself has seen the statistics: nothing is measured", () => {
    const { looks, gaps } = audited({ schedule: schedule(10, 5), batchSize: 20 });
    expect(looks).toEqual([]);
    expect(gaps.map(([update, gap]) => [update, gap === undefined])).toEqual([[0, true], [5, false], [10, false]]); // biome-ignore format: pairs
    expect(gaps.map(([, gap]) => gap?.mean.noise)).toEqual([undefined, 0, 0]);
  });

  test("in ghost batches the training set's own statistics are measured, unless one ghost batch holds all", () => {
    const looks = (ghostBatchSize: number) =>
      audited({ schedule: schedule(2, 2), batchSize: 20, normalization: { ghostBatchSize } }).looks.length;
    expect(looks(5)).toBe(3);
    expect(looks(19)).toBe(3);
    expect(looks(20)).toBe(0);
    expect(looks(100)).toBe(0);
  });
});

describe.each(["fused", "reference"] as const)("the gaps of an arm of the engine %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await loadEngine(name)).engine;
  });
  afterAll(() => engine.dispose());

  /** Rounding of the moving averages, and of statistics summed in another order. */
  const rounding = name === "reference" ? 1e-12 : 3e-6;
  const UPDATES = 9;

  interface Choice {
    readonly batchSize: number;
    readonly learningRate: number;
    readonly normalization?: Partial<Normalization>;
    readonly sizes?: readonly number[];
  }

  /** The gaps after `UPDATES` updates, and everything that they are made of as seen from outside. */
  function trained({ batchSize, learningRate, normalization, sizes = [2, 4, 3, 1] }: Choice) {
    const task = smallTask({
      arm: "bn",
      samples: 20,
      batchSize,
      learningRate,
      sizes,
      ...(normalization === undefined ? {} : { normalization }),
    });
    const full = { ...NORMALIZATION, ...normalization };
    const arm = engine.createArm(task);
    const audit = startGapAudit({
      training: task.training,
      sample: task.training,
      batchSize,
      normalization: full,
      schedule: schedule(UPDATES, 3),
    });
    const seen: ReadonlyMap<number, Moments>[] = [];
    const exact = new Map<number, Float64Array>();
    while (arm.update < UPDATES) {
      seen.push(
        new Map(
          [...arm.normStatistics(task.training)].map(([index, { mean, variance }]) => [
            index,
            { mean: mean.slice(), variance: variance.slice() },
          ]),
        ),
      );
      audit.before(arm);
      arm.advance(arm.update + 1);
      audit.after(arm);
      for (const [index, { mean }] of arm.averaged()[0] ?? []) {
        const { decay } = full;
        const average = exact.get(index) ?? new Float64Array(mean.length);
        exact.set(
          index,
          average.map((value, i) => decay * value + (1 - decay) * (mean[i] as number)),
        );
      }
    }
    const observation = arm.observe("next-batch");
    const gaps = audit.gaps(arm, observation);
    const now = arm.normStatistics(task.training);
    const norms = new Map([observation.inputNorm, ...observation.layers.map(({ norm }) => norm)].entries());
    arm.dispose();
    /** The mean's gap and its parts by their definition, by norm. */
    const expected = (index: number) => {
      const { decay, epsilon } = full;
      const [S, moving] = [now.get(index) as Moments, norms.get(index) as NormObservation];
      const squares = { total: 0, initializationBias: 0, lag: 0, noise: 0, rounding: 0 };
      S.mean.forEach((s, i) => {
        const F = seen.reduce(
          (sum, each) => decay * sum + (1 - decay) * ((each.get(index) as Moments).mean[i] as number),
          0,
        );
        const unit = Math.sqrt((S.variance[i] as number) + epsilon);
        const [M, initializationBias] = [moving.movingMean[i] as number, -(decay ** UPDATES) * s];
        squares.total += ((M - s) / unit) ** 2;
        squares.initializationBias += (initializationBias / unit) ** 2;
        squares.lag += ((F - s - initializationBias) / unit) ** 2;
        const A = exact.get(index)?.[i] as number;
        squares.noise += ((A - F) / unit) ** 2;
        squares.rounding += ((M - A) / unit) ** 2;
      });
      const parts = Object.entries(squares) as [keyof typeof squares, number][];
      return parts.map(([part, sum]) => [part, Math.sqrt(sum / S.mean.length)] as const);
    };
    return { gaps, expected, now };
  }

  const entriesOf = (gaps: ReadonlyMap<number, Gap>) =>
    [...gaps.values()].flatMap(({ mean, variance }) => [mean, variance]);

  test("with whole batches and frozen weights are the start alone: decay^t of it", () => {
    const { gaps, now } = trained({ batchSize: 20, learningRate: 0 });
    expect([...gaps.keys()]).toEqual([0, 1, 2]);
    for (const { noise, lag } of entriesOf(gaps)) {
      expect(noise).toBe(0);
      expect(lag).toBeLessThan(rounding);
    }
    for (const [index, { variance }] of gaps) {
      const shares = Array.from((now.get(index) as Moments).variance, (v) => v / (v + NORMALIZATION.epsilon));
      const rms = Math.sqrt(shares.reduce((sum, share) => sum + share * share, 0) / shares.length);
      expect(Math.abs((variance.initializationBias as number) / (0.5 ** UPDATES * rms) - 1)).toBeLessThan(rounding);
      expect(variance.total).toBeCloseTo(variance.initializationBias as number, 5);
    }
  });

  test("with whole batches and weights that move are start and lag, without noise", () => {
    const { gaps, expected } = trained({ batchSize: 20, learningRate: 0.05 });
    for (const [index, { mean, variance }] of gaps) {
      for (const [part, value] of expected(index)) {
        if (part !== "noise") expect(Math.abs((mean[part] as number) - value)).toBeLessThan(rounding);
      }
      expect([mean.noise, variance.noise]).toEqual([0, 0]);
    }
    // The input's statistics hang on no weight.
    expect(gaps.get(0)?.mean.lag).toBeLessThan(rounding);
    expect(gaps.get(2)?.mean.lag).toBeGreaterThan(1e-3);
  });

  test("with mini-batches and frozen weights are the start and noise, without lag", () => {
    const { gaps, expected } = trained({ batchSize: 6, learningRate: 0 });
    for (const { lag } of entriesOf(gaps)) expect(lag).toBeLessThan(rounding);
    for (const [index, { mean, variance }] of gaps) {
      expect(variance.noise).toBeGreaterThan(0.01);
      // What a normalized input sums to is zero in every batch: the first hidden layer's mean is its bias.
      if (index === 1) expect(mean.noise).toBeLessThan(rounding);
      else expect(mean.noise).toBeGreaterThan(0.01);
    }
    for (const [index, { mean }] of gaps) {
      for (const [part, value] of expected(index))
        expect(Math.abs((mean[part] as number) - value)).toBeLessThan(rounding);
    }
  });

  test.each<[string, Partial<Normalization>]>([
    ["as usual", {}],
    ["a slow decay", { decay: 0.9 }],
    ["the hidden layers alone", { where: "hidden" }],
    ["the input alone", { where: "input" }],
    ["behind the activation", { position: "after" }],
    ["in ghost batches", { ghostBatchSize: 2 }],
  ])("with mini-batches and weights that move are all three parts: %s", (_, normalization) => {
    const { gaps, expected } = trained({ batchSize: 6, learningRate: 0.05, normalization });
    const { where = "all" } = normalization;
    const places: Record<string, number[]> = { all: [0, 1, 2], hidden: [1, 2], input: [0] };
    expect([...gaps.keys()]).toEqual(places[where]);
    for (const [index, { mean }] of gaps) {
      for (const [part, value] of expected(index))
        expect(Math.abs((mean[part] as number) - value)).toBeLessThan(rounding);
    }
  });

  test("of whole batches in equal ghost batches have noise in the variance alone", () => {
    const { gaps } = trained({ batchSize: 20, learningRate: 0, normalization: { ghostBatchSize: 5, where: "input" } });
    const gap = gaps.get(0) as Gap;
    // The mean of equal groups' means is the whole's; their variances lack what lies between the groups.
    expect(gap.mean.noise).toBeLessThan(rounding);
    expect(gap.variance.noise).toBeGreaterThan(0.01);
    expect(gap.variance.lag).toBeLessThan(rounding);
  });

  test("debiased have no start, and with frozen weights nothing else either", () => {
    const { gaps } = trained({ batchSize: 20, learningRate: 0, normalization: { debias: true } });
    for (const { total, initializationBias, lag } of entriesOf(gaps)) {
      expect(initializationBias).toBe(0);
      expect(lag).toBeLessThan(rounding);
      expect(total).toBeLessThan(rounding);
    }
  });

  test("leave the arm as it was", () => {
    const task = smallTask({ arm: "bn", samples: 20, batchSize: 6 });
    const [watched, alone] = [engine.createArm(task), engine.createArm(task)];
    const audit = startGapAudit({
      training: task.training,
      sample: task.training,
      batchSize: 6,
      normalization: NORMALIZATION,
      schedule: schedule(UPDATES, 3),
    });
    while (watched.update < UPDATES) {
      audit.before(watched);
      watched.advance(watched.update + 1);
      audit.after(watched);
      audit.gaps(watched, watched.observe("next-batch"));
    }
    alone.advance(UPDATES);
    expect([...watched.state().tensors]).toEqual([...alone.state().tensors]);
    for (const arm of [watched, alone]) arm.dispose();
  });
});
