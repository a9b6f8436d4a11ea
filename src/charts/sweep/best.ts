import type { Sweep } from "../../record/sweep.js";
import { bestTable } from "../../tables/sweep.js";
import { t } from "../../text/language.js";
import { bestSentences, valuesWords } from "../../text/sweep-words.js";
import { drawableRows } from "../data-sets.js";
import { logDomain } from "../log-axis.js";
import { band, calculate, factorX, layer, paramsOf } from "../parts.js";
import type { Drawable } from "../picture.js";
import { wrapText } from "../text-metrics.js";
import { INK, LABEL_SIZE } from "../theme.js";
import { numberExpr, quoted } from "../vega-text.js";

/** px; so narrow that a phone has it whole. */
const WIDTH = 340;
const LINE = 14;
/** Under the words of a lane: its factor in numbers, and the bar. */
const BAR = 44;

/** "no effect", "×2": of a factor on an axis. */
export const FACTOR_LABEL = `datum.value === 1 ? ${quoted(t`no effect`)} : '×' + ${numberExpr("datum.value")}`;

/** Each arm against its control, both at the control's best values and each at its own; undefined while there are none. */
export function sweepBest(sweep: Sweep, about: string): Drawable | undefined {
  const rows = drawableRows(bestTable, sweep, new Map()).filter(({ factor }) => factor !== null);
  if (rows.length === 0) return undefined;
  const key = (row: (typeof rows)[number]) => `${row["arm"]}, ${row["values"]}`;
  const ends = rows.flatMap(({ factor, low, high }) => [factor, low, high]).filter((end) => typeof end === "number");
  const names = rows.map(({ arm, control, values }) => {
    const [own, other] = [arm, control].map((name) => valuesWords(sweep.best?.arms[String(name)]?.value ?? {}));
    const lines =
      values === "control"
        ? [t`${arm} against ${control}, both at ${control}’s best:`, other]
        : [t`${arm} against ${control}, each at its own best:`, t`${own} against`, other];
    return lines.flatMap((line) => wrapText(line ?? "", WIDTH, LABEL_SIZE));
  });
  const height = LINE * Math.max(...names.map(({ length }) => length)) + BAR;
  const title = t`control’s final cost over the arm’s (log scale)`;
  const x = (field: string) => factorX(field, { title, tickCount: 4, grid: false, labelExpr: FACTOR_LABEL });
  // From the middle of a lane.
  const yOffset = (height - BAR) / 2 + 9;
  const tick = { type: "tick", color: INK, opacity: 1, yOffset };
  const text = { type: "text", fontSize: LABEL_SIZE };
  return {
    name: "best",
    title: t`The effect at the same values, and with each arm at its own best`,
    description: bestSentences(sweep).join(" "),
    notes: [
      t`Right of the no-effect line the arm ends lower. The values are chosen on other seeds than those the effect is measured on; bars are 95 % intervals.`,
    ],
    about,
    spec: {
      width: WIDTH,
      height: height * rows.length,
      params: paramsOf(
        { viewport: "wide" },
        { domain: logDomain([1, ...ends.filter((end) => end > 0)]), lanes: rows.map(key), names },
      ),
      data: { name: "best" },
      transform: [{ filter: "datum.factor !== null" }, calculate("lane", "datum.arm + ', ' + datum.values")],
      encoding: { y: band("lane", { expr: "lanes" }, 0, null) },
      layer: [
        // Not through the words.
        layer(undefined, { ...tick, thickness: 1.5, height: 20 }, { x: x("none") }, [calculate("none", "1")]),
        layer(
          undefined,
          { type: "bar", height: 6, color: "#0072B2", yOffset },
          { x: x("low"), x2: { field: "high" } },
          [{ filter: "datum.low !== null" }],
        ),
        layer(undefined, { ...tick, thickness: 2, height: 14 }, { x: x("factor") }),
        layer(
          undefined,
          { ...text, align: "center", yOffset: yOffset - 18 },
          { x: x("factor"), text: { field: "said" } },
          [calculate("said", `'×' + ${numberExpr("datum.factor")}`)],
        ),
        layer(
          undefined,
          { ...text, align: "left", baseline: "top", lineHeight: LINE, dx: 4, dy: { expr: "6 - bandwidth('y') / 2" } },
          { x: { datum: { expr: "domain[0]" }, type: "quantitative" }, text: { field: "words" } },
          [calculate("words", "names[indexof(lanes, datum.lane)]")],
        ),
      ],
    },
    sets: { best: rows },
  };
}
