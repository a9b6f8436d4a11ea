import { hasChannels } from "../../record/layer-kinds.js";
import type { Layer } from "../../record/layers.js";
import { VERDICTS, type Verdict } from "../../record/verdicts.js";
import { verdicts as verdictTable } from "../../tables/verdicts.js";
import { t } from "../../text/language.js";
import { countText } from "../../text/numbers.js";
import { verdictWord } from "../../text/places.js";
import type { Chart, View } from "../chart.js";
import { AREA_MARK, areaLook, clockMark, halfway } from "../hover.js";
import { armOfRow, armPanels, panelsOf } from "../panels.js";
import { calculate, layer, paramsOf, updatesX } from "../parts.js";
import { type Drawn, drawnRecords, omissionText } from "../records.js";
import { armResults, type Runs, titledArms, titleOf } from "../runs.js";
import type { Spec } from "../spec.js";
import { INK } from "../theme.js";
import { countExpr, legendLabels, numberExpr, quoted, shareExpr, textExpr, wordExpr } from "../vega-text.js";
import { lastUpdate, layerAxisLabels, layerExpr, layerLabels } from "../wording.js";

/** What each layer's state is judged to be. */
export const verdicts: Chart = {
  name: "verdicts",
  subject: t`Which layers work: a verdict for each`,
  scope: "first seed",
  title: (runs) => titleOf(t`Verdicts per layer`, runs),
  tables: [verdictTable],
  spec: verdictsSpec,
  caption: (runs) => ({ description: describe(runs), notes: [READING, omissionText(drawnVerdicts(runs))] }),
};

const READING = t`One mark per layer and recorded update of an arm's first seed; the input side is at the top, the output layer at the bottom. The report explains each verdict, and result.json has the number behind it.`;

/** How many layers have each verdict, from the most frequent on. */
export function tallyOf(layers: readonly Layer[]): [verdict: Verdict, count: number][] {
  const counts = new Map<Verdict, number>();
  for (const { health } of layers) counts.set(health.verdict, (counts.get(health.verdict) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** How the layers of each arm are judged at its last record: "5 saturated, 3 healthy". */
function describe(runs: Runs): string {
  const each = titledArms(runs).map(({ title, arm }) => {
    const last = arm.checkpoints.at(-1);
    if (last === undefined) return t`${title}: nothing recorded.`;
    const tally = tallyOf(last.layers).map(([verdict, count]) => `${count} ${verdictWord(verdict)}`);
    const end = arm.status === "diverged" ? t`, where it diverged` : "";
    return t`${title} at update ${countText(last.update)}${end}: of ${last.layers.length} layers ${tally.join(", ")}.`;
  });
  return [
    t`A verdict for each of ${drawnVerdicts(runs).layers.length} drawn layers at each recorded update.`,
    ...each,
  ].join(" ");
}

/** Of names and gaps beside each panel, and where names have the layers' kinds, px. */
const [SIDE, KIND_SIDE] = [76, 132];

/**
 * Okabe & Ito's colors; each verdict also has a shape of its own, a path within ±1. Most layers should be healthy, so that
 * is small and quiet.
 */
const LOOKS: Readonly<Partial<Record<Verdict, { readonly shape: string; readonly color: string }>>> = {
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
/** Of a verdict that has no look of its own. */
const PLAIN_LOOK = { shape: "M0,-.9L.9,0L0,.9L-.9,0Z", color: "#009E73" };

const WORDS = Object.fromEntries(VERDICTS.map((verdict) => [verdict, verdictWord(verdict)]));

/** The same layers and updates in every panel. */
export function drawnVerdicts(runs: Runs): Drawn {
  return drawnRecords(armResults(runs), { updates: 50, layers: 40 });
}

/** A panel per arm: a row per layer, a mark at each recorded update. */
function verdictsSpec(runs: Runs, view: View): Spec {
  const { names, layers: drawn, updates } = drawnVerdicts(runs);
  const labels = layerLabels(runs, drawn, names);
  const side = labels === undefined ? SIDE : KIND_SIDE;
  const arms = armPanels(titledArms(runs).filter(({ arm }) => arm.checkpoints.length > 0));
  const isCrowded = arms.length > 2;
  const step = Math.max(11, Math.min(isCrowded ? 26 : 60, 440 / Math.max(1, updates.length)));
  const wanted = Math.max(110, Math.ceil(updates.length * step));
  const panels = panelsOf(arms, view, { narrowest: wanted, widest: wanted, side });
  const height = names.length > 14 ? 12 : isCrowded ? 20 : 24;
  const mark = Math.min(panels.width / Math.max(1, updates.length), height, 16) * 0.8;
  const given = armResults(runs).flatMap(({ checkpoints }) => checkpoints.flatMap(({ layers }) => layers));
  const seen = new Set(given.map(({ health }) => health.verdict));
  const channel = (look: "shape" | "color") => ({
    field: "verdict",
    type: "nominal",
    scale: { domain: [...VERDICTS], range: VERDICTS.map((verdict) => (LOOKS[verdict] ?? PLAIN_LOOK)[look]) },
    legend: {
      values: { expr: "seen" },
      ...legendLabels(WORDS),
      symbolOpacity: 1,
      symbolStrokeWidth: 0,
      columns: view.viewport === "wide" ? 6 : 3,
    },
  });
  // Of two that overlap, an edge tells where the later one ends.
  const point = { type: "point", filled: true, stroke: "white", strokeWidth: 1, opacity: 1 };
  const size = Math.round(mark * mark);
  const x = updatesX("updates", Math.max(2, Math.floor(panels.width / 60)), mark);
  const area = { type: "rect", ...AREA_MARK, height };
  const extent = { x: { ...x, field: "from" }, x2: { field: "to" }, ...areaLook({ byLayer: true }) };
  const told = [...halfway("updates", ["panel", "layer_name"]), calculate("told", toldText(labels !== undefined))];
  return {
    data: { name: "verdicts" },
    params: paramsOf(view, {
      ...panels.params,
      layers: names,
      ...(labels && {
        layerLabels: labels,
        unitWords: drawn.map((layer) => (hasChannels(runs[0].result.config, layer) ? t`channels` : t`units`)),
      }),
      shownUpdates: updates,
      lastUpdate: Math.max(1, ...runs.map(({ result }) => lastUpdate(result))),
      seen: VERDICTS.filter((verdict) => seen.has(verdict)),
    }),
    transform: [
      armOfRow(runs),
      ...panels.transform,
      { filter: "indexof(layers, datum.layer_name) >= 0 && indexof(shownUpdates, datum.updates) >= 0" },
    ],
    ...panels.of({
      height: Math.max(1, names.length) * height,
      encoding: {
        x,
        y: {
          field: "layer_name",
          type: "nominal",
          scale: { type: "point", domain: { expr: "layers" }, padding: 0.5 },
          axis: {
            title: null,
            grid: true,
            ticks: false,
            domain: false,
            labelPadding: 6,
            ...layerAxisLabels(labels !== undefined),
          },
        },
      },
      layer: [
        layer(undefined, { ...point, size }, { shape: channel("shape"), fill: channel("color") }),
        ...clockMark(view, { x }),
        ...(view.interactive ? [{ name: "areas", ...layer(undefined, area, extent, told) }] : []),
      ],
    }),
  };
}

/** The number that the verdict's rule judged: all but second moments are shares. */
const IS_MOMENT = "indexof(['not-finite', 'growth', 'output-scale', 'small-values'], datum.rule) >= 0";

/** What is said of a mark; of networks on images with the kinds of the layers and of their units. */
function toldText(isOfImages: boolean): string {
  const units = isOfImages
    ? textExpr` of its ${"unitWords[indexof(layers, datum.layer_name)]"}`
    : quoted(t` of its units`);
  const of = `(datum.rule === 'saturated-values' ? ${quoted(t` of its values`)} : datum.rule === 'small-gradient' ? ${quoted(t` of the output layer's gradient arrives`)} : ${units})`;
  const measured = `${IS_MOMENT} ? ${textExpr`second moment ${numberExpr("datum.evidence")}`} : ${shareExpr("datum.evidence")} + ${of}`;
  return `datum.panel + ', ' + ${layerExpr("datum.layer_name", isOfImages)} + ${textExpr`, update ${countExpr("datum.updates")}`} + '\\n' + ${wordExpr("datum.verdict", WORDS)} + ': ' + (datum.rule === null ? ${textExpr`second moment ${numberExpr("datum.second_moment")}`} : ${measured})`;
}
