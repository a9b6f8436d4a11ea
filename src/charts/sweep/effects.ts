import type { Sweep } from "../../record/sweep.js";
import { pointEffectsTable } from "../../tables/sweep.js";
import { t } from "../../text/language.js";
import { drawableRows } from "../data-sets.js";
import { layer } from "../parts.js";
import type { Drawable } from "../picture.js";
import { INK } from "../theme.js";
import { FACTOR_LABEL } from "./best.js";
import { GRADIENT_LEGEND, gridSpec, WHOLE } from "./grid.js";

/** The control is better, neither, the arm is better. */
const FACTORS = ["#e08a3c", "#f7f7f7", "#4a90c8"];
/** The least that the colors tell apart: a factor this far from 1 has the full color at most. */
const LEAST = 2;

const MARKS = [
  { effect: "undecided", text: t`interval includes no effect`, shape: hatch(5), size: WHOLE, strokeOpacity: 0.6 },
  {
    effect: "none",
    text: t`fewer than two seeds in which both have a final cost`,
    shape: "M-1,-1L1,1M-1,1L1,-1",
    size: 50,
    strokeOpacity: 1,
  },
] as const;

/** The effect at every point of the grid; undefined where no arm has a control. */
export function sweepEffects(sweep: Sweep, about: string): Drawable | undefined {
  const arms = Object.keys(sweep.against);
  if (arms.length === 0) return undefined;
  const table = pointEffectsTable(sweep);
  const rows = drawableRows(table, sweep, new Map());
  // What is undecided may be anything: beside it all others would look alike.
  const farthest = rows.reduce((most, { factor, effect }) => {
    const isDecided = effect === "lower" || effect === "higher";
    const size = isDecided && typeof factor === "number" && factor > 0 ? Math.max(factor, 1 / factor) : 1;
    return Number.isFinite(size) ? Math.max(most, size) : most;
  }, LEAST);
  // Rounded: it is what people read in a specification.
  const end = Number(farthest.toPrecision(3));
  const seen = MARKS.filter(({ effect }) => rows.some((row) => row["effect"] === effect));
  const color = {
    field: "factor",
    type: "quantitative",
    scale: { type: "log", domain: [Number((1 / end).toPrecision(3)), 1, end], range: FACTORS, clamp: true },
    legend: {
      ...GRADIENT_LEGEND,
      title: t`control’s cost over the arm’s`,
      values: [1 / end, 1, end].map((value) => Number(value.toPrecision(3))),
      labelExpr: FACTOR_LABEL,
    },
  };
  const shape = {
    field: "effect",
    type: "nominal",
    scale: { domain: { expr: "effects" }, range: seen.map((mark) => mark.shape) },
    legend: { labelExpr: "texts[indexof(effects, datum.value)]", symbolSize: 160 },
  };
  const marks = seen.map(({ effect, size, strokeOpacity }) =>
    layer(
      undefined,
      { type: "point", stroke: INK, strokeWidth: 0.9, strokeOpacity, fill: "transparent", opacity: 1, size },
      { shape },
      [{ filter: `datum.effect === '${effect}'` }],
    ),
  );
  return {
    name: "effects",
    title: t`Where on the grid the arm ends lower`,
    description: `${about} ${words(sweep)}`,
    notes: [
      t`The control’s final cost divided by the arm’s at the same point: blue where the arm ends lower, orange where it ends higher (strongest: that much or more), hatched where the 95 % interval over the seeds includes no effect.`,
    ],
    about,
    spec: gridSpec(sweep, {
      data: table.name,
      arms,
      params: { effects: seen.map(({ effect }) => effect), texts: seen.map(({ text }) => text) },
      layers: [layer(undefined, { type: "rect" }, { color }, [{ filter: "datum.effect !== 'none'" }]), ...marks],
    }),
    sets: { [table.name]: rows },
  };
}

function words(sweep: Sweep): string {
  const rows = [...pointEffectsTable(sweep).rows(sweep)];
  const count = (effect: string) => rows.filter((row) => row["effect"] === effect).length;
  return t`Lower at ${count("lower")} points, higher at ${count("higher")}, undecided at ${count("undecided")}, without a pair at ${count("none")}.`;
}

/** Parallel lines across a square, as a path. */
function hatch(lines: number): string {
  const steps = Array.from({ length: lines }, (_, line) => Number(((2 * (line + 1)) / (lines + 1)).toPrecision(3)));
  const below = steps.map((step) => `M-1,${shown(step - 1)}L${shown(step - 1)},-1`);
  const above = steps.slice(0, -1).map((step) => `M${shown(step - 1)},1L1,${shown(step - 1)}`);
  return [...below, ...above].join("");
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
