import type { Viewport } from "../../charts/chart.js";
import type { InteractiveChart, Payload } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { choice } from "./controls.js";
import { type Filled, filler } from "./filled.js";
import { makeLayerLink } from "./layer-link.js";
import { showPlayer } from "./player-view.js";
import { makeTooltip } from "./tooltip.js";
import { makeUpdateLink } from "./update-link.js";
import { watchViewport, whenNear } from "./viewport.js";

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(JSON.parse(source) as Payload);

function start(payload: Payload): void {
  document.documentElement.classList.add("js");
  const shared: Shared = { tooltip: makeTooltip(), link: makeLayerLink(), updates: makeUpdateLink() };
  const filled = filler(payload);
  for (const [id, chart] of Object.entries(payload.charts)) {
    const figure = document.getElementById(`chart-${id}`);
    const canvas = figure?.querySelector<HTMLElement>(".canvas");
    if (figure === null || canvas === null || canvas === undefined) continue;
    showChart(chart, figure, canvas, shared, filled);
  }
  for (const [id, player] of Object.entries(payload.players)) {
    const part = document.getElementById(`player-${id}`);
    if (part !== null) showPlayer(player, payload.tables, part, shared, filled);
  }
}

/** Puts a chart that answers in the place of a drawn one. */
function showChart(
  { label, variants, sets, note }: InteractiveChart,
  figure: HTMLElement,
  canvas: HTMLElement,
  shared: Shared,
  filled: Filled,
): void {
  let view: ChartView | undefined;
  let chosen = 0;
  let viewport: Viewport = "wide";
  const draw = async () => {
    const variant = variants[chosen];
    if (variant !== undefined) await view?.draw(filled(variant.specs[viewport], sets));
  };
  if (variants.length > 1) {
    const controls = document.createElement("div");
    controls.className = "controls";
    const names = variants.map(({ name }) => name);
    controls.append(
      choice("Scale of the cost", names, (place) => {
        chosen = place;
        void draw();
      }),
    );
    canvas.before(controls);
  }
  if (note !== undefined) {
    const said = document.createElement("p");
    said.className = "notes thinned";
    said.textContent = note;
    figure.append(said);
  }
  whenNear(figure, () => {
    view = makeChartView(canvas, label, shared);
    watchViewport(canvas, (now) => {
      viewport = now;
      void draw();
    });
  });
}
