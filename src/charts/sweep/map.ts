import type { Sweep } from "../../record/sweep.js";
import { pointsTable } from "../../tables/sweep.js";
import { t } from "../../text/language.js";
import { countedText } from "../../text/numbers.js";
import { drawableRows } from "../data-sets.js";
import { logDomain } from "../log-axis.js";
import { layer, positive } from "../parts.js";
import type { Drawable } from "../picture.js";
import { INK } from "../theme.js";
import { numberExpr } from "../vega-text.js";
import { GRADIENT_LEGEND, gridSpec } from "./grid.js";

/** How the seed in the middle ended, the best first; told apart by shape, over the lightness of the cost. */
const MARKS = [
  { fate: "learned", text: t`learned`, shape: "M-1,0L-0.3,0.7L1,-0.8", stroke: INK },
  { fate: "learned-little", text: t`learned little`, shape: "diamond", stroke: INK },
  { fate: "did-not-learn", text: t`did not learn`, shape: "circle", stroke: INK },
  { fate: "diverged", text: t`diverged`, shape: "M-1,-1L1,1M-1,1L1,-1", stroke: "#ad4a00" },
  { fate: "missing", text: t`missing`, shape: "M-1,0L1,0", stroke: INK },
] as const;

/** From the lowest cost to the highest. */
const COSTS = ["#4a90c8", "#eef4fa"];

/** How each arm ends at every point of the grid: its median cost as lightness, and how the seed in the middle ended. */
export function sweepMap(sweep: Sweep, about: string): Drawable {
  const table = pointsTable(sweep);
  const rows = drawableRows(table, sweep, new Map());
  const isCost = (median: unknown) => typeof median === "number" && median > 0;
  const medians = rows.filter(({ median }) => isCost(median));
  // Nets that learned nothing cost anything up to overflow: beside them all others would look alike.
  const useful = medians.filter(({ fate }) => fate === "learned" || fate === "learned-little");
  const [low, high] = logDomain((useful.length === 0 ? medians : useful).map(({ median }) => Number(median)));
  const seen = MARKS.filter(({ fate }) => rows.some((row) => row["fate"] === fate));
  const shown = (look: "shape" | "stroke") => ({
    field: "fate",
    type: "nominal",
    sort: null,
    scale: { domain: { expr: "fates" }, range: seen.map((mark) => mark[look]) },
    legend: { labelExpr: "texts[indexof(fates, datum.value)]", symbolSize: 90, symbolStrokeColor: INK },
  });
  const cost = {
    field: "median",
    type: "quantitative",
    scale: { type: "log", domain: { expr: "costs" }, range: COSTS, nice: false, clamp: true },
    legend: {
      ...GRADIENT_LEGEND,
      title: t`median final cost`,
      values: [low, high],
      labelExpr: numberExpr("datum.value"),
    },
  };
  return {
    name: "map",
    title: t`How each arm ends at every point of the grid`,
    description: describe(sweep, about),
    notes: [
      t`The stronger the blue, the lower the median final cost in inference mode (palest: that much or more). The mark shows how the median seed ended; where it diverged there is no cost.`,
    ],
    about,
    spec: gridSpec(sweep, {
      data: table.name,
      arms: sweep.arms,
      params: {
        fates: seen.map(({ fate }) => fate),
        texts: seen.map(({ text }) => text),
        costs: [low, high],
      },
      layers: [
        layer(undefined, { type: "rect" }, { color: cost }, [
          ...positive("median"),
          { filter: "datum.median !== null" },
        ]),
        layer(
          undefined,
          { type: "point", size: 90, fill: "transparent", strokeWidth: 1.8, opacity: 1 },
          { shape: shown("shape"), stroke: shown("stroke") },
        ),
      ],
    }),
    sets: { [table.name]: rows },
  };
}

function describe({ arms, points }: Sweep, about: string): string {
  const counted = arms.map((arm) => {
    const own = points.flatMap((point) => point.arms[arm]?.fates ?? []);
    const learned = own.filter((fate) => fate === "learned").length;
    const diverged = own.filter((fate) => fate === "diverged").length;
    return t`${learned} of ${countedText(own.length, `run`)} of ${arm} learned and ${diverged} diverged`;
  });
  return `${about} ${counted.join("; ")}.`;
}
