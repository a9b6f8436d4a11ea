import type { Sweep } from "../../record/sweep.js";
import { bestTable } from "../../tables/sweep.js";
import { bestSentences, valuesWords } from "../../text/sweep-words.js";
import { drawableRows } from "../data-sets.js";
import { logDomain } from "../log-axis.js";
import { band, calculate, factorX, layer, noEffect, paramsOf } from "../parts.js";
import type { Drawable } from "../picture.js";
import { INK, LABEL_SIZE } from "../theme.js";
import { numberExpr } from "../vega-text.js";

const LANE = 46;

/** "no effect", "×2": of a factor on an axis. */
export const FACTOR_LABEL = `datum.value === 1 ? 'no effect' : '×' + ${numberExpr("datum.value")}`;

/** Each arm against its control, both at the control's best values and each at its own; undefined while there are none. */
export function sweepBest(sweep: Sweep, about: string): Drawable | undefined {
  const rows = drawableRows(bestTable, sweep, new Map()).filter(({ factor }) => factor !== null);
  if (rows.length === 0) return undefined;
  const key = (row: (typeof rows)[number]) => `${row["arm"]}, ${row["values"]}`;
  const ends = rows.flatMap(({ factor, low, high }) => [factor, low, high]).filter((end) => typeof end === "number");
  const title = "control’s final cost over the arm’s (log scale)";
  const x = (field: string) => factorX(field, { title, tickCount: 6, grid: true, labelExpr: FACTOR_LABEL });
  const names = { labelPadding: 10, labelExpr: "names[indexof(lanes, datum.value)]" };
  const y = band("lane", { expr: "lanes" }, 0.1, names, 0.05);
  const lane = calculate("lane", "datum.arm + ', ' + datum.values");
  return {
    name: "best",
    title: "The effect at the same values, and with each arm at its own best",
    description: bestSentences(sweep).join(" "),
    notes: [
      "Right of the no-effect line the arm ends lower. The values are chosen on other seeds than those the effect is measured on; bars are 95 % intervals.",
    ],
    about,
    spec: {
      width: 420,
      height: LANE * rows.length,
      params: paramsOf(
        { viewport: "wide" },
        {
          domain: logDomain([1, ...ends.filter((end) => end > 0)]),
          lanes: rows.map(key),
          names: rows.map(({ arm, control, values }) => {
            const [own, other] = [arm, control].map((name) => valuesWords(sweep.best?.arms[String(name)]?.value ?? {}));
            return values === "control"
              ? [`${arm} against ${control}, both at ${control}’s best`, other]
              : [`${arm} against ${control}, each at its own best`, `${own} against ${other}`];
          }),
        },
      ),
      data: { name: "best" },
      transform: [{ filter: "datum.factor !== null" }, lane],
      encoding: { y },
      layer: [
        noEffect(x),
        layer(undefined, { type: "bar", height: 6, color: "#0072B2" }, { x: x("low"), x2: { field: "high" } }, [
          { filter: "datum.low !== null" },
        ]),
        layer(undefined, { type: "tick", color: INK, thickness: 2, height: 16, opacity: 1 }, { x: x("factor") }),
        layer(
          undefined,
          { type: "text", dy: -14, fontSize: LABEL_SIZE, align: "center" },
          { x: x("factor"), text: { field: "said" } },
          [calculate("said", `'×' + ${numberExpr("datum.factor")}`)],
        ),
      ],
    },
    sets: { best: rows },
  };
}
