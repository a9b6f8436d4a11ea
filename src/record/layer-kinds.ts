import type { ResolvedConfig } from "./config.js";

type Layers = Pick<ResolvedConfig, "image" | "layers">;

/** What each weighted layer of a network on images is, as its configuration says it: "conv 16", "dense 10". */
export function layerKinds({ image, layers = [] }: Layers): readonly string[] | undefined {
  return image === undefined ? undefined : layers.filter((layer) => /^(?:conv|dense)\b/.test(layer));
}

/** Whether a weighted layer's units are channels, each with a value at every pixel. */
export function hasChannels(config: Layers, layer: number): boolean {
  return layerKinds(config)?.[layer]?.startsWith("conv") ?? false;
}
