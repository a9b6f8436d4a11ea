import type { Viewport } from "../../charts/chart.js";
import { type InteractiveChart, rowsOf, unpacked } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { makeClock } from "./clock.js";
import { choice, row } from "./controls.js";
import { makeLayerLink } from "./layer-link.js";
import { showPlayer } from "./player.js";
import { makeTooltip } from "./tooltip.js";
import { watchViewport, whenNear } from "./viewport.js";

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(source);

function start(packed: string): void {
  const { tables, specs, charts, players } = unpacked(packed);
  const shared: Shared = {
    tooltip: makeTooltip(),
    link: makeLayerLink(),
    specAt(place, sets = {}) {
      const spec = specs[place] ?? {};
      if (!("data" in spec) || !Array.isArray(spec.data)) return spec;
      const data = spec.data.map((source: { readonly name: string }) => {
        const table = sets[source.name];
        return table === undefined ? source : { ...source, values: rowsOf(tables[table]) };
      });
      return { ...spec, data };
    },
  };
  for (const [id, chart] of Object.entries(charts)) {
    const canvas = document.querySelector<HTMLElement>(`#chart-${id} .canvas`);
    if (canvas !== null) showChart(chart, canvas, shared);
  }
  const updates = new Set(Object.values(players).flatMap(({ updates }) => updates));
  const clock = makeClock([...updates].sort((one, other) => one - other));
  for (const [id, player] of Object.entries(players)) {
    const part = document.getElementById(`player-${id}`);
    if (part !== null) showPlayer(player, tables, part, clock, shared);
  }
}

/** Puts a chart that answers in the place of a drawn one. */
function showChart({ label, ways, sets, note }: InteractiveChart, canvas: HTMLElement, shared: Shared): void {
  let view: ChartView | undefined;
  let chosen = 0;
  let viewport: Viewport = "wide";
  const draw = async () => {
    const way = ways[chosen];
    if (way !== undefined) await view?.draw(shared.specAt(way.specs[viewport], sets));
  };
  const choose = (place: number) => {
    chosen = place;
    void draw();
  };
  const names = ways.map(({ name }) => name);
  if (names.length > 1) canvas.before(row(choice("Scale of the cost", names, choose)));
  if (note !== undefined) {
    const said = document.createElement("p");
    said.className = "notes thinned";
    said.textContent = note;
    canvas.after(said);
  }
  whenNear(canvas, () => {
    view = makeChartView(canvas, label, shared);
    watchViewport(canvas, (now) => {
      viewport = now;
      void draw();
    });
  });
}
