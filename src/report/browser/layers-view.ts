import type { Viewport } from "../../charts/chart.js";
import { panelsOf } from "../../charts/layers/extents.js";
import { valueTicks } from "../../charts/layers/layout.js";
import { panelParams } from "../../charts/layers/spec.js";
import type { VegaSpec } from "../../charts/spec.js";
import { t } from "../../text/language.js";
import type { Columns, Stage, StageArm } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { framesOf } from "./stage-frames.js";
import { filling, watchViewport, whenIdleOrNear } from "./viewport.js";

export interface LayersView {
  /** Shows arms, the first above the axis and the second below it, at the last record that is not later than an update. */
  readonly show: (arms: readonly StageArm[], update: number) => void;
  /** Of that record among the stage's. */
  readonly place: () => number;
  /** With another exponent of the heights. */
  readonly redraw: () => void;
}

/** How long the bars are on their way from one update to the next, ms. */
const MOTION = 450;

/** Draws the histograms of every layer at one update into `canvas`, and moves them to others. */
export function showLayers(
  source: Stage,
  tables: readonly Columns[],
  canvas: HTMLElement,
  { shared, exponent }: { readonly shared: Shared; readonly exponent: () => number },
): LayersView {
  const { updates, layers, specs } = source;
  const frames = framesOf(source, tables);
  const { presentation } = shared;
  let chart: ChartView | undefined;
  let viewport: Viewport | undefined;
  let arms: readonly StageArm[] = [];
  /** The record that is asked for, and what is drawn, which may lie between two. */
  let place = 0;
  let shown = 0;
  /** Counts motions: of two that overlap the later one goes on. */
  let motion = 0;

  const draw = async (at: number, fit = false) => {
    shown = at;
    const rows = frames(at, arms);
    await chart?.update({ shownUpdates: [updates[Math.ceil(at)] ?? 0] }, { ...rows }, fit);
  };
  /** The axes of the arms that are chosen, the same at every update. */
  const redraw = async () => {
    if (chart === undefined || viewport === undefined) return;
    motion += 1;
    const view = { viewport, interactive: true };
    const panels = panelsOf(arms, [updates[place] ?? 0], updates, layers);
    const params = { ...panelParams(panels), exponent: exponent() };
    await chart.update(params, { "layer-ticks": valueTicks(panels, view) });
    // The last update has the widest numbers.
    await draw(updates.length - 1, true);
    await draw(place);
  };
  /** Where motion is not wanted, or more than one step lies between, the update is there at once. */
  const move = () => {
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
    const spec = shared.specAt(specs[viewport]);
    await chart.draw(presentation.isOn(canvas) ? presentation.enlarged(spec, canvas) : filling(spec, canvas));
    await redraw();
  };
  presentation.watch(() => void start());
  watchViewport(canvas, (now) => {
    viewport = now;
    if (chart === undefined) canvas.replaceChildren(emptyPicture(shared.specAt(specs[now])));
    void start();
  });
  whenIdleOrNear(canvas, () => {
    chart = makeChartView(canvas, t`Histograms of every layer at one update.`, shared);
    void start();
  });
  return {
    show(next, update) {
      place = Math.max(
        0,
        updates.findLastIndex((own) => own <= update),
      );
      const isSame = next.every((arm, at) => arm === arms[at]);
      arms = next;
      if (isSame) move();
      else void redraw();
    },
    place: () => place,
    redraw: () => void redraw(),
  };
}

/** Takes the space of a drawing that is to come, so that nothing below it moves when it does. */
function emptyPicture({ width, height }: VegaSpec): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", `0 0 ${Number(width) + 60} ${Number(height) + 90}`);
  return picture;
}
