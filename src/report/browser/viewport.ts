import type { Viewport } from "../../charts/chart.js";
import type { VegaSpec } from "../../charts/spec.js";
import { NARROW_WIDTH } from "../../charts/theme.js";

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
/** A phone's drawing with its padding, px. */
const DRAWN = NARROW_WIDTH + 10;

/**
 * A phone's drawing as wide as a tablet's column, with letters as they are; concatenations stay as they are. The style sheet
 * gives a drawing that is `filled` all of its place, however small that is.
 */
export function filling(spec: VegaSpec, canvas: HTMLElement): VegaSpec {
  const { clientWidth: width } = canvas;
  const isTablet = width > PHONE && width < LEAST_WIDE;
  const { signals = [] } = spec;
  const isFacet = signals.some(({ name }) => name === FACET_WIDTH);
  const fits = isTablet && (isFacet || typeof spec["width"] === "number");
  canvas.classList.toggle("filled", fits);
  if (!fits) return spec;
  if (!isFacet) return { ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
  const wider = signals.map((signal) =>
    signal.name === FACET_WIDTH ? { ...signal, value: Number(signal.value) + width - DRAWN } : signal,
  );
  return { ...spec, signals: wider };
}

/** Of a facet's panels, which are below each other on a phone. */
const FACET_WIDTH = "child_width";

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
