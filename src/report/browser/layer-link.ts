/** The name of the layer that is highlighted in every chart at once; null for none. */
export interface LayerLink {
  readonly current: () => string | null;
  /** While it is pointed at. */
  readonly pointTo: (layer: string | null) => void;
  /** While nothing is pointed at. */
  readonly pin: (layer: string | null) => void;
  readonly watch: (listener: (layer: string | null) => void) => void;
  /** Also tells a menu that shows it. */
  readonly watchPinned: (listener: (layer: string | null) => void) => void;
}

export function makeLayerLink(): LayerLink {
  const listeners: ((layer: string | null) => void)[] = [];
  const pinListeners: ((layer: string | null) => void)[] = [];
  let pointed: string | null = null;
  let pinned: string | null = null;
  let reported: string | null = null;
  const current = () => pointed ?? pinned;
  const report = () => {
    if (current() === reported) return;
    reported = current();
    for (const listener of listeners) listener(reported);
  };
  return {
    current,
    pointTo(layer) {
      pointed = layer;
      report();
    },
    pin(layer) {
      pinned = layer;
      report();
      for (const listener of pinListeners) listener(layer);
    },
    watch: (listener) => void listeners.push(listener),
    watchPinned: (listener) => void pinListeners.push(listener),
  };
}
