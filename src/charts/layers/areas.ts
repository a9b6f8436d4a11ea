import { t } from "../../text/language.js";
import type { View } from "../chart.js";
import { AREA_MARK, areaLook } from "../hover.js";
import { calculate } from "../parts.js";
import type { Spec } from "../spec.js";
import { countExpr, numberExpr, quoted, shareExpr, textExpr } from "../vega-text.js";
import { layerExpr } from "../wording.js";
import type { Panels } from "./extents.js";
import { MARGIN } from "./layout.js";

/** Of an arm that has no record of a layer. */
export const NOT_RECORDED = t`not recorded`;

const updateOf = ({ labels }: Panels) =>
  `${layerExpr("datum.layer_name", labels !== undefined)} + ${textExpr`, update ${countExpr("datum.updates")}`}`;

/** What is said of a layer: the note about each arm. */
export function toldLayers(panels: Panels, places: readonly string[]): Spec[] {
  const lines = Array.from(
    { length: panels.arms.length },
    (_, place) =>
      `'\\n' + arms[${place}] + ': ' + (isValid(datum.arm${place}) ? datum.arm${place} : ${quoted(NOT_RECORDED)})`,
  );
  return [
    calculate("slot", "'arm' + indexof(arms, datum.arm)"),
    { pivot: "slot", value: "note", groupby: ["layer_name", "updates", ...places], op: "max" },
    calculate("told", [updateOf(panels), ...lines].join(" + ")),
  ];
}

interface Positions {
  readonly arm: string;
  readonly side: string;
  readonly xOffset: Spec;
  readonly yOffset: (field: string) => Spec;
}

/** A transparent mark for each bin, and for what lies beyond the bins: as high as there is room on the arm's side. */
export function binAreas({ interactive }: View, panels: Panels, drawn: readonly Spec[], positions: Positions): Spec[] {
  if (!interactive) return [];
  const { arm, side, xOffset, yOffset } = positions;
  const of = textExpr` (${countExpr("round(datum.count)")} of ${countExpr("datum.total")} values)`;
  const share = `${shareExpr("(datum.count / datum.total)")} + ${of}`;
  const note = "(isValid(datum.note) ? '\\n' + datum.note : '')";
  const area = (name: string, data: string, transform: readonly Spec[], what: string) => ({
    name,
    data: { name: data },
    transform: [
      ...drawn,
      ...transform,
      calculate("middle", `${side} / 2`),
      calculate("told", `datum.arm + ', ' + ${updateOf(panels)} + '\\n' + ${what} + ': ' + ${share} + ${note}`),
    ],
    mark: {
      type: "tick",
      orient: "vertical",
      ...AREA_MARK,
      thickness: { expr: `datum.wide * bandwidth('x') / ${1 + 2 * MARGIN}` },
      size: { expr: "bandwidth('y') / 2" },
    },
    encoding: { xOffset, yOffset: yOffset("middle"), ...areaLook({}) },
  });
  const [low, high] = [`lows[datum.axis][${arm}]`, `highs[datum.axis][${arm}]`];
  const bins = [
    { filter: "datum.low !== null && datum.high !== null" },
    calculate("axis", "indexof(layers, datum.layer_name)"),
    calculate("place", `((datum.low + datum.high) / 2 - ${low}) / (${high} - ${low})`),
    calculate("wide", `(datum.high - datum.low) / (${high} - ${low})`),
  ];
  const beyond = [
    { filter: "(datum.side === 'below' || datum.side === 'above') && datum.count > 0" },
    calculate("place", `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`),
    calculate("wide", String(MARGIN)),
  ];
  return [
    area("bins", "histograms", bins, textExpr`${numberExpr("datum.low")} to ${numberExpr("datum.high")}`),
    area(
      "beyond",
      "tails",
      beyond,
      `(datum.side === 'below' ? ${quoted(t`below the axis`)} : ${quoted(t`above the axis`)})`,
    ),
  ];
}
