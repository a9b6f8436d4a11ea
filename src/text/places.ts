import type { ResolvedConfig } from "../record/config.js";
import { hasChannels, layerKinds } from "../record/layer-kinds.js";
import type { Verdict } from "../record/verdicts.js";
import { t } from "./language.js";

/** Names of layers, units, points and tensors, as sentences use them. */

/** What of a configuration names layers. */
export type Layers = Pick<ResolvedConfig, "image" | "layers">;

/** "layer 1" is the first hidden layer; the last is the output layer. */
export function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? t`the output layer` : t`layer ${layer + 1}`;
}

/** The same in a list of layers: "layer 1 (conv 16)" of a network on images. */
export function listedLayer(config: Layers, layer: number, name: string): string {
  const kind = layerKinds(config)?.[layer];
  return kind === undefined ? name : `${name} (${kind})`;
}

/** What a layer consists of: channels where it is a convolution. */
export type UnitNoun = "unit" | "channel";

export function unitNoun(config: Layers, layer: number): UnitNoun {
  return hasChannels(config, layer) ? "channel" : "unit";
}

/** "unit" or, of a convolution, "channel". */
export function unitWord(config: Layers, layer: number): string {
  return hasChannels(config, layer) ? t`channel` : t`unit`;
}

/** What all layers of a network have: "units", on images "units or channels". */
export function unitsWords({ image }: Pick<Layers, "image">): string {
  return image === undefined ? t`units` : t`units or channels`;
}

/** "points" or "images". */
export function pointsWord({ image }: Pick<Layers, "image">): string {
  return image === undefined ? t`points` : t`images`;
}

const VERDICT_WORDS: Readonly<Partial<Record<Verdict, string>>> = {
  healthy: t`healthy`,
  saturated: t`saturated`,
  dead: t`dead`,
  exploding: t`exploding`,
  vanishing: t`vanishing`,
  constant: t`constant`,
};

/** What a layer is by its verdict: "saturated". */
export function verdictWord(verdict: Verdict): string {
  return VERDICT_WORDS[verdict] ?? verdict;
}

/** Where a tensor belongs, in words: `norms.I` normalizes what layer I − 1 gives, or the input. */
export function tensorPlace(tensor: string, layers: number): string {
  const [kind, index] = tensor.split(".");
  if (kind === "layers") return layerName(Number(index), layers);
  if (kind !== "norms") return t`every layer`;
  return index === "0" ? t`the input's normalization` : layerName(Number(index) - 1, layers);
}

const TENSOR_WORDS: Readonly<Record<string, string>> = {
  preActivation: t`pre-activation`,
  batchMean: t`batch mean`,
  batchVariance: t`batch variance`,
  layerInput: t`layer input`,
  cost: t`cost`,
};

/** preActivation → "pre-activation"; parameters keep their names: movingMean → "moving mean". */
export function tensorWords(tensor: string): string {
  return TENSOR_WORDS[tensor] ?? tensor.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
