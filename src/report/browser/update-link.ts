/** The update that all sliders of a page stand at. */
export interface UpdateLink {
  /** Said by one slider, heard by the others. */
  readonly goTo: (update: number, teller: object) => void;
  readonly watch: (teller: object, listener: (update: number) => void) => void;
}

export function makeUpdateLink(): UpdateLink {
  const listeners = new Map<object, (update: number) => void>();
  return {
    goTo(update, teller) {
      for (const [other, listener] of listeners) if (other !== teller) listener(update);
    },
    watch: (teller, listener) => void listeners.set(teller, listener),
  };
}
