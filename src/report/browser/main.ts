import type { Room } from "../../charts/theme.js";
import { type InteractiveChart, type Payload, unpacked, type VegaSpec } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { choice } from "./controls.js";
import { makeLayerLink } from "./layer-link.js";
import { markRoom, watchRoom, whenNear } from "./room.js";
import { makeTooltip } from "./tooltip.js";

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(JSON.parse(source) as Payload);

function start(payload: Payload): void {
  document.documentElement.classList.add("js");
  const shared: Shared = { tooltip: makeTooltip(), link: makeLayerLink() };
  const filled = (spec: VegaSpec) => withTables(spec, payload);
  for (const [id, chart] of Object.entries(payload.charts)) {
    const figure = document.getElementById(`chart-${id}`);
    const canvas = figure?.querySelector<HTMLElement>(".canvas");
    if (figure === null || canvas === null || canvas === undefined) continue;
    showChart(chart, figure, canvas, shared, filled);
  }
}

/** Puts a chart that answers in the place of a drawn one. */
function showChart(
  { label, variants, spots }: InteractiveChart,
  figure: HTMLElement,
  canvas: HTMLElement,
  shared: Shared,
  filled: (spec: VegaSpec) => object,
): void {
  let view: ChartView | undefined;
  let chosen = 0;
  let room: Room = "wide";
  const draw = async () => {
    const variant = variants[chosen];
    if (variant === undefined) return;
    const narrow = room === "narrow" ? variant.narrow : undefined;
    markRoom(canvas, narrow === undefined ? "wide" : "narrow");
    await view?.draw(filled(narrow ?? variant.spec));
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
  whenNear(figure, () => {
    view = makeChartView(canvas, label, spots, shared);
    watchRoom(canvas, (now) => {
      room = now;
      void draw();
    });
  });
}

/** A spec with the rows in place of their tables' numbers. */
function withTables(spec: VegaSpec, { tables }: Payload): object {
  const { data } = spec as { readonly data?: readonly { readonly values?: unknown }[] };
  const filled = (data ?? []).map((source) => {
    const table = typeof source.values === "number" ? tables[source.values] : undefined;
    return table === undefined ? source : { ...source, values: unpacked(table) };
  });
  return { ...spec, data: filled };
}
