import type { Room } from "../../charts/theme.js";

/** Where a chart has less than this, it is drawn as for a phone, px. */
const LEAST_WIDE = 720;

/** How far below the window a chart is made ready, px. */
const AHEAD = 600;

/** Tells at once, and whenever it changes, how much room an element has. */
export function watchRoom(element: HTMLElement, tell: (room: Room) => void): void {
  let told: Room | undefined;
  new ResizeObserver(() => {
    const room = element.clientWidth < LEAST_WIDE ? "narrow" : "wide";
    // What is not displayed has no width, and nothing to be drawn again.
    if (room === told || element.clientWidth === 0) return;
    told = room;
    element.closest("figure")?.classList.toggle("narrow", room === "narrow");
    tell(room);
  }).observe(element);
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
