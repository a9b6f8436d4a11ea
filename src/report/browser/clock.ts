import type { PageState } from "./state.js";

/** The update at which everything on a page that moves stands. */
export interface Clock {
  readonly updates: readonly number[];
  readonly update: () => number;
  readonly goTo: (update: number) => void;
  readonly step: (by: -1 | 1) => void;
  /** Plays, from the start where it stands at the end, or pauses. */
  readonly toggle: () => void;
  readonly stop: () => void;
  readonly watch: (listener: (update: number) => void) => void;
  readonly watchPlaying: (listener: (isPlaying: boolean) => void) => void;
}

/** From one update to the next while it plays, ms. */
const PACE = 800;

/** A clock that goes through some updates, in their order, and keeps the page's `update`. */
export function makeClock(updates: readonly number[], state: PageState): Clock {
  const playListeners: ((isPlaying: boolean) => void)[] = [];
  const last = updates.length - 1;
  let timer: number | undefined;
  const place = () => {
    const asked = Number(state.get("update") ?? 0);
    return Math.max(
      0,
      updates.findLastIndex((own) => own <= asked),
    );
  };
  const update = () => updates[place()] ?? 0;
  const goTo = (next: number) => state.set("update", String(updates[Math.min(last, Math.max(0, next))] ?? 0));
  const run = (next: number | undefined) => {
    clearInterval(timer);
    timer = next;
    for (const listener of playListeners) listener(timer !== undefined);
  };
  const stop = () => {
    if (timer !== undefined) run(undefined);
  };
  const advance = () => {
    goTo(place() + 1);
    if (place() === last) stop();
  };
  return {
    updates,
    update,
    goTo: (next) => state.set("update", String(next)),
    step(by) {
      stop();
      goTo(place() + by);
    },
    toggle() {
      if (timer !== undefined) return stop();
      if (last < 1) return;
      run(window.setInterval(advance, PACE));
      if (place() === last) goTo(0);
    },
    stop,
    watch: (listener) => state.watch("update", () => listener(update())),
    watchPlaying: (listener) => void playListeners.push(listener),
  };
}
