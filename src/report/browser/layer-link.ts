/** The layer that is highlighted in every chart at once; −1 for none. */
export interface LayerLink {
  readonly current: () => number;
  readonly set: (layer: number) => void;
  readonly watch: (listener: (layer: number) => void) => void;
}

export function makeLayerLink(): LayerLink {
  const listeners: ((layer: number) => void)[] = [];
  let current = -1;
  return {
    current: () => current,
    set(layer) {
      if (layer === current) return;
      current = layer;
      for (const listener of listeners) listener(layer);
    },
    watch: (listener) => void listeners.push(listener),
  };
}
