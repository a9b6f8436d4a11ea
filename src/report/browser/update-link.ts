/** The update that all sliders of a page stand at. */
export interface UpdateLink {
  /** Said by one slider, heard by the others. */
  readonly goTo: (update: number, source: object) => void;
  readonly watch: (source: object, listener: (update: number) => void) => void;
}

export function makeUpdateLink(): UpdateLink {
  const listeners = new Map<object, (update: number) => void>();
  return {
    goTo(update, source) {
      for (const [other, listener] of listeners) if (other !== source) listener(update);
    },
    watch: (source, listener) => void listeners.set(source, listener),
  };
}
