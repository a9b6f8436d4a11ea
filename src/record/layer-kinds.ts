import type { ResolvedConfig } from "./config.js";

type Layers = Pick<ResolvedConfig, "image" | "layers">;

/** The kind of each weighted layer of a network on images, as in its configuration: "conv 16", "dense 10". */
export function layerKinds({ image, layers = [] }: Layers): readonly string[] | undefined {
  return image === undefined ? undefined : layers.filter((layer) => /^(?:conv|dense)\b/.test(layer));
}

/** Whether a weighted layer's units are channels, each with a value at every pixel. */
export function hasChannels(config: Layers, layer: number): boolean {
  return layerKinds(config)?.[layer]?.startsWith("conv") ?? false;
}
