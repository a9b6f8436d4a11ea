// Tasks for the benchmarks: the tutorial's data shape and networks of any size, from a small fixed generator.
import { initialTensors } from "../build/model/initializers.js";
import { namedNormalizer } from "../build/model/normalizers/index.js";

/** Uniform in [0, 1): a 32-bit mixer, enough for benchmark data. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Roughly normal: twelve uniforms, the same on every machine. */
function normal(next) {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += next();
  return sum;
}

/** An arm whose state stays finite: he-like kernels, a tiny rate. Inputs are `linspace(-7, 10)` in the first column. */
export function benchmarkTask({
  samples = 500,
  width = 30,
  depth = 7,
  inputs = 1,
  activation = "relu",
  bn = false,
  batchSize = samples,
  std,
  rate = 1e-6,
  normalizer,
  optimizer,
}) {
  const next = generator(1);
  const sizes = [inputs, ...new Array(depth).fill(width), 1];
  const weights = new Map();
  for (let l = 0; l <= depth; l++) {
    const [rows, columns] = [sizes[l], sizes[l + 1]];
    const scale = std ?? Math.sqrt(2 / rows);
    const data = Float32Array.from({ length: rows * columns }, () => scale * normal(next));
    weights.set(`layers.${l}.kernel`, { shape: [rows, columns], data });
    weights.set(`layers.${l}.bias`, { shape: [columns], data: new Float32Array(columns).fill(0.1) });
  }
  const x = Float32Array.from({ length: samples * inputs }, (_, i) =>
    i % inputs === 0 ? -7 + (17 * Math.floor(i / inputs)) / Math.max(samples - 1, 1) : normal(next),
  );
  const y = Float32Array.from({ length: samples }, (_, s) => x[s * inputs] ** 2 - 5 + 8 * normal(next));
  const points = { samples, inputs, x, y };
  const named = normalizer === undefined ? {} : namedNormalizer(normalizer);
  const spec = {
    sizes,
    activation,
    learningRate: rate,
    ...(bn ? { normalization: { epsilon: 0.001, decay: 0.5, debias: false, ...named } } : {}),
    ...(optimizer === undefined ? {} : { optimization: { optimizer } }),
  };
  return {
    spec,
    initial: { update: 0, tensors: initialTensors(weights, spec) },
    training: points,
    batchSize,
    evaluation: points,
  };
}

/** Floating-point operations of one update's three matrix products, multiplications and additions counted apart. */
export function flopPerUpdate(sizes, samples) {
  let sum = 0;
  for (let l = 0; l + 1 < sizes.length; l++) sum += (l === 0 ? 4 : 6) * sizes[l] * sizes[l + 1];
  return sum * samples;
}
