import { parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { SpotText } from "../payload.js";
import type { LayerLink } from "./layer-link.js";
import type { Tooltip } from "./tooltip.js";

/** What every chart of the page shares. */
export interface Shared {
  readonly tooltip: Tooltip;
  readonly link: LayerLink;
}

/** A chart that answers to pointer and keyboard. */
export interface ChartView {
  /** Draws another spec in its place; what is said about its spots stays. */
  readonly draw: (spec: object) => Promise<void>;
  /** Replaces data sets by name, and what is said about the spots; `fit` makes room for what is wider than before. */
  readonly update: (
    data: Readonly<Record<string, readonly object[]>>,
    spots: readonly SpotText[],
    fit?: boolean,
  ) => Promise<void>;
}

/** The level of Vega's log at which only errors are written. */
const ERRORS = 1;

/** Makes a chart in `place`, which is the one thing to focus: arrow keys go from spot to spot. */
export function makeChartView(
  place: HTMLElement,
  label: string,
  firstSpots: readonly SpotText[],
  { tooltip, link }: Shared,
): ChartView {
  let view: View | undefined;
  let spots = firstSpots;
  let current = -1;
  place.setAttribute("role", "application");
  place.setAttribute("aria-roledescription", "chart");
  place.setAttribute("aria-label", `${label} Arrow keys read its values.`);

  const signal = (name: string, value: number) => void view?.signal(name, value).runAsync();
  const elementOf = (spot: number) => place.querySelectorAll(".spots_marks > path")[spot];

  const pointTo = (spot: number, at: { readonly x: number; readonly y: number } | undefined) => {
    const said = spots[spot];
    if (said === undefined) return leave();
    if (spot !== current) {
      current = spot;
      signal("spot", spot);
      link.pointTo(said.layer ?? -1);
    }
    if (at !== undefined) tooltip.show(said.lines, at);
  };
  const leave = () => {
    tooltip.hide();
    if (current < 0) return;
    current = -1;
    signal("spot", -1);
    link.pointTo(-1);
  };
  link.watch((layer) => signal("layer", layer));

  // A finger leaves at once, and what it pointed at is to be read: that goes with the next touch elsewhere.
  place.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch") leave();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    // Only the chart that was pointed at: the tooltip may by now be another one's.
    if (current >= 0 && !place.contains(target as Node | null)) leave();
  });
  place.addEventListener("blur", leave);
  place.addEventListener("keydown", (event) => {
    const next = nextSpot(event.key, current, spots.length);
    if (event.key === "Escape") leave();
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const element = elementOf(next);
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = element?.getBoundingClientRect();
    pointTo(next, box === undefined ? undefined : { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    tooltip.announce(spots[next]?.lines ?? []);
  });

  let latest: object | undefined;
  const draw = async (spec: object) => {
    latest = spec;
    const runtime = parse(spec as Spec, undefined, { ast: true });
    const holder = document.createElement("div");
    const drawn = new View(runtime, { renderer: "svg", expr: expressionInterpreter, logLevel: ERRORS, hover: false });
    drawn.tooltip(() => {});
    drawn.initialize(holder);
    drawn.signal("layer", link.current());
    await drawn.runAsync();
    if (latest !== spec) return void drawn.finalize();
    const react = (event: Event, item: unknown) => {
      const spot = (item as { datum?: { spot?: unknown } } | null | undefined)?.datum?.spot;
      const { clientX: x, clientY: y } = event as PointerEvent;
      if (typeof spot === "number") pointTo(spot, { x, y });
      else leave();
    };
    drawn.addEventListener("pointermove", react);
    drawn.addEventListener("pointerdown", react);
    holder.querySelector("svg")?.setAttribute("aria-hidden", "true");
    view?.finalize();
    view = drawn;
    current = -1;
    place.replaceChildren(holder);
  };

  const update: ChartView["update"] = async (data, said, fit = false) => {
    spots = said;
    for (const [name, rows] of Object.entries(data)) view?.data(name, [...rows]);
    if (fit) view?.resize();
    await view?.runAsync();
    if (current >= 0 && place === document.activeElement) tooltip.announce(spots[current]?.lines ?? []);
  };
  return { draw, update };
}

function nextSpot(key: string, current: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(current + 1, count - 1);
  if (key === "ArrowLeft" || key === "ArrowUp") return current < 0 ? count - 1 : Math.max(current - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
