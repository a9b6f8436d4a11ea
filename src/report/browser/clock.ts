import { button } from "./controls.js";

/** The update at which everything on a page that moves stands. */
export interface Clock {
  readonly update: () => number;
  readonly watch: (listener: (update: number) => void) => void;
  readonly goTo: (update: number) => void;
  readonly step: (by: -1 | 1) => void;
  readonly play: () => void;
  /** Plays, or pauses. */
  readonly toggle: () => void;
  readonly stop: () => void;
  /** A button that plays and a slider; all of a page's move together. */
  readonly controls: () => HTMLElement[];
}

/** From one update to the next while it plays, ms. */
const PACE = 800;

/** A clock that goes through some updates, in their order. */
export function makeClock(updates: readonly number[]): Clock {
  const listeners: ((update: number) => void)[] = [];
  const last = updates.length - 1;
  let place = 0;
  let timer: number | undefined;
  const goTo = (next: number) => {
    place = next;
    for (const listener of listeners) listener(updates[place] ?? 0);
  };
  const run = (next: number | undefined) => {
    clearInterval(timer);
    timer = next;
    for (const each of document.querySelectorAll(".play")) each.textContent = timer === undefined ? "play" : "pause";
  };
  const stop = () => run(undefined);
  const advance = () => {
    if (place < last) goTo(place + 1);
    if (place === last) stop();
  };
  const play = () => {
    if (last > 0) run(window.setInterval(advance, PACE));
  };
  const toggle = () => {
    if (timer !== undefined) return stop();
    play();
    if (place === last) goTo(0);
    else advance();
  };
  return {
    update: () => updates[place] ?? 0,
    goTo: (update) =>
      goTo(
        Math.max(
          0,
          updates.findLastIndex((own) => own <= update),
        ),
      ),
    step(by) {
      stop();
      goTo(Math.min(last, Math.max(0, place + by)));
    },
    play,
    toggle,
    watch: (listener) => void listeners.push(listener),
    stop,
    controls() {
      const toggler = button("play", toggle);
      toggler.className = "play";
      const label = document.createElement("label");
      label.className = "slider";
      const slider = document.createElement("input");
      const figures = document.createElement("output");
      Object.assign(slider, { type: "range", min: "0", max: String(last), value: String(place) });
      slider.addEventListener("input", () => {
        stop();
        goTo(Number(slider.value));
      });
      const show = (update: number) => {
        slider.value = String(place);
        slider.setAttribute("aria-valuetext", `update ${update}`);
        figures.textContent = String(update);
      };
      show(updates[place] ?? 0);
      listeners.push(show);
      label.append("update ", slider, figures);
      return [toggler, label];
    },
  };
}
