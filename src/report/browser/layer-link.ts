import type { PageState } from "./state.js";

/** The name of the layer that is highlighted in every chart at once; null for none. */
export interface LayerLink {
  readonly current: () => string | null;
  /** While it is pointed at; otherwise it is the page's `layer`. */
  readonly pointTo: (layer: string | null) => void;
  /** Makes it the page's, or none where it is. */
  readonly pin: (layer: string) => void;
  readonly watch: (listener: (layer: string | null) => void) => void;
}

export function makeLayerLink(state: PageState): LayerLink {
  const listeners: ((layer: string | null) => void)[] = [];
  let pointed: string | null = null;
  let reported: string | null = null;
  const current = () => pointed ?? state.get("layer") ?? null;
  const report = () => {
    if (current() === reported) return;
    reported = current();
    for (const listener of listeners) listener(reported);
  };
  state.watch("layer", report);
  return {
    current,
    pointTo(layer) {
      pointed = layer;
      report();
    },
    pin: (layer) => state.set("layer", state.get("layer") === layer ? undefined : layer),
    watch: (listener) => void listeners.push(listener),
  };
}
