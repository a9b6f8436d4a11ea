import { t } from "../../text/language.js";
import "./spoken.js";
import type { Viewport } from "../../charts/chart.js";
import { type InteractiveChart, rowsOf, unpacked } from "../payload.js";
import { followKeys, showBar } from "./bar.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { type Clock, makeClock } from "./clock.js";
import { made, stateChoice } from "./controls.js";
import { showLab } from "./lab.js";
import { makeLayerLink } from "./layer-link.js";
import { makePresentation, reportHeight } from "./presentation.js";
import { offerFiles } from "./save.js";
import { layersOf, type Refresh, showStage } from "./stage.js";
import { makeState, type PageState } from "./state.js";
import { makeTooltip } from "./tooltip.js";
import { showUnits } from "./units.js";
import { filling, watchViewport, whenNear } from "./viewport.js";

/** The ways to draw a chart, by their names in the address. */
const SCALES: Readonly<Record<string, string>> = { log: t`log`, linear: t`linear` };

const source = document.getElementById("payload")?.textContent;
if (source !== undefined && source !== null) start(source);

function start(packed: string): void {
  const { tables, specs, charts, stages, units, lab } = unpacked(packed);
  const state = makeState();
  const presentation = makePresentation(state);
  const shared: Shared = {
    presentation,
    tooltip: makeTooltip(),
    link: makeLayerLink(state),
    specAt(place, sets = {}) {
      const spec = specs[place] ?? {};
      const data = (spec.data ?? []).map((source) => {
        const table = sets[source.name];
        return table === undefined ? source : { ...source, values: rowsOf(tables[table]) };
      });
      return { ...spec, data };
    },
  };
  const all = Object.values(stages);
  const updates = [...new Set(all.flatMap(({ updates }) => updates))].sort((one, other) => one - other);
  const clock = makeClock(updates, state);
  const refresh = new Map<string, Refresh>();
  for (const [id, chart] of Object.entries(charts)) {
    const canvas = document.querySelector<HTMLElement>(`#chart-${id} .canvas`);
    if (canvas !== null) refresh.set(id, showChart(chart, canvas, { clock, state, shared }));
  }
  if (units !== undefined) showUnits(units, state, refresh.get("unit"));
  offerFiles();
  reportHeight();
  if (all.length === 0) return;
  for (const [id, stage] of Object.entries(stages)) {
    const part = document.getElementById(id);
    const refreshFits = stage.fits === undefined ? undefined : refresh.get("stage-fits");
    if (part !== null) showStage(stage, part, { tables, clock, state, shared, refreshFits });
  }
  const hasStage = document.getElementById("stage") !== null;
  showBar(clock, state, layersOf(all), hasStage ? presentation.toggle : undefined);
  if (lab !== undefined) showLab(lab);
  followKeys(clock);
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (state.get("update") === undefined && !isCalm && hasStage) clock.toggle();
}

interface Page {
  readonly clock: Clock;
  readonly state: PageState;
  readonly shared: Shared;
}

/** Puts a chart that answers in the place of a drawn one. */
function showChart(
  { label, ways, sets, note }: InteractiveChart,
  canvas: HTMLElement,
  { clock, state, shared }: Page,
): Refresh {
  let view: ChartView | undefined;
  let viewport: Viewport = "wide";
  let latest: Parameters<Refresh> = [{}, {}];
  const names = ways.map(({ name }) => name);
  const scale = stateChoice(
    state,
    "scale",
    t`Cost scale`,
    names,
    names.map((name) => SCALES[name] ?? name),
  );
  const { presentation } = shared;
  const placeNow = () => ways[scale.place()]?.specs[presentation.isOn(canvas) ? "narrow" : viewport] ?? -1;
  const specNow = () => {
    const spec = shared.specAt(placeNow(), sets);
    return presentation.isOn(canvas) ? presentation.enlarged(spec, canvas) : filling(spec, canvas);
  };
  const update = async () => {
    const [looks, rows] = latest;
    // While it plays, rows are not made again and nothing is measured.
    const lists = (shared.specAt(placeNow()).signals ?? []).flatMap(({ name, value }): [string, unknown][] => {
      const ends = looks[name];
      return ends !== undefined && Array.isArray(value) ? [[name, [...value.slice(0, -ends.length), ...ends]]] : [];
    });
    await view?.update({ ...Object.fromEntries(lists), clockUpdate: clock.update() }, rows);
  };
  const draw = async () => {
    await view?.draw(specNow());
    await update();
  };
  if (names.length > 1) {
    canvas.before(made("div", "controls", scale.element));
    state.watch("scale", () => void draw());
  }
  clock.watch(() => void update());
  presentation.watch(() => void draw());
  if (note !== undefined) canvas.after(made("p", "notes thinned", note));
  whenNear(canvas, () => {
    view = makeChartView(canvas, label, shared);
    watchViewport(canvas, (now) => {
      viewport = now;
      void draw();
    });
  });
  return (...next) => {
    latest = next;
    void update();
  };
}
