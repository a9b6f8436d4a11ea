import { randomStream } from "../../src/data/streams.js";
import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { type LossName, losses } from "../../src/model/losses/index.js";
import type { NetworkSpec, Normalization } from "../../src/model/network.js";
import { POSITIONS } from "../../src/model/network.js";
import { type NormalizerName, normalizers } from "../../src/model/normalizers/index.js";
import type { Optimization } from "../../src/model/optimizers/index.js";
import { changed, normalPoints, startingFrom } from "./tasks.js";

const ALL = Object.keys(normalizers).filter((name): name is NormalizerName => name in normalizers);

/** Those of dense networks, and of images. */
export const NORMALIZERS = ALL.filter((name) => name !== "instance");
export const IMAGE_NORMALIZERS = ALL;

interface Choices {
  readonly sizes?: readonly number[];
  readonly activation?: ActivationName;
  readonly samples?: number;
  readonly batchSize?: number;
  readonly accumulate?: number;
  readonly evaluationSamples?: number;
  readonly learningRate?: number;
  readonly loss?: LossName;
  readonly optimization?: Optimization;
  readonly seed?: number;
  /** Absent: a plain arm. */
  readonly normalization?: Partial<Normalization>;
  /** Biases as given instead of uneven ones. */
  readonly bias?: number;
}

/** An arm with any normalizer, optimizer and loss; no parameter or moving average is 0 or 1 where it could hide an error. */
export function layeredTask(choices: Choices): ArmTask {
  const { sizes = [3, 6, 6, 1], activation = "tanh", samples = 14, seed = 1, learningRate = 0.05 } = choices;
  const { loss = "mse", batchSize = samples, evaluationSamples, accumulate, optimization } = choices;
  const spec: NetworkSpec = {
    sizes,
    activation,
    learningRate,
    loss,
    ...(optimization === undefined ? {} : { optimization }),
    ...(choices.normalization === undefined
      ? {}
      : { normalization: { epsilon: 0.001, decay: 0.5, debias: false, ...choices.normalization } }),
  };
  const weights = initialWeights(sizes, { init: "he", initStd: 1 }, seed);
  const tensors = initialTensors(weights, spec);
  const stream = randomStream(seed, "uneven");
  const uneven = changed(
    tensors,
    /^(layers|norms)\.\d\.(gamma|beta|bias|gain|alpha)$/,
    (old) => old + 0.3 * stream.normal(),
  );
  const biased =
    choices.bias === undefined ? uneven : changed(uneven, /^layers\.\d\.bias$/, () => choices.bias ?? Number.NaN);
  const points = (count: number, name: string) => {
    const drawn = normalPoints(count, sizes[0] ?? 1, seed, name);
    const outputs = sizes.at(-1) ?? 1;
    if (!losses[loss].classes) return drawn;
    return { ...drawn, y: drawn.y.map((value) => Math.min(outputs - 1, Math.floor(Math.abs(value)))) };
  };
  const training = points(samples, "points");
  return startingFrom(
    {
      spec,
      initial: { update: 0, tensors },
      training,
      evaluation: evaluationSamples === undefined ? training : points(evaluationSamples, "evaluation points"),
      batchSize,
      ...(accumulate === undefined ? {} : { accumulate }),
    },
    biased,
  );
}

const ACTIVATIONS = ["tanh", "relu", "gelu", "elu"] as const satisfies readonly ActivationName[];

const WAYS = NORMALIZERS.flatMap((normalizer) =>
  POSITIONS.flatMap((position) => [true, false].map((affine) => ({ normalizer, position, affine }))),
);
const WITH_OUTPUT = (["weight", "batch"] as const).map(
  (normalizer) => ({ normalizer, position: "before", affine: true, normalizeOutput: true }) as const,
);
const FROZEN = (["before", "after"] as const).map(
  (position) => ({ normalizer: "batch", position, affine: true, frozenFrom: 1 }) as const,
);

/**
 * Every normalizer, before and after the activation, with and without gamma and beta, with activations and losses in turn;
 * the output, too; and averages that are frozen after an update.
 */
export const LAYERED_CASES = [...WAYS, ...WITH_OUTPUT, ...FROZEN].map(
  ({ normalizer, position, affine, ...more }, i) => {
    const loss: LossName = i % 3 === 1 ? "crossEntropy" : "mse";
    const activation: ActivationName = ACTIVATIONS[(i + Math.floor(i / 4)) % 4] ?? "tanh";
    const normalization = {
      normalizer,
      position,
      affine,
      ...more,
      ...(normalizer === "group" ? { groups: 2 } : {}),
      ...(normalizer === "renorm" ? { renormMax: 1.5, renormShift: 0.5 } : {}),
    };
    return {
      name: `${normalizer}, ${position}${affine ? "" : ", no affine"}${Object.keys(more).map((key) => `, ${key}`)}, ${activation}, ${loss}`,
      normalization,
      activation,
      loss,
      sizes: loss === "mse" ? [3, 6, 6, 1] : [3, 6, 6, 4],
    };
  },
);
