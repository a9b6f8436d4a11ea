import type { Viewport } from "../../charts/chart.js";

/** Where a chart has less than this, it is drawn as for a phone, px. */
const LEAST_WIDE = 840;

/** How far below the window a chart is made ready, px. */
const AHEAD = 600;

/** Where a browser does not say when it is idle, ms. */
const IDLE = 500;

/** Reports at once, and whenever it changes, which viewport an element gives a chart. */
export function watchViewport(element: HTMLElement, report: (viewport: Viewport) => void): void {
  let known: Viewport | undefined;
  new ResizeObserver(() => {
    const viewport = element.clientWidth < LEAST_WIDE ? "narrow" : "wide";
    // What is not displayed has no width, and nothing to be drawn again.
    if (viewport === known || element.clientWidth === 0) return;
    known = viewport;
    element.classList.toggle("narrow", viewport === "narrow");
    report(viewport);
  }).observe(element);
}

/** What a phone's drawing is as wide as, px: more than that is a tablet. */
const PHONE = 440;

/** A phone's drawing as wide as a tablet's column, with letters as they are; facets and concatenations stay as they are. */
export function filling(spec: object, canvas: HTMLElement): object {
  const { clientWidth: width } = canvas;
  const fits = width > PHONE && width < LEAST_WIDE && "width" in spec && typeof spec.width === "number";
  canvas.classList.toggle("filled", fits);
  return fits ? { ...spec, width, autosize: { type: "fit-x", contains: "padding" } } : spec;
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
