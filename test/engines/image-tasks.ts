import { randomStream } from "../../src/data/streams.js";
import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { type ImageNetwork, type LayerSpec, sizesOfLayers } from "../../src/model/layers/stages.js";
import type { NetworkSpec, Normalization } from "../../src/model/network.js";
import { changed, startingFrom } from "./tasks.js";

interface Choices {
  readonly images?: ImageNetwork;
  readonly channels?: number;
  readonly activation?: ActivationName;
  readonly samples?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly normalization?: Partial<Normalization>;
}

const conv = (units: number, size: number, stride = 1): LayerSpec => ({
  kind: "conv",
  units,
  kernel: [size, size],
  stride,
});

/** Odd sizes, an even window, a stride, and every other kind of layer. */
export const SMALL_IMAGES: ImageNetwork = {
  height: 7,
  width: 9,
  layers: [
    conv(4, 2),
    conv(4, 3, 2),
    { kind: "max" },
    { kind: "flatten" },
    { kind: "dense", units: 8 },
    { kind: "dense", units: 3 },
  ],
};

/** An arm on images from N(0, 1) with labels; no parameter or moving average is 0 or 1 where it could hide an error. */
export function imageTask(choices: Choices = {}): ArmTask {
  const { images = SMALL_IMAGES, channels = 2, activation = "tanh", samples = 6, learningRate = 0.05 } = choices;
  const sizes = sizesOfLayers(channels, images.layers);
  const { normalization, seed = 1 } = choices;
  const spec: NetworkSpec = {
    sizes,
    images,
    activation,
    learningRate,
    loss: "crossEntropy",
    ...(normalization && { normalization: { epsilon: 0.001, decay: 0.5, debias: false, ...normalization } }),
  };
  const tensors = initialTensors(initialWeights(sizes, { init: "he", initStd: 1 }, seed, images), spec);
  const stream = randomStream(seed, "images");
  const uneven = changed(
    tensors,
    /^(layers|norms)\.\d\.(gamma|beta|bias|gain|alpha)$/,
    (old) => old + 0.3 * stream.normal(),
  );
  const inputs = images.height * images.width * channels;
  const x = Float32Array.from({ length: samples * inputs }, () => stream.normal());
  const classes = sizes.at(-1) ?? 1;
  const y = Float32Array.from({ length: samples }, (_, s) => s % classes);
  const training = { samples, inputs, x, y };
  const { batchSize = samples } = choices;
  return startingFrom({ spec, initial: { update: 0, tensors }, training, evaluation: training, batchSize }, uneven);
}
