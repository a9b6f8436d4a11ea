import type { ArmResult, Checkpoint, Distribution, Layer, Result, Statistic } from "../../src/experiment/result.js";

const VALUES = 15_000;

/** Counts of a bell over 64 bins, out of `VALUES`; the tails beyond the range are underflow and overflow. */
export function bell(mean: number, spread: number, low = -8, high = 8): Distribution {
  const edges = Array.from({ length: 65 }, (_, index) => low + ((high - low) * index) / 64);
  // The logistic distribution: its cumulative share needs nothing but exp.
  const below = (x: number) => Math.round(VALUES / (1 + Math.exp(-(x - mean) / (spread * 0.55))));
  const counts = edges.slice(1).map((edge, bin) => below(edge) - below(edges[bin] ?? low));
  const underflow = below(low);
  const moments = { mean, variance: spread ** 2, min: mean - 5 * spread, max: mean + 5 * spread };
  return { edges, counts, underflow, overflow: VALUES - below(high), nonFinite: 0, ...moments };
}

/** All values in one bin. */
export function spike(bin: number, low = -8, high = 8): Distribution {
  const empty = bell(0, 1, low, high);
  return { ...empty, counts: empty.counts.map((_, index) => (index === bin ? VALUES : 0)), underflow: 0, overflow: 0 };
}

/** `share` of the values NaN or infinite, the others beyond the range. */
export function exploded(share: number, low = -8, high = 8): Distribution {
  const nonFinite = Math.round(VALUES * share);
  const underflow = Math.round((VALUES - nonFinite) / 3);
  const moments = { mean: "NaN", variance: "NaN", min: "-Infinity", max: "Infinity" } as const;
  const counts = bell(0, 1).counts.map(() => 0);
  return {
    ...bell(0, 1, low, high),
    counts,
    underflow,
    overflow: VALUES - nonFinite - underflow,
    nonFinite,
    ...moments,
  };
}

export function layer(index: number, preActivation: Distribution, layerInput: Distribution): Layer {
  return { layer: index, preActivation, layerInput, gradientNorms: { kernel: 1, preActivation: 1 } };
}

interface Shape {
  readonly hiddenLayers?: number;
  readonly updates?: number;
  readonly histogramEvery?: number;
  readonly inputs?: number;
  readonly samples?: number;
  readonly config?: Partial<Result["config"]>;
  /** The update at which the plain arm diverges. */
  readonly plainDivergesAt?: number;
  readonly bnDivergesAt?: number;
  /** Replaces the plain arm's predictions. */
  readonly plainFit?: (x: number) => Statistic;
  /** The range of the plain arm's input. */
  readonly inputRange?: readonly [number, number];
}

/** A whole result with made-up but plausible numbers, the same on every call. */
export function makeResult(shape: Shape = {}): Result {
  const { hiddenLayers = 3, updates = 100, histogramEvery = 50, inputs = 1, samples = 120 } = shape;
  const [from, to] = shape.inputRange ?? [-7, 10];
  const x = Array.from({ length: samples }, (_, index) => from + ((to - from) * index) / (samples - 1));
  const y = x.map((value, index) => value ** 2 - 5 + 8 * Math.sqrt(2) * ((((index * 7919) % 101) - 50) / 50));
  const grid = Array.from({ length: 50 }, (_, index) => from + ((to - from) * index) / 49);
  const ends = [y.reduce((a, b) => Math.min(a, b)), y.reduce((a, b) => Math.max(a, b))] as const;
  const at = inputs === 1 ? grid : x;
  const recorded = Array.from(
    { length: Math.floor(updates / histogramEvery) + 1 },
    (_, index) => index * histogramEvery,
  );

  const checkpoint = (update: number, normalized: boolean, exploding: boolean): Checkpoint => ({
    update,
    layers: Array.from({ length: hiddenLayers + 1 }, (_, index) => {
      const range = index === hiddenLayers ? ends : ([-8, 8] as const);
      const width = index === hiddenLayers ? 12 : normalized ? 1 : 1 + 2 * index;
      const input = index > 0 ? bell(0, 0.4, -1, 1) : normalized ? bell(0, 1, -1.7, 1.7) : bell(1.5, 4, from, to);
      return exploding
        ? layer(
            index,
            exploded(index / hiddenLayers, ...range),
            index === 0 ? input : exploded((index - 1) / hiddenLayers, 0, 8),
          )
        : layer(index, bell(index === hiddenLayers ? 20 : 0, width, ...range), input);
    }),
  });

  const arm = (normalized: boolean, divergesAt: number | undefined, fit: (x: number) => Statistic): ArmResult => {
    const last = divergesAt === undefined ? updates : divergesAt - 1;
    const costUpdates = Array.from({ length: Math.floor(last / 5) + 1 }, (_, index) => index * 5);
    const costs = costUpdates.map((update) => {
      const train =
        divergesAt === undefined
          ? 70 + 1000 / (1 + update / (normalized ? 4 : 30))
          : Math.min(3e38, 9.9e8 * 10 ** update);
      return { update, train, inference: !normalized ? train : update === 0 ? null : train * 1.02 };
    });
    const kept = recorded.filter((update) => divergesAt === undefined || update < divergesAt);
    const checkpoints = kept.map((update) => checkpoint(update, normalized, false));
    if (divergesAt !== undefined) {
      const divergence = { update: divergesAt, layer: 0, tensor: "layers.0.kernel" };
      return {
        status: "diverged",
        costs,
        checkpoints: [...checkpoints, checkpoint(divergesAt, normalized, true)],
        divergence,
      };
    }
    const { train = 0, inference = 0 } = costs.at(-1) ?? {};
    return { status: "trained", costs, checkpoints, final: { train, inference: inference ?? train }, fit: at.map(fit) };
  };

  const digest = "0".repeat(64);
  return {
    schemaVersion: 1,
    config: {
      preset: "tutorial",
      activation: "tanh",
      updates,
      seed: 1,
      samples,
      shuffle: false,
      decay: 0.5,
      epsilon: 0.001,
      debias: false,
      costEvery: 5,
      histogramEvery,
      engine: "reference",
      backend: "typescript",
      sizes: [inputs, ...Array<number>(hiddenLayers).fill(30), 1],
      batchSize: samples,
      learningRate: 0.001,
      init: "normal",
      ...shape.config,
    },
    engine: { name: "reference", backend: "typescript", version: { "bn-compare": "0.1.0" } },
    pairing: { data: digest, evaluation: digest, batchOrder: digest, arms: {} },
    anchors: { ...(inputs === 1 ? { noiseFloor: 64, realisedNoise: 63.2 } : {}), predictMean: 746 },
    data: {
      inputs,
      trainingSamples: samples,
      evaluationSamples: samples,
      ...(inputs === 1 ? { truth: "x² − 5" as const, grid } : {}),
      drawn: inputs === 1 ? { x, y } : { y },
    },
    arms: {
      plain: arm(false, shape.plainDivergesAt, shape.plainFit ?? ((value) => 0.8 * value ** 2)),
      bn: arm(true, shape.bnDivergesAt, (value) => value ** 2 - 4),
    },
  };
}

/** The results that every picture is tried on. */
export const cases: Readonly<Record<string, Result>> = {
  trained: makeResult(),
  "plain diverged": makeResult({ hiddenLayers: 7, updates: 250, plainDivergesAt: 1, config: { activation: "relu" } }),
  "plain diverged late": makeResult({ updates: 250, plainDivergesAt: 240 }),
  "both diverged": makeResult({ plainDivergesAt: 1, bnDivergesAt: 7 }),
  "diverged at once": makeResult({ plainDivergesAt: 0, bnDivergesAt: 0 }),
  "thirty layers, twelve records": makeResult({ hiddenLayers: 30, updates: 110, histogramEvery: 10 }),
  "one hidden layer, two updates": makeResult({ hiddenLayers: 1, updates: 2, histogramEvery: 1 }),
  "no update": makeResult({ updates: 0 }),
  "three input columns": makeResult({ inputs: 3 }),
  "three input columns, all diverged": makeResult({ inputs: 3, plainDivergesAt: 1, bnDivergesAt: 1 }),
  "fits far away": makeResult({ plainFit: (x) => (x > 5 ? "Infinity" : 1e30 * x) }),
  "inputs of another scale": makeResult({ inputRange: [-1234.5, 98765.4] }),
  "hostile names": makeResult({
    config: { activation: `</script><script>alert("1")</script>&\u0000\ud800${"א".repeat(9_999)}`, init: "]]>\u202e" },
  }),
  "mini-batches": makeResult({ config: { batchSize: 10, init: "he", sizes: [1, 30, 20, 10, 1] } }),
};
