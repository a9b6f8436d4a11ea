import type { RateMap } from "../../published/learning-rates.js";
import { bestRates, rates } from "../../tables/rates.js";
import { countText, numberText } from "../../text/numbers.js";
import { drawableRows } from "../data-sets.js";
import { calculate, layer, paramsOf } from "../parts.js";
import type { Drawable } from "../picture.js";
import type { Spec } from "../spec.js";
import { LABEL_SIZE, QUIET_INK } from "../theme.js";
import { numberExpr } from "../vega-text.js";
import { listText } from "../wording.js";

/** px of a rate and of an arm. */
const COLUMN = 30;
const ROW = 26;
/** From the last rate to the right edges of the numbers beside it, px. */
const LARGEST = 101;
const LOWEST = 181;

/** What may be said of the seeds at one rate, the best first; told apart by shape, filling and color. */
const FATES = [
  { name: "all seeds end below their initial cost", shape: "square", fill: "#0072B2", stroke: "#0072B2", size: 190 },
  { name: "some do", shape: "diamond", fill: "#ffffff", stroke: "#0072B2", size: 120 },
  { name: "none does", shape: "circle", fill: "#ffffff", stroke: QUIET_INK, size: 60 },
  { name: "all diverge", shape: "M-1,-1L1,1M-1,1L1,-1", fill: "transparent", stroke: "#D55E00", size: 60 },
] as const;

const FATE =
  "datum.below === datum.seeds ? fates[0] : datum.below > 0 ? fates[1] : datum.diverged === datum.seeds ? fates[3] : fates[2]";

/** "10⁻³", "10⁻¹⁰". */
const DIGITS = "'⁰¹²³⁴⁵⁶⁷⁸⁹'";
const digit = (place: string) => `slice(${DIGITS}, ${place}, ${place} + 1)`;
const POWER = `'10' + (datum.value < 0 ? '⁻' : '') + (abs(datum.value) >= 10 ? ${digit("floor(abs(datum.value) / 10)")} : '') + ${digit("abs(datum.value) % 10")}`;

/**
 * Which learning rates a net can be trained at: a row per configuration and arm, a column per rate, a mark for how its
 * seeds fare. `about` says in a line what was trained.
 */
export function rateChart(map: RateMap, about: string): Drawable {
  return {
    name: "learning-rate-map",
    title: "Which learning rates the tutorial's net can be trained at, without and with batch normalization",
    description: describe(map, about),
    notes: [
      about,
      "At the right: the largest rate at which all seeds end below their initial cost, and of all rates the lowest final cost in the median over the seeds.",
    ],
    about: "",
    spec: rateSpec(map),
    sets: {
      rates: drawableRows(rates, map, new Map()),
      "best-rates": drawableRows(bestRates, map, new Map()),
    },
  };
}

function rateSpec({ exponents, rows }: RateMap): Spec {
  const [first] = rows;
  const channel = (look: "shape" | "fill" | "stroke" | "size") => ({
    field: "fate",
    // Vega-Lite warns of sizes without an order, and of shapes with one.
    type: look === "size" ? "ordinal" : "nominal",
    scale: { domain: { expr: "fates" }, range: FATES.map((fate) => fate[look]) },
    legend: { symbolOpacity: 1 },
  });
  const x = {
    field: "exponent",
    type: "ordinal",
    scale: { type: "point", domain: { expr: "exponents" }, padding: 0.5 },
    axis: {
      title: "learning rate",
      labelAngle: 0,
      grid: false,
      labelExpr: `datum.value === round(datum.value) ? ${POWER} : ''`,
    },
  };
  const atEnd = { datum: { expr: "peek(exponents)" }, type: "ordinal" };
  const row = calculate("row", "datum.configuration + ', ' + datum.arm");
  const text = { type: "text", align: "right", fontSize: LABEL_SIZE };
  /** A column of numbers under its heading. */
  const column = (heading: string, number: string, dx: number) => [
    layer("best-rates", { ...text, baseline: "middle", dx }, { x: atEnd, text: { field: "text" } }, [
      row,
      calculate("text", number),
    ]),
    layer(
      "best-rates",
      { ...text, baseline: "bottom", color: QUIET_INK, text: heading, dx, dy: -ROW / 2 },
      { x: atEnd },
      [row, { filter: "datum.row === firstRow" }],
    ),
  ];
  return {
    width: COLUMN * exponents.length,
    height: ROW * rows.length,
    params: paramsOf(
      { viewport: "wide" },
      {
        exponents,
        fates: FATES.map(({ name }) => name),
        firstRow: first === undefined ? "" : `${first.configuration}, ${first.arm}`,
      },
    ),
    encoding: {
      y: {
        field: "row",
        type: "nominal",
        sort: null,
        axis: { title: null, grid: true, ticks: false, domain: false, labelPadding: 8 },
        scale: { type: "point", padding: 0.6 },
      },
    },
    layer: [
      layer(
        "rates",
        { type: "point", opacity: 1, strokeWidth: 1.8 },
        { x, shape: channel("shape"), fill: channel("fill"), stroke: channel("stroke"), size: channel("size") },
        [row, calculate("fate", FATE)],
      ),
      ...column("largest rate", `datum.largest === null ? 'none' : ${numberExpr("pow(10, datum.largest)")}`, LARGEST),
      ...column("lowest cost", `datum.lowest === null ? 'none' : ${numberExpr("datum.lowest")}`, LOWEST),
    ],
  };
}

function describe({ rows, seeds }: RateMap, about: string): string {
  const limits = rows.map(({ configuration, arm, largest }) => {
    const rate = largest === undefined ? "none" : numberText(10 ** largest);
    return `${rate} for ${configuration}, ${arm}`;
  });
  return `${about} The largest learning rate at which all ${countText(seeds)} seeds end below their initial cost is ${listText(limits)}.`;
}
