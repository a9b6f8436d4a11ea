/** Names of layers and tensors, as sentences use them. */

/** "layer 1" is the first hidden layer; the last is the output layer. */
export function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? "the output layer" : `layer ${layer + 1}`;
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
