import { AREA_MARK, areaLook } from "../hover.js";
import { countExpr, numberExpr, shareExpr } from "../vega-text.js";
import { MARGIN } from "./panels.js";

/** What is said of a layer: the note about each arm. */
export function toldLayers(arms: number, places: readonly string[]): object[] {
  const lines = Array.from(
    { length: arms },
    (_, place) => `'\\n' + arms[${place}] + ': ' + (isValid(datum.arm${place}) ? datum.arm${place} : 'not recorded')`,
  );
  return [
    { calculate: "'arm' + indexof(arms, datum.arm)", as: "slot" },
    { pivot: "slot", value: "note", groupby: ["layer_name", "updates", ...places], op: "max" },
    { calculate: [`datum.layer_name + ', update ' + ${countExpr("datum.updates")}`, ...lines].join(" + "), as: "told" },
  ];
}

/** A transparent mark for each bin, and for what lies beyond the bins: as high as there is room on the arm's side. */
export function binAreas(
  drawn: readonly object[],
  arm: string,
  side: string,
  { xOffset, yOffset }: { readonly xOffset: object; readonly yOffset: (field: string) => object },
): object[] {
  const heading = `datum.arm + ', ' + datum.layer_name + ', update ' + ${countExpr("datum.updates")}`;
  const share = `${shareExpr("(datum.count / datum.total)")} + ' (' + ${countExpr("round(datum.count)")} + ' of ' + ${countExpr("datum.total")} + ' values)'`;
  const note = "(isValid(datum.note) ? '\\n' + datum.note : '')";
  const area = (name: string, data: string, transform: readonly object[], what: string) => ({
    name,
    data: { name: data },
    transform: [
      ...drawn,
      ...transform,
      { calculate: `${side} * strip / 4`, as: "middle" },
      { calculate: `${heading} + '\\n' + ${what} + ': ' + ${share} + ${note}`, as: "told" },
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
  return [
    area(
      "bins",
      "histograms",
      [
        { filter: "datum.low !== null && datum.high !== null" },
        { calculate: "indexof(layers, datum.layer_name)", as: "axis" },
        { calculate: `((datum.low + datum.high) / 2 - ${low}) / (${high} - ${low})`, as: "place" },
        { calculate: `(datum.high - datum.low) / (${high} - ${low})`, as: "wide" },
      ],
      `${numberExpr("datum.low")} + ' to ' + ${numberExpr("datum.high")}`,
    ),
    area(
      "beyond",
      "tails",
      [
        { filter: "(datum.side === 'below' || datum.side === 'above') && datum.count > 0" },
        { calculate: `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`, as: "place" },
        { calculate: String(MARGIN), as: "wide" },
      ],
      "(datum.side === 'below' ? 'below the axis' : 'above the axis')",
    ),
  ];
}
