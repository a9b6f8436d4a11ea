import { divergedAt } from "../../outcome/ending.js";
import { gradients } from "../../tables/gradients.js";
import { signal } from "../../tables/signal.js";
import type { Cell, Row, Table } from "../../tables/table.js";
import { t } from "../../text/language.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { namedText } from "../costs/series.js";
import { layerAreas } from "../hover.js";
import { logDomain } from "../log-axis.js";
import { armOfRow } from "../panels.js";
import { band, calculate, LINE, layer, lineLooks, listLegend, logY, oneOf, paramsOf, positive } from "../parts.js";
import { drawnRecords } from "../records.js";
import { armResults, endText, isSingle, type Runs, runStyle, type TitledArm, titledArms } from "../runs.js";
import type { Spec } from "../spec.js";
import { COLUMN_FRAME, LABEL_SIZE, LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { countExpr, numberExpr, quoted, textExpr } from "../vega-text.js";
import { layerExpr, layerLabels } from "../wording.js";

/** A number of each layer, drawn over the layers at a few updates. */
export interface LayerSize {
  readonly table: Table;
  readonly field: string;
  /** What it should be, where that is known. */
  readonly theory?: string;
  /** Which rows of the table are meant. */
  readonly isOf: (row: Row) => boolean;
  /** The axis' title. */
  readonly title: string;
}

export const SIGNAL: LayerSize = {
  table: signal,
  field: "size",
  theory: "theory",
  isOf: () => true,
  title: t`root mean square`,
};

export const GRADIENTS: LayerSize = {
  table: gradients,
  field: "norm",
  isOf: ({ respect }) => respect === "preActivation",
  title: t`gradient norm`,
};

/** Of the plot, of a legend beside it, and of an axis on a phone, px. */
const [WIDTH, HEIGHT, LEGEND, SIDE] = [1060, 230, 320, 54];
/** More arms have their legend beside the plot. */
const FEW_ARMS = 5;
/** More panels would be too narrow for their layers. */
const MOST = { wide: 6, narrow: 3 } as const;

/** An arm with the values of its layers at the updates that are drawn. */
export interface SizedArm extends TitledArm {
  readonly values: readonly {
    readonly update: number;
    readonly layer: string;
    readonly value: Cell;
    readonly theory: Cell;
  }[];
}

export function drawnSizes({ table, field, theory, isOf }: LayerSize, runs: Runs, viewport: View["viewport"] = "wide") {
  const all = armResults(runs);
  const { recorded, ...drawn } = drawnRecords(all, { updates: MOST.wide, layers: Number.POSITIVE_INFINITY });
  const ends = all.flatMap((arm) => divergedAt(arm) ?? []);
  const updates = chooseEvenly(drawn.updates, MOST[viewport], ends);
  const arms = titledArms(runs).map((arm): SizedArm => {
    const rows = [...table.rows(arm.result)].filter((row) => row["arm"] === arm.name && isOf(row));
    const values = rows.flatMap((row) => {
      const [update, value = null] = [Number(row["updates"]), row[field]];
      const expected = (theory === undefined ? null : row[theory]) ?? null;
      return updates.includes(update) ? [{ update, layer: String(row["layer_name"]), value, theory: expected }] : [];
    });
    return { ...arm, values };
  });
  return { updates, recorded, depth: drawn.layerCount, labels: layerLabels(runs, drawn.layers, drawn.names), arms };
}

/** What the scale holds: values of arms that have diverged only where there are no others. */
function domainOf(arms: readonly SizedArm[]): [low: number, high: number] {
  const positives = (values: SizedArm["values"]) =>
    values.flatMap(
      ({ value, theory }) => [value, theory].filter((one) => typeof one === "number" && one > 0) as number[],
    );
  const steady = arms.flatMap(({ arm, values }) =>
    positives(values.filter(({ update }) => update < (divergedAt(arm) ?? Number.POSITIVE_INFINITY))),
  );
  return logDomain(steady.length > 0 ? steady : arms.flatMap(({ values }) => positives(values)));
}

/** A panel per update, in it a line per arm over the layers: bands and offsets, since facets would cost a dataflow each. */
export function layerSizesSpec(kind: LayerSize, runs: Runs, view: View): Spec | undefined {
  const { updates, depth, labels, arms } = drawnSizes(kind, runs, view.viewport);
  const shown = arms.filter(({ values }) => values.some(({ value }) => typeof value === "number" && value > 0));
  if (shown.length === 0) return undefined;
  const isWide = view.viewport === "wide";
  const isCrowded = shown.length > FEW_ARMS;
  const { field, theory, title } = kind;
  const looks = lineLooks(
    "line",
    shown.map(({ title, arm, color, dash, result }) => ({
      key: title,
      text: namedText(title, endText(arm) && `: ${endText(arm)}`, isWide ? LEGEND_LABEL : NARROW_LABEL),
      color: isSingle(runs) ? color : runStyle(runs.findIndex((run) => run.result === result)).color,
      dash,
    })),
    isCrowded ? listLegend(view) : { columns: isWide ? 5 : 1 },
  );
  const update = countExpr("datum.value");
  const x = band("updates", { expr: "shownUpdates" }, 0.06, {
    orient: "top",
    labelFontWeight: "bold",
    labelExpr: `datum.value === 0 ? ${quoted(isWide ? t`before training` : t`start`)} : ${isWide ? textExpr`update ${update}` : `'' + ${update}`}`,
  });
  const xOffset = {
    field: "layer",
    type: "quantitative",
    scale: { domain: { expr: "[-0.6, depth - 0.4]" }, nice: false, zero: false },
  };
  const y = (of: string) => logY(of, "domain", HEIGHT, title);
  const { color, strokeDash } = looks;
  const width = isWide ? WIDTH - (isCrowded ? LEGEND : 0) : NARROW_WIDTH - SIDE;
  const edges = { filter: "datum.layer === 0 || datum.layer === depth - 1" };
  return {
    width,
    height: HEIGHT,
    view: { stroke: null },
    data: { name: kind.table.name },
    params: paramsOf(view, {
      ...looks.params,
      depth,
      shownUpdates: updates,
      domain: domainOf(shown),
      ...(labels && { layerLabels: labels }),
    }),
    transform: [
      armOfRow(runs),
      calculate("line", "datum.panel"),
      { filter: "indexof(lines, datum.line) >= 0 && indexof(shownUpdates, datum.updates) >= 0" },
      ...positive(field, ...(theory === undefined ? [] : [theory])),
    ],
    encoding: { x },
    layer: [
      layer(undefined, COLUMN_FRAME, {}, [oneOf("updates")]),
      ...(theory === undefined
        ? []
        : [
            layer(
              undefined,
              { type: "line", clip: true, strokeWidth: 4, opacity: 0.35 },
              { xOffset, y: y(theory), color },
              [{ filter: `datum.${theory} !== null` }],
            ),
          ]),
      layer(
        undefined,
        { ...LINE, point: { size: 18, filled: true, opacity: 1, clip: true } },
        { xOffset, y: y(field), color, strokeDash },
      ),
      layer(
        undefined,
        { type: "point", shape: "triangle-up", filled: true, size: 50, opacity: 1, yOffset: 6 },
        { xOffset, y: y("top"), color },
        [{ filter: `datum.${field} > domain[1]` }, calculate("top", "domain[1]")],
      ),
      layer(
        undefined,
        {
          type: "text",
          fontSize: LABEL_SIZE,
          baseline: "top",
          dy: 6,
          dx: { expr: `(datum.layer === 0 ? -1 : 1) * (0.6 * bandwidth('x') / (depth + 0.2) - 2)` },
          align: { expr: "datum.layer === 0 ? 'left' : 'right'" },
        },
        { xOffset, y: { datum: { expr: "domain[0]" }, type: "quantitative" }, text: { field: "name" } },
        [
          oneOf("updates", "layer"),
          edges,
          calculate("name", `datum.layer === 0 ? ${quoted(isWide ? t`layer 1` : "1")} : ${quoted(t`output`)}`),
        ],
      ),
      ...layerAreas(
        view,
        {
          transform: [{ filter: `datum.${field} !== null` }],
          field: "layer",
          groupby: ["updates", "layer_name"],
          place: "indexof(lines, datum.line)",
          count: shown.length,
          line: `datum.line + ': ' + ${numberExpr(`datum.${field}`)}`,
          heading: `${labels ? "layerLabels[datum.layer]" : layerExpr("datum.layer_name", false)} + ${textExpr`, update ${countExpr("datum.updates")}`} + ${quoted(`: ${title}`)}`,
        },
        { xOffset },
        { thickness: { expr: "bandwidth('x') / (depth + 0.2)" }, size: HEIGHT },
      ),
    ],
  };
}
