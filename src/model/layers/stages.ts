import { t } from "../../text/language.js";
/** A layer of a network: weighted (`dense`, `conv`), or what changes the form of its input. */
export type LayerSpec =
  | { readonly kind: "dense"; readonly units: number }
  /** `kernel` is height and width; the padding is "same" as in TensorFlow. */
  | {
      readonly kind: "conv";
      readonly units: number;
      readonly kernel: readonly [number, number];
      readonly stride: number;
    }
  | { readonly kind: Reshaping };

/** 2 × 2 maxima with stride 2, the mean over all pixels, and every pixel's channels side by side. */
export type Reshaping = "max" | "mean" | "flatten";

/** What one sample is at a place of the network: an image, or, 1 × 1, a vector of `channels` values. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly isImage: boolean;
}

/** A reshaping in front of a weighted layer. */
export interface ReshapingStep {
  readonly kind: Reshaping;
  readonly from: Shape;
  readonly to: Shape;
}

/** A weighted layer with its place in the network. A dense layer is a 1 × 1 convolution of a 1 × 1 image. */
export interface Stage {
  readonly kind: "dense" | "conv";
  /** What stands between the layer before, or the input, and this one. */
  readonly before: readonly ReshapingStep[];
  readonly from: Shape;
  readonly to: Shape;
  readonly kernel: readonly [number, number];
  readonly stride: number;
}

/** The layers of a network of images, and the form of its input `[N, H, W, C]`. */
export interface ImageNetwork {
  readonly height: number;
  readonly width: number;
  readonly layers: readonly LayerSpec[];
}

export const pixelsOf = ({ height, width }: Shape): number => height * width;

const vector = (channels: number): Shape => ({ height: 1, width: 1, channels, isImage: false });

/**
 * The weighted layers in order: of images with `sizes[0]` channels, or dense ones of these sizes. Throws what `layerFault`
 * says.
 */
export function stagesOf({
  sizes,
  images,
}: {
  readonly sizes: readonly number[];
  readonly images?: ImageNetwork;
}): Stage[] {
  const [inputs = 0, ...units] = sizes;
  if (images === undefined) return units.map((out, i) => denseStage(vector(sizes[i] ?? 0), out, []));
  const stages: Stage[] = [];
  let shape: Shape = { height: images.height, width: images.width, channels: inputs, isImage: true };
  let before: ReshapingStep[] = [];
  for (const layer of images.layers) {
    const fault = faultAt(layer, shape);
    if (fault !== undefined) throw new Error(fault);
    if (layer.kind === "dense" || layer.kind === "conv") {
      const stage = layer.kind === "dense" ? denseStage(shape, layer.units, before) : convStage(shape, layer, before);
      stages.push(stage);
      shape = stage.to;
      before = [];
    } else {
      const to = reshaped(layer.kind, shape);
      before.push({ kind: layer.kind, from: shape, to });
      shape = to;
    }
  }
  return stages;
}

/** Channels of the input, then units or channels of every weighted layer. */
export function sizesOfLayers(channels: number, layers: readonly LayerSpec[]): number[] {
  return [channels, ...layers.flatMap((layer) => ("units" in layer ? [layer.units] : []))];
}

/** Why images of this form cannot pass these layers; undefined where they can. `place` counts the layers from 0. */
export function layerFault(
  layers: readonly LayerSpec[],
  input: Shape,
): { readonly place: number; readonly fault: string } | undefined {
  let shape = input;
  for (const [place, layer] of layers.entries()) {
    const fault = faultAt(layer, shape);
    if (fault !== undefined) return { place, fault };
    if (layer.kind === "dense") shape = vector(layer.units);
    else shape = layer.kind === "conv" ? convStage(shape, layer, []).to : reshaped(layer.kind, shape);
  }
  const last = Math.max(0, layers.length - 1);
  if (layers[last]?.kind !== "dense")
    return { place: last, fault: t`the last layer must be dense: it gives the outputs` };
  const hasHidden = layers.filter(({ kind }) => kind === "dense" || kind === "conv").length > 1;
  return hasHidden ? undefined : { place: last, fault: t`a hidden layer, conv or dense, must come before it` };
}

function faultAt(layer: LayerSpec, { isImage, height, width }: Shape): string | undefined {
  if (layer.kind === "dense")
    return isImage ? t`a dense layer takes vectors; put flatten or mean in front of it` : undefined;
  if (!isImage) return t`${layer.kind} takes images, and here they are vectors`;
  if (layer.kind === "max" && (height < 2 || width < 2))
    return t`max takes 2 × 2 pixels, and here are ${height} × ${width}`;
  return undefined;
}

function denseStage(from: Shape, units: number, before: readonly ReshapingStep[]): Stage {
  return { kind: "dense", before, from, to: vector(units), kernel: [1, 1], stride: 1 };
}

function convStage(
  from: Shape,
  { units, kernel, stride }: Extract<LayerSpec, { kind: "conv" }>,
  before: readonly ReshapingStep[],
): Stage {
  const size = (length: number) => Math.ceil(length / stride);
  const to = { height: size(from.height), width: size(from.width), channels: units, isImage: true };
  return { kind: "conv", before, from, to, kernel, stride };
}

function reshaped(kind: Reshaping, { height, width, channels }: Shape): Shape {
  if (kind === "mean") return vector(channels);
  if (kind === "flatten") return vector(height * width * channels);
  return { height: Math.floor(height / 2), width: Math.floor(width / 2), channels, isImage: true };
}

/** Shape of a weighted layer's kernel: `[in, out]`, or `[height, width, in, out]`. */
export function kernelShape({ kind, from, to, kernel }: Stage): number[] {
  return kind === "dense" ? [from.channels, to.channels] : [...kernel, from.channels, to.channels];
}

/** Rows of padding above, and columns left: the smaller half of what "same" needs. */
export function windowPadding({ from, to, kernel: [height, width], stride }: Stage): { top: number; left: number } {
  const before = (size: number, out: number, window: number) =>
    Math.floor(Math.max((out - 1) * stride + window - size, 0) / 2);
  return { top: before(from.height, to.height, height), left: before(from.width, to.width, width) };
}
