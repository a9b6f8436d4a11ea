import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import { type NetworkSpec, type Normalization, norms } from "../../src/model/network.js";
import type { Tensor } from "../../src/model/tensors.js";

export const ACTIVATIONS: readonly ActivationName[] = [
  "relu",
  "leaky-relu",
  "elu",
  "selu",
  "gelu",
  "silu",
  "softplus",
  "tanh",
  "sigmoid",
  "identity",
];

export interface TaskOptions {
  readonly sizes?: readonly number[];
  readonly samples?: number;
  readonly evaluationSamples?: number;
  readonly batchSize?: number;
  readonly activation?: ActivationName;
  readonly bn?: boolean;
  readonly debias?: boolean;
  /** How a bn arm normalizes. */
  readonly normalization?: Partial<Normalization>;
  readonly rate?: number;
  /** Standard deviation of the kernels; he's where absent. */
  readonly deviation?: number;
  readonly seed?: number;
}

/** A sequence of uniform numbers in [−1, 1): integer arithmetic only, so the digests below hold on every machine. */
function uniform(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
}

/** An arm's task with the tutorial's shape of data and everything random that could hide an error by being constant. */
export function taskOf(options: TaskOptions = {}): ArmTask {
  const { sizes = [1, 6, 5, 1], samples = 23, activation = "tanh", bn = false, rate = 0.001, seed = 1 } = options;
  const inputs = sizes[0] as number;
  const next = uniform(seed);
  const spec = {
    sizes,
    activation,
    learningRate: rate,
    ...(bn
      ? { normalization: { epsilon: 0.001, decay: 0.5, debias: options.debias ?? false, ...options.normalization } }
      : {}),
  } satisfies NetworkSpec;
  const normIndices = new Set(norms(spec).map(({ index }) => index));
  const tensors = new Map<string, Tensor>();
  const vector = (name: string, units: number, center: number, spread: number) =>
    tensors.set(name, { shape: [units], data: Float32Array.from({ length: units }, () => center + spread * next()) });
  const norm = (index: number) => {
    if (!normIndices.has(index) || options.normalization?.affine === false) return;
    vector(`norms.${index}.gamma`, sizes[index] as number, 1, 0.2);
    vector(`norms.${index}.beta`, sizes[index] as number, 0, 0.2);
  };
  norm(0);
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [rows, units] = [sizes[l] as number, sizes[l + 1] as number];
    const deviation = options.deviation ?? Math.sqrt(2 / rows);
    const data = Float32Array.from({ length: rows * units }, () => deviation * (next() + next() + next()));
    tensors.set(`layers.${l}.kernel`, { shape: [rows, units], data });
    vector(`layers.${l}.bias`, units, 0.1, 0.1);
    norm(l + 1);
  }
  norms(spec).forEach(({ index, units }) => {
    vector(`norms.${index}.moving_mean`, units, 0, 0);
    vector(`norms.${index}.moving_variance`, units, 0, 0);
  });
  const points = (count: number) => {
    const x = Float32Array.from({ length: count * inputs }, (_, i) =>
      i % inputs === 0 ? -7 + (17 * Math.floor(i / inputs)) / Math.max(count - 1, 1) : 2 * next(),
    );
    const y = Float32Array.from({ length: count }, (_, s) => {
      const first = x[s * inputs] as number;
      return first * first - 5 + 8 * (next() + next() + next());
    });
    return { samples: count, inputs, x, y };
  };
  const training = points(samples);
  return {
    spec,
    initial: { update: 0, tensors },
    training,
    batchSize: options.batchSize ?? samples,
    evaluation: options.evaluationSamples === undefined ? training : points(options.evaluationSamples),
  };
}
