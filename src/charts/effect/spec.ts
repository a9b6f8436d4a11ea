import { t } from "../../text/language.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { MODE_NAMES } from "../costs/series.js";
import { pointArea } from "../hover.js";
import { armLooks, band, calculate, factorX, layer, noEffect, paramsOf } from "../parts.js";
import { armsOf, isSingle, type Runs } from "../runs.js";
import type { Spec } from "../spec.js";
import { wrapText } from "../text-metrics.js";
import { INK, LABEL_SIZE, NARROW_WIDTH } from "../theme.js";
import { numberExpr, quoted, textExpr } from "../vega-text.js";
import { type EffectLane, effectLanes } from "./lanes.js";

/** What a lane is laid out by: the plot, a lane, and dots and bar from the middle of a lane, px. */
const SIZES = {
  wide: { width: 420, lane: 40, dots: -8, bar: 8, ticks: 6 },
  narrow: { width: NARROW_WIDTH, lane: 100, dots: 26, bar: 42, ticks: 3 },
} as const;
const LINE = 14;
/** More would run into a bar; the texts are of all. */
export const MOST_DOTS = 200;

/** A lane per arm and mode: a dot for each seed, a bar for the mean's interval, and what it is in numbers. */
export function effectSpec(runs: Runs, view: View): Spec | undefined {
  const lanes = effectLanes(runs);
  const styles = armsOf(runs);
  const seeds = [...new Set(runs.flatMap(({ result }) => result.seeds.map(({ seed }) => seed)))];
  const isMore = runs.some(({ result }) => result.seeds.length > 1) || styles.length > 2;
  if (lanes.length === 0 || !isMore) return undefined;
  const isWide = view.viewport === "wide";
  const { width, lane: height, dots, bar, ticks } = SIZES[view.viewport];
  const text = { type: "text", lineHeight: LINE, fontSize: LABEL_SIZE, align: "left" };
  const names = {
    labelPadding: 10,
    labelLineHeight: LINE,
    labelOffset: -LINE / 2,
    labelExpr: "names[indexof(lanes, datum.value)]",
  };
  const title = t`final cost against the control's (log scale)`;
  const x = (field: string) => factorX(field, { grid: isWide, title, tickCount: ticks, labelExpr: TICK });
  const { params, color } = armLooks(styles);
  const ofLanes = [
    calculate("lane", `${isSingle(runs) ? "" : "datum.run + ', ' + "}datum.arm + ' · ' + datum.mode`),
    { filter: "indexof(lanes, datum.lane) >= 0" },
  ];
  const mark = { type: "tick", color: INK, opacity: 1 };
  return {
    width,
    height: Math.max(1, lanes.length) * height,
    params: paramsOf(view, {
      ...params,
      lanes: lanes.map(({ key }) => key),
      names: lanes.map(({ names }) => names),
      texts: lanes.map(({ names, text }) =>
        isWide ? text : [...names, ...text].flatMap((line) => wrapText(line, NARROW_WIDTH, LABEL_SIZE)),
      ),
      seeds: chooseEvenly(seeds, MOST_DOTS),
      domain: domainOf(lanes),
    }),
    encoding: { y: band("lane", { expr: "lanes" }, 0.1, isWide ? names : null, 0.1) },
    layer: [
      // On a phone texts stand above the dots: the line of no effect may not cross them.
      isWide
        ? noEffect(x)
        : layer("effects", { ...mark, thickness: 1.5, height: 30, yOffset: (dots + bar) / 2 }, { x: x("none") }, [
            ...ofLanes,
            calculate("none", "1"),
          ]),
      layer("effects", { type: "bar", height: 6, yOffset: bar }, { x: x("low"), x2: { field: "high" }, color }, [
        ...ofLanes,
        { filter: "datum.low !== null" },
      ]),
      {
        name: "areas",
        ...layer(
          "ratios",
          { type: "point", filled: true, size: 26, opacity: 1, yOffset: { expr: `(datum.seed % 3) * 3 + ${dots}` } },
          { x: x("ratio"), color, ...pointArea(view, 26) },
          [
            ...ofLanes,
            { filter: "indexof(seeds, datum.seed) >= 0" },
            ...(view.interactive ? [calculate("told", TOLD)] : []),
          ],
        ),
      },
      layer("effects", { ...mark, thickness: 2, height: 12, yOffset: bar }, { x: x("ratio") }, [
        ...ofLanes,
        { filter: "datum.ratio !== null && datum.defined > 1" },
      ]),
      layer(
        "effects",
        isWide
          ? { ...text, baseline: "middle", dx: 12, dy: { expr: `${-LINE / 2} * (length(datum.text) - 1)` } }
          : { ...text, baseline: "top", dx: 4, dy: { expr: "-bandwidth('y') / 2" } },
        { x: { datum: { expr: `domain[${isWide ? 1 : 0}]` }, type: "quantitative" }, text: { field: "text" } },
        [...ofLanes, calculate("text", "texts[indexof(lanes, datum.lane)]")],
      ),
    ],
  };
}

/** "no effect", "×2 lower", "×2 higher". */
const times = (ratio: string) => `'×' + ${numberExpr(`(${ratio} >= 1 ? ${ratio} : 1 / ${ratio})`)}`;
const [LOWER, HIGHER] = [t`lower`, t`higher`];
const NO_EFFECT = t`no effect`.split(" ").map(quoted).join(", ");
const TICK = `datum.value === 1 ? [${NO_EFFECT}] : [${times("datum.value")}, datum.value > 1 ? ${quoted(LOWER)} : ${quoted(HIGHER)}]`;

/** "bn against plain, seed 3", "inference mode: final cost ×2 lower". */
const FACTOR = `(datum.ratio === 1 ? ${quoted(t`the same`)} : ${times("datum.ratio")} + (datum.ratio > 1 ? ${quoted(` ${LOWER}`)} : ${quoted(` ${HIGHER}`)}))`;
const MODE = `(datum.mode === 'train' ? ${quoted(MODE_NAMES.train)} : ${quoted(MODE_NAMES.inference)})`;
const TOLD = textExpr`${"datum.arm"} against ${"datum.against"}, seed ${"datum.seed"}\n${MODE}: final cost ${FACTOR}`;

/** Every ratio, every interval and "no effect", with room at both ends. */
function domainOf(lanes: readonly EffectLane[]): [low: number, high: number] {
  const ratios = lanes.flatMap(({ ratios }) => ratios);
  const [low, high] = ratios.length === 0 ? [0.5, 2] : [Math.min(1, ...ratios), Math.max(1, ...ratios)];
  // Rounded: a power's last bits are left to the machine.
  const room = Math.max((high / low) ** 0.06, 1.02);
  return [Number((low / room).toPrecision(6)), Number((high * room).toPrecision(6))];
}
