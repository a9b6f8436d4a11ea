import type { ResolvedConfig } from "../record/config.js";
import { hasChannels, layerKinds } from "../record/layer-kinds.js";

/** Names of layers, units, points and tensors, as sentences use them. */

/** What of a configuration names layers. */
export type Layers = Pick<ResolvedConfig, "image" | "layers">;

/** "layer 1" is the first hidden layer; the last is the output layer. */
export function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? "the output layer" : `layer ${layer + 1}`;
}

/** The same in a list of layers: "layer 1 (conv 16)" of a network on images. */
export function listedLayer(config: Layers, layer: number, name: string): string {
  const kind = layerKinds(config)?.[layer];
  return kind === undefined ? name : `${name} (${kind})`;
}

/** "unit" or, of a convolution, "channel". */
export function unitWord(config: Layers, layer: number): string {
  return hasChannels(config, layer) ? "channel" : "unit";
}

/** What all layers of a network have: "units", on images "units or channels". */
export function unitsWords({ image }: Pick<Layers, "image">): string {
  return image === undefined ? "units" : "units or channels";
}

/** "points" or "images". */
export function pointsWord({ image }: Pick<Layers, "image">): string {
  return image === undefined ? "points" : "images";
}

/** Where a tensor belongs, in words: `norms.I` normalizes what layer I − 1 gives, or the input. */
export function tensorPlace(tensor: string, layers: number): string {
  const [kind, index] = tensor.split(".");
  if (kind === "layers") return layerName(Number(index), layers);
  if (kind !== "norms") return "every layer";
  return index === "0" ? "the input's normalization" : layerName(Number(index) - 1, layers);
}

/** preActivation → "pre-activation", batchVariance → "batch variance". */
export function tensorWords(tensor: string): string {
  return tensor.replace("preActivation", "pre-activation").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
