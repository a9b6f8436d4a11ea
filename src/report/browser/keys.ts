import type { Clock } from "./clock.js";

/** The space bar plays and pauses, arrows step, where the page as a whole has the focus. */
export function followKeys(clock: Clock): void {
  document.addEventListener("keydown", (event) => {
    if (document.activeElement !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") clock.toggle();
    else if (event.key === "ArrowLeft") clock.step(-1);
    else if (event.key === "ArrowRight") clock.step(1);
    else return;
    event.preventDefault();
  });
}
