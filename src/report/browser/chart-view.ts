import { parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { VegaSpec } from "../../charts/spec.js";
import { t } from "../../text/language.js";
import type { Sets } from "../payload.js";
import { type Area, areasOf, hasTooltip } from "./areas.js";
import type { LayerLink } from "./layer-link.js";
import type { Presentation } from "./presentation.js";
import type { Tooltip } from "./tooltip.js";

/** What every chart of the page shares. */
export interface Shared {
  readonly tooltip: Tooltip;
  readonly link: LayerLink;
  readonly presentation: Presentation;
  /** A spec of the payload with rows in the data sets that are named. */
  readonly specAt: (place: number, sets?: Sets) => VegaSpec;
}

/** A chart that answers to pointer and keyboard. */
export interface ChartView {
  /** Draws another spec in its place. */
  readonly draw: (spec: VegaSpec) => Promise<void>;
  /** Gives those of the signals that it has, and data sets, new values; `fit` makes room for what is wider than before. */
  readonly update: (
    signals: Readonly<Record<string, unknown>>,
    data: Readonly<Record<string, readonly object[]>>,
    fit?: boolean,
  ) => Promise<void>;
}

/** The level of Vega's log at which only errors are written. */
const ERRORS = 1;

/** Makes a chart in `place`, which is the one thing to focus: arrow keys go from area to area. */
export function makeChartView(place: HTMLElement, label: string, { tooltip, link }: Shared): ChartView {
  let view: View | undefined;
  let names: ReadonlySet<string> = new Set();
  let current: Area | undefined;
  place.setAttribute("role", "application");
  place.setAttribute("aria-roledescription", t`chart`);
  place.setAttribute("aria-label", t`${label} Arrow keys read its values.`);

  const signal = (name: string, value: unknown) => void view?.signal(name, value).runAsync();
  const areas = () => (view === undefined ? [] : areasOf(view.scenegraph()));
  const pointTo = (area: Area, at: { readonly x: number; readonly y: number } | undefined) => {
    if (area.tooltip !== current?.tooltip) {
      signal("pointed", area.tooltip);
      link.pointTo(area.datum.layer_name ?? null);
    }
    current = area;
    if (at !== undefined) tooltip.show(area.tooltip.split("\n"), at);
  };
  const leave = () => {
    tooltip.hide();
    if (current === undefined) return;
    current = undefined;
    signal("pointed", null);
    link.pointTo(null);
  };
  link.watch((layer) => signal("layer", layer));

  // A finger leaves at once, and what it pointed at is to be read: that goes with the next touch elsewhere.
  place.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch") leave();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    // Only the chart that was pointed at: the tooltip may by now be another one's.
    if (current !== undefined && !place.contains(target as Node | null)) leave();
  });
  place.addEventListener("blur", leave);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = areas();
    const next = nextPlace(event.key, placeOf(all, current), all.length);
    const area = next === undefined ? undefined : all[next];
    if (area === undefined) return;
    event.preventDefault();
    area._svg?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = area._svg?.getBoundingClientRect();
    pointTo(area, box === undefined ? undefined : { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    tooltip.announce(area.tooltip.split("\n"));
  });

  let latest: VegaSpec | undefined;
  const draw = async (spec: VegaSpec) => {
    latest = spec;
    const runtime = parse(spec as object as Spec, undefined, { ast: true });
    const holder = document.createElement("div");
    const drawn = new View(runtime, { renderer: "svg", expr: expressionInterpreter, logLevel: ERRORS, hover: false });
    drawn.tooltip(() => {});
    drawn.initialize(holder);
    drawn.signal("layer", link.current());
    await drawn.runAsync();
    if (latest !== spec) return void drawn.finalize();
    const react = (event: Event, item: unknown) => {
      const { clientX: x, clientY: y } = event as PointerEvent;
      if (hasTooltip(item)) pointTo(item, { x, y });
      else leave();
    };
    drawn.addEventListener("pointermove", react);
    drawn.addEventListener("pointerdown", react);
    drawn.addEventListener("click", (_, item) => {
      if (hasTooltip(item) && item.datum.layer_name !== undefined) link.pin(item.datum.layer_name);
    });
    holder.querySelector("svg")?.setAttribute("aria-hidden", "true");
    view?.finalize();
    view = drawn;
    names = new Set(spec.signals?.map(({ name }) => name));
    current = undefined;
    place.replaceChildren(holder);
  };

  const update: ChartView["update"] = async (signals, data, fit = false) => {
    const own = Object.entries(signals).filter(([name]) => names.has(name));
    if (own.length + Object.keys(data).length === 0) return;
    for (const [name, value] of own) view?.signal(name, value);
    for (const [name, rows] of Object.entries(data)) view?.data(name, [...rows]);
    if (fit) view?.resize();
    await view?.runAsync();
    if (current === undefined || place !== document.activeElement) return;
    // The keyboard stays where it was, and hears what is there now.
    const now = areas().find(({ datum }) => datum.layer_name === current?.datum.layer_name);
    if (now !== undefined) tooltip.announce(now.tooltip.split("\n"));
  };
  return { draw, update };
}

/** Of the same text, or of the same layer where the text has changed since. */
function placeOf(areas: readonly Area[], area: Area | undefined): number {
  if (area === undefined) return -1;
  const place = areas.findIndex(({ tooltip }) => tooltip === area.tooltip);
  const { layer_name: layer } = area.datum;
  return place >= 0 || layer === undefined ? place : areas.findIndex(({ datum }) => datum.layer_name === layer);
}

function nextPlace(key: string, current: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(current + 1, count - 1);
  if (key === "ArrowLeft" || key === "ArrowUp") return current < 0 ? count - 1 : Math.max(current - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
