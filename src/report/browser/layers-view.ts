import type { Viewport } from "../../charts/chart.js";
import { panelsOf } from "../../charts/layers/extents.js";
import { valueTicks } from "../../charts/layers/layout.js";
import { panelParams } from "../../charts/layers/spec.js";
import type { Columns, Player } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { framesOf } from "./player-frames.js";
import { watchViewport, whenIdleOrNear } from "./viewport.js";

/** What a living picture of the layers shows. */
export interface Choice {
  /** A place among the player's quantities. */
  quantity: number;
  /** Places of arms: the first is above the axis, the second below it. */
  pair: readonly number[];
}

export interface LayersView {
  /** Shows the last record that is not later than an update. */
  readonly moveTo: (update: number) => void;
  /** Draws what is chosen by now. */
  readonly redraw: () => Promise<void>;
  /** "at update 50 is most saturated in …": about an arm, at the record that is shown. */
  readonly captionOf: (arm: number) => string;
}

/** How long the bars are on their way from one update to the next, ms. */
const MOTION = 450;

/** Draws the histograms of every layer at one update into `canvas`, and moves them to others. */
export function showLayers(
  source: Player,
  tables: readonly Columns[],
  canvas: HTMLElement,
  choice: Choice,
  shared: Shared,
): LayersView {
  const { updates, layers, quantities, specs } = source;
  const frames = framesOf(source, tables);
  let chart: ChartView | undefined;
  let viewport: Viewport | undefined;
  /** The record that is asked for, and what is drawn, which may lie between two. */
  let place = 0;
  let shown = 0;
  /** Counts motions: of two that overlap the later one goes on. */
  let motion = 0;

  const quantity = () => quantities[choice.quantity];
  const arms = () => choice.pair.flatMap((arm) => quantity()?.arms[arm] ?? []);
  const draw = async (at: number, fit = false) => {
    shown = at;
    const labels = arms().map(({ label }) => label);
    const rows = frames(at, quantity()?.quantity ?? "", labels);
    await chart?.update({ shownUpdates: [updates[Math.ceil(at)] ?? 0] }, { ...rows }, fit);
  };
  /** The axes of the arms and values that are chosen, the same at every update. */
  const redraw = async () => {
    const kind = quantity()?.quantity;
    if (chart === undefined || viewport === undefined || kind === undefined) return;
    motion += 1;
    const view = { viewport, interactive: true };
    const panels = panelsOf(arms(), [updates[place] ?? 0], updates, layers);
    await chart.update(panelParams(panels, kind), { "layer-ticks": valueTicks(panels, view) });
    // The last update has the widest numbers.
    await draw(updates.length - 1, true);
    await draw(place);
  };
  /** Where motion is not wanted, or more than one step lies between, the update is there at once. */
  const moveTo = (update: number) => {
    place = Math.max(
      0,
      updates.findLastIndex((own) => own <= update),
    );
    motion += 1;
    const [own, from, to] = [motion, shown, place];
    if (Math.abs(to - from) > 1 || matchMedia("(prefers-reduced-motion: reduce)").matches) return void draw(to);
    const start = performance.now();
    const step = async (now: number) => {
      if (own !== motion) return;
      const share = Math.min(1, Math.max(0, now - start) / MOTION);
      await draw(share === 1 ? to : from + (to - from) * share * share * (3 - 2 * share));
      if (share < 1) requestAnimationFrame((later) => void step(later));
    };
    requestAnimationFrame((later) => void step(later));
  };
  const start = async () => {
    if (chart === undefined || viewport === undefined) return;
    await chart.draw(shared.specAt(specs[viewport]));
    await redraw();
  };
  watchViewport(canvas, (now) => {
    viewport = now;
    if (chart === undefined) canvas.replaceChildren(emptyPicture(shared.specAt(specs[now])));
    void start();
  });
  whenIdleOrNear(canvas, () => {
    chart = makeChartView(canvas, "Histograms of every layer at one update.", shared);
    void start();
  });
  return { moveTo, redraw, captionOf: (arm) => quantity()?.arms[arm]?.captions[place] ?? "" };
}

/** Takes the space of a drawing that is to come, so that nothing below it moves when it does. */
function emptyPicture({ width, height }: { readonly width?: unknown; readonly height?: unknown }): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", `0 0 ${Number(width) + 60} ${Number(height) + 90}`);
  return picture;
}
