import type { Viewport } from "../../charts/chart.js";
import type { Row } from "../../tables/table.js";
import { type InteractiveChart, rowsOf, unpacked } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { makeClock } from "./clock.js";
import { choice, row } from "./controls.js";
import { keepInFragment } from "./fragment.js";
import { followKeys } from "./keys.js";
import { makeLayerLink } from "./layer-link.js";
import { showPlayer } from "./player.js";
import { showStage } from "./stage.js";
import { makeTooltip } from "./tooltip.js";
import { watchViewport, whenNear } from "./viewport.js";

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(source);

function start(packed: string): void {
  const payload = unpacked(packed);
  const { tables, specs, charts, players } = payload;
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
  const refresh = new Map<string, Refresh>();
  for (const [id, chart] of Object.entries(charts)) {
    const canvas = document.querySelector<HTMLElement>(`#chart-${id} .canvas`);
    if (canvas !== null) refresh.set(id, showChart(chart, canvas, shared));
  }
  const updates = new Set(Object.values(players).flatMap(({ updates }) => updates));
  const clock = makeClock([...updates].sort((one, other) => one - other));
  for (const [id, player] of Object.entries(players)) {
    const part = document.getElementById(`player-${id}`);
    if (part !== null) showPlayer(player, tables, part, clock, shared);
  }
  showStage(payload, clock, shared, (fits) => refresh.get("stage-fits")?.({ fits }));
  followKeys(clock);
  const { isNew } = keepInFragment(clock, shared.link);
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isNew && !isCalm && document.getElementById("stage") !== null) clock.play();
}

/** Gives a chart's data sets other rows, now and whenever it is drawn. */
type Refresh = (rows: Readonly<Record<string, readonly Row[]>>) => void;

/** Puts a chart that answers in the place of a drawn one. */
function showChart({ label, ways, sets, note }: InteractiveChart, canvas: HTMLElement, shared: Shared): Refresh {
  let view: ChartView | undefined;
  let chosen = 0;
  let viewport: Viewport = "wide";
  let latest: Parameters<Refresh>[0] | undefined;
  const update = async () => {
    if (latest !== undefined) await view?.update({}, latest);
  };
  const draw = async () => {
    const way = ways[chosen];
    if (way !== undefined) await view?.draw(shared.specAt(way.specs[viewport], sets));
    await update();
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
  return (rows) => {
    latest = rows;
    void update();
  };
}
