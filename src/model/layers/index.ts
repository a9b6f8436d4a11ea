import { dense } from "./dense.js";
import type { LayerKind } from "./layer.js";
import { type LayerSpec, sizesOfLayers } from "./stages.js";

/** Every kind of layer by name. */
const layerKinds: Readonly<Record<string, LayerKind>> = { dense };

/** What `layers` is a list of, for messages. */
export const LAYER_FORMS: readonly string[] = Object.values(layerKinds).map(({ form }) => form);

/** As many layers as a network may have, and as few: one of them is hidden. */
export const [MIN_LAYERS, MAX_LAYERS] = [2, 1001];

/** Reads `dense 12`; undefined where it names no layer. */
export function layerNamed(text: string): LayerSpec | undefined {
  const [name = "", ...words] = text.split(" ");
  return Object.hasOwn(layerKinds, name) ? layerKinds[name]?.read(words) : undefined;
}

/** Units per weighted layer of a network, the input's columns first; of what `fits` has let pass. */
export function sizesOfNamed(layers: readonly string[], inputs: number): number[] {
  return sizesOfLayers(
    inputs,
    layers.flatMap((text) => layerNamed(text) ?? []),
  );
}
