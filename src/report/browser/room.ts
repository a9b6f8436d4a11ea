import type { Room } from "../../charts/theme.js";

/** Where a chart has less than this, it is drawn as for a phone, px. */
const LEAST_WIDE = 840;

/** How far below the window a chart is made ready, px. */
const AHEAD = 600;

/** Where a browser does not say when it is idle, ms. */
const IDLE = 500;

/** Tells at once, and whenever it changes, how much room an element has. */
export function watchRoom(element: HTMLElement, tell: (room: Room) => void): void {
  let told: Room | undefined;
  new ResizeObserver(() => {
    const room = element.clientWidth < LEAST_WIDE ? "narrow" : "wide";
    // What is not displayed has no width, and nothing to be drawn again.
    if (room === told || element.clientWidth === 0) return;
    told = room;
    tell(room);
  }).observe(element);
}

/** A figure as wide as a phone's drawing in it, or as wide as there is room. */
export function markRoom(element: HTMLElement, room: Room): void {
  element.closest("figure")?.classList.toggle("narrow", room === "narrow");
}

export function whenNear(element: Element, then: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      then();
    },
    { rootMargin: `${AHEAD}px 0px` },
  );
  observer.observe(element);
}

/** For what would leave a hole where it is not yet drawn. */
export function whenIdleOrNear(element: Element, then: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    then();
  };
  whenNear(element, once);
  if ("requestIdleCallback" in window) window.requestIdleCallback(once);
  else setTimeout(once, IDLE);
}
