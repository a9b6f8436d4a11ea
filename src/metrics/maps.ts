import type { Points } from "../data/points.js";
import type { Observation, Values } from "../engines/engine.js";
import { pixelsOf, type Shape, type Stage } from "../model/layers/stages.js";
import type { TensorMap } from "../model/tensors.js";
import { valuesOf } from "../model/tensors.js";
import type { MapState, Maps } from "../record/maps.js";
import { statistic } from "../record/statistic.js";
import { shareOf, short, twoDigits } from "./units.js";

const MOST_CHANNELS = 8;
const MOST_INPUTS = 4;
/** Pixels of a recorded map's height and width. */
const MOST_SIDE = 16;

/**
 * One image in every convolution of a network, and the first layer's kernels; undefined where that is not all numbers, or
 * the first layer is no convolution. `point` is the image's place among the observed ones.
 */
export function mapStateOf(
  { update, layers }: Observation,
  stages: readonly Stage[],
  { samples }: Pick<Points, "samples">,
  point: number,
  tensors: TensorMap,
): MapState | undefined {
  const [first] = stages;
  if (first?.kind !== "conv") return undefined;
  const mapsAt = (values: Values | undefined, shape: Shape) => mapsOf(values ?? [], shape, samples, point);
  const input = mapsAt(layers[0]?.layerInput, first.from);
  const maps = stages.flatMap(({ kind, to }, layer) =>
    kind === "conv" ? [mapsAt(layers[layer]?.preActivation, to)] : [],
  );
  if (![input, ...maps].every(({ low, high }) => [...low, ...high].every(Number.isFinite))) return undefined;
  return { update, input, layers: maps, kernels: kernelsOf(first, tensors) };
}

/** `values` is `[channels][samples × pixels]`, an image's pixels row by row. */
function mapsOf(values: ArrayLike<number>, shape: Shape, samples: number, point: number): Maps {
  const pixels = pixelsOf(shape);
  const block = Math.ceil(Math.max(shape.height, shape.width) / MOST_SIDE);
  const [height, width] = [Math.ceil(shape.height / block), Math.ceil(shape.width / block)];
  const channels = Array.from({ length: shape.channels }, (_, channel) => {
    const start = (channel * samples + point) * pixels;
    return Array.from({ length: pixels }, (_, pixel) => values[start + pixel] ?? Number.NaN);
  });
  const [low, high] = [channels.map((own) => short(Math.min(...own))), channels.map((own) => short(Math.max(...own)))];
  const digits = channels.slice(0, MOST_CHANNELS).flatMap((own, channel) =>
    Array.from({ length: height * width }, (_, at) => {
      const [top, left] = [Math.floor(at / width) * block, (at % width) * block];
      let [sum, count] = [0, 0];
      for (let y = top; y < Math.min(top + block, shape.height); y++) {
        for (let x = left; x < Math.min(left + block, shape.width); x++) {
          sum += own[y * shape.width + x] ?? 0;
          count += 1;
        }
      }
      return twoDigits(shareOf(sum / count, low[channel] ?? 0, high[channel] ?? 0));
    }),
  );
  return { height, width, low, high, values: digits.join("") };
}

/** The tensor is `[height][width][in][out]`. */
function kernelsOf({ kernel: [height, width], from, to }: Stage, tensors: TensorMap): MapState["kernels"] {
  const kernel = valuesOf(tensors, "layers.0.kernel");
  const [inputs, channels] = [Math.min(MOST_INPUTS, from.channels), Math.min(MOST_CHANNELS, to.channels)];
  const values = Array.from({ length: channels * inputs * height * width }, (_, i) => {
    const place = i % (height * width);
    const input = Math.floor(i / (height * width)) % inputs;
    const channel = Math.floor(i / (height * width * inputs));
    return statistic(short(kernel[(place * from.channels + input) * to.channels + channel] ?? 0));
  });
  return { height, width, inputs, values };
}
