/** The layer that is highlighted in every chart at once; −1 for none. */
export interface LayerLink {
  readonly current: () => number;
  /** While it is pointed at. */
  readonly pointTo: (layer: number) => void;
  /** While nothing is pointed at. */
  readonly pin: (layer: number) => void;
  readonly watch: (listener: (layer: number) => void) => void;
}

export function makeLayerLink(): LayerLink {
  const listeners: ((layer: number) => void)[] = [];
  let [pointed, pinned, told] = [-1, -1, -1];
  const current = () => (pointed >= 0 ? pointed : pinned);
  const tell = () => {
    if (current() === told) return;
    told = current();
    for (const listener of listeners) listener(told);
  };
  return {
    current,
    pointTo(layer) {
      pointed = layer;
      tell();
    },
    pin(layer) {
      pinned = layer;
      tell();
    },
    watch: (listener) => void listeners.push(listener),
  };
}
