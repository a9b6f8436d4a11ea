import type { ImageForm } from "../../data/points.js";
import { t } from "../../text/language.js";
import { conv } from "./conv.js";
import { dense } from "./dense.js";
import type { LayerKind } from "./layer.js";
import { flatten, max, mean } from "./reshaping.js";
import { type ImageNetwork, type LayerSpec, layerFault, type Shape, sizesOfLayers } from "./stages.js";

/** Every kind of layer by name. */
const layerKinds: Readonly<Record<string, LayerKind>> = { dense, conv, max, mean, flatten };

/** What `layers` is a list of, for messages. */
export const LAYER_FORMS: readonly string[] = Object.values(layerKinds).map(({ form }) => form);

/** As many layers as a network may have, and as few: one of them is hidden. */
export const [MIN_LAYERS, MAX_LAYERS] = [2, 1001];

/** Reads `dense 12`; undefined where it names no layer. */
export function layerNamed(text: string): LayerSpec | undefined {
  const [name = "", ...words] = text.split(" ");
  return Object.hasOwn(layerKinds, name) ? layerKinds[name]?.read(words) : undefined;
}

/** What a sample is: an image, or a vector of `channels` numbers. */
export type InputShape = Shape;

/** The same of points with so many inputs. */
export function inputShape(inputs: number, image: ImageForm | undefined): InputShape {
  return image === undefined ? { height: 1, width: 1, channels: inputs, isImage: false } : { ...image, isImage: true };
}

/** A network's layers as the engines have them: `images` where the input is an image. */
export interface NamedNetwork {
  readonly sizes: number[];
  readonly images?: ImageNetwork;
}

/** The network of these layers; of what `fits` has let pass. */
export function networkOfNamed(
  names: readonly string[],
  { channels, isImage, height, width }: InputShape,
): NamedNetwork {
  const layers = names.flatMap((text) => layerNamed(text) ?? []);
  return { sizes: sizesOfLayers(channels, layers), ...(isImage ? { images: { height, width, layers } } : {}) };
}

/** Why these layers cannot follow such an input, with the layer's place from 1 on; undefined where they can. */
export function namedFault(names: readonly string[], input: InputShape): string | undefined {
  const found = layerFault(
    names.flatMap((text) => layerNamed(text) ?? []),
    input,
  );
  return found === undefined ? undefined : t`layer ${found.place + 1}, ${names[found.place]}: ${found.fault}`;
}
