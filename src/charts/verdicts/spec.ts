import type { TopLevelSpec } from "vega-lite";
import { divergedAt } from "../../outcome/ending.js";
import type { Result } from "../../record/result.js";
import { VERDICTS, type Verdict } from "../../record/verdicts.js";
import { layerName } from "../../tables/table.js";
import { armPanels } from "../arm-panels.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { AREA_MARK, areaLook, HOVER_PARAMS } from "../hover.js";
import { paramsOf } from "../params.js";
import { INK } from "../theme.js";
import { countExpr, numberExpr, shareExpr } from "../vega-text.js";

const MOST_LAYERS = 40;
const MOST_UPDATES = 50;
/** Of names and gaps beside each panel, px. */
const SIDE = 76;

/**
 * Okabe & Ito's colors; each verdict also has a shape of its own, a path within ±1. Most layers should be healthy, so that
 * is small and quiet.
 */
const LOOKS: Readonly<Record<Verdict, { readonly shape: string; readonly color: string }>> = {
  healthy: { shape: "M-.5,0A.5,.5,0,1,1,.5,0A.5,.5,0,1,1,-.5,0Z", color: "#a8a8a8" },
  saturated: { shape: "M-.8,-.8L.8,-.8L.8,.8L-.8,.8Z", color: "#E69F00" },
  dead: {
    shape: "M-.85,-.5L-.5,-.85L0,-.35L.5,-.85L.85,-.5L.35,0L.85,.5L.5,.85L0,.35L-.5,.85L-.85,.5L-.35,0Z",
    color: INK,
  },
  exploding: { shape: "M0,-.9L1,.8L-1,.8Z", color: "#D55E00" },
  vanishing: { shape: "M0,.9L1,-.8L-1,-.8Z", color: "#0072B2" },
  constant: { shape: "M-1,-.4L1,-.4L1,.4L-1,.4Z", color: "#CC79A7" },
};

/** What is drawn of a record: names of layers and numbers of updates, the same in every panel. */
export function drawnVerdicts({ arms }: Result) {
  const checkpoints = Object.values(arms).flatMap((arm) => arm.checkpoints);
  const layerCount = checkpoints.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  const recorded = [...new Set(checkpoints.map(({ update }) => update))].sort((a, b) => a - b);
  const ends = Object.values(arms).flatMap((arm) => divergedAt(arm) ?? []);
  const layers = chooseEvenly([...Array(layerCount).keys()], MOST_LAYERS);
  return {
    layerCount,
    recorded: recorded.length,
    layers: layers.map((layer) => layerName(layer, layerCount)),
    updates: chooseEvenly(recorded, MOST_UPDATES, ends),
  };
}

/** A panel per arm: a row per layer, a column per recorded update. */
export function verdictsSpec(record: Result, view: View): TopLevelSpec {
  const { layers, updates } = drawnVerdicts(record);
  const names = Object.keys(record.arms).filter((name) => (record.arms[name]?.checkpoints.length ?? 0) > 0);
  const step = Math.max(11, Math.min(names.length > 2 ? 26 : 60, 440 / Math.max(1, updates.length)));
  const wanted = Math.max(110, Math.ceil(updates.length * step));
  const panels = armPanels(record, names, view, { narrowest: wanted, widest: wanted, side: SIDE });
  const row = layers.length > 14 ? 12 : names.length > 2 ? 20 : 24;
  const side = Math.min(panels.width / Math.max(1, updates.length), row, 16) * 0.8;
  const seen = new Set(
    Object.values(record.arms).flatMap(({ checkpoints }) =>
      checkpoints.flatMap((c) => c.layers.map(({ health }) => health.verdict)),
    ),
  );
  const channel = (range: readonly unknown[]) => ({
    field: "verdict",
    type: "nominal",
    scale: { domain: [...VERDICTS], range },
    legend: { values: { expr: "seen" }, symbolOpacity: 1, columns: view.viewport === "wide" ? 6 : 3 },
  });
  return {
    data: { name: "verdicts" },
    params: paramsOf({
      ...panels.params,
      layers,
      shownUpdates: updates,
      seen: VERDICTS.filter((verdict) => seen.has(verdict)),
      ...(view.interactive ? HOVER_PARAMS : {}),
    }),
    transform: [
      panels.order,
      { filter: "indexof(layers, datum.layer_name) >= 0 && indexof(shownUpdates, datum.updates) >= 0" },
    ],
    facet: panels.facet,
    columns: panels.columns,
    spacing: { row: 16, column: 14 },
    resolve: { axis: { x: "independent", y: "independent" } },
    spec: {
      width: panels.width,
      height: Math.max(1, layers.length) * row,
      encoding: {
        x: {
          field: "updates",
          type: "ordinal",
          scale: { type: "point", domain: { expr: "shownUpdates" }, padding: 0.6 },
          axis: { title: "update", labelAngle: 0, labelOverlap: "greedy", labelExpr: countExpr("datum.value") },
        },
        y: {
          field: "layer_name",
          type: "nominal",
          scale: { type: "point", domain: { expr: "layers" }, padding: 0.5 },
          axis: { title: null, grid: true, ticks: false, domain: false, labelPadding: 6 },
        },
      },
      layer: [
        {
          mark: { type: "point", filled: true, strokeWidth: 0, opacity: 1, size: Math.round(side * side) },
          encoding: {
            shape: channel(VERDICTS.map((verdict) => LOOKS[verdict].shape)),
            fill: channel(VERDICTS.map((verdict) => LOOKS[verdict].color)),
          },
        },
        ...(view.interactive
          ? [
              {
                name: "areas",
                transform: [{ calculate: TOLD_VERDICT, as: "told" }],
                mark: { type: "rect", ...AREA_MARK, width: panels.width / (updates.length + 0.2), height: row },
                encoding: areaLook({ byLayer: true }),
              },
            ]
          : []),
      ],
    },
  } as unknown as TopLevelSpec;
}

/** The number that the verdict's rule judged: all but second moments are shares. */
const MEASURED = `indexof(['not-finite', 'growth', 'output-scale', 'small-values'], datum.rule) >= 0 ? 'second moment ' + ${numberExpr("datum.evidence")} : ${shareExpr("datum.evidence")} + (datum.rule === 'saturated-values' ? ' of its values' : datum.rule === 'small-gradient' ? " of the output layer's gradient arrives" : ' of its units')`;
const TOLD_VERDICT = `datum.arm + ', ' + datum.layer_name + ', update ' + ${countExpr("datum.updates")} + '\\n' + datum.verdict + (datum.rule === null ? '' : ': ' + (${MEASURED}))`;
