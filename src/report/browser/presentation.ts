import type { VegaSpec } from "../../charts/spec.js";
import type { PageState } from "./state.js";

/** What a page shows of itself, in its state as `show`; otherwise all. */
type Show = "presentation" | "stage";

/** One screen with the fits, the costs and the layers alone, in letters for the last row. */
export interface Presentation {
  readonly toggle: () => void;
  /** Of a chart that is presented right now: drawn to fill its place. */
  readonly isOn: (canvas: HTMLElement) => boolean;
  readonly enlarged: (spec: VegaSpec, canvas: HTMLElement) => VegaSpec;
  /** Hears when presented charts have another place. */
  readonly watch: (listener: () => void) => void;
}

const PRESENTED = ".beside:not(#chart-stage-costs) .canvas, #stage .of-layers, #chart-costs .canvas";

/** A window of so many px has letters as they were drawn. */
const OWN_SIZE = 960;

export function makePresentation(state: PageState): Presentation {
  const root = document.documentElement;
  for (const canvas of document.querySelectorAll(PRESENTED)) {
    canvas.classList.add("presented");
    for (let part = canvas.parentElement; part !== null && part !== root; part = part.parentElement)
      part.classList.add("path");
  }
  const follow = () => {
    for (const show of ["presentation", "stage"] satisfies Show[])
      root.classList.toggle(`shows-${show}`, state.get("show") === show);
  };
  follow();
  state.watch("show", follow);
  const isPresenting = () => state.get("show") === "presentation";
  const toggle = () => state.set("show", isPresenting() ? undefined : "presentation");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target instanceof Element && event.target.closest("input, select, textarea") !== null;
    if (event.key === "p" && !isTyping) toggle();
    if (event.key === "Escape" && isPresenting()) toggle();
  });
  return {
    toggle,
    isOn: (canvas) => isPresenting() && canvas.classList.contains("presented"),
    enlarged(spec, canvas) {
      const { clientWidth: width, clientHeight: height } = canvas;
      canvas.classList.add("filled");
      const larger = scaled(spec, Math.max(1, innerWidth / OWN_SIZE)) as VegaSpec;
      return { ...larger, width, height, autosize: { type: "fit", contains: "padding" } };
    },
    watch(listener) {
      state.watch("show", listener);
      window.addEventListener("resize", () => {
        if (isPresenting()) listener();
      });
    },
  };
}

/** Of a Vega specification: what grows with its letters. */
const OF_LETTERS = /^(?:(?:label|title)?(?:FontSize|fontSize|Limit|limit)|lineHeight|labelPadding|symbolSize)$/;

function scaled(part: unknown, factor: number, isSize = false): unknown {
  if (typeof part === "number") return isSize ? part * factor : part;
  if (Array.isArray(part)) return part.map((inner) => scaled(inner, factor, isSize));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => {
      // A legend below a wide plot has room for two entries in a row, an axis beside it for a word.
      if (key === "columns" && inner === 1) return [key, 2];
      if (key === "title" && typeof inner === "string") return [key, inner.replace(/ \(.*/, "")];
      return [key, scaled(inner, factor, OF_LETTERS.test(key) || (isSize && key === "value"))];
    }),
  );
}

/** Where the page is a frame of another one, reports how high it would be. */
export function reportHeight(): void {
  if (parent === window) return;
  new ResizeObserver(() => {
    parent.postMessage({ type: "bn-compare", height: document.body.offsetHeight }, "*");
  }).observe(document.body);
}
