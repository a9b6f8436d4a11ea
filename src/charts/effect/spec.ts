import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../../record/result.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { HOVER_PARAMS, TOLD } from "../hover.js";
import { paramsOf, rangeFrom } from "../params.js";
import { wrapText } from "../text-metrics.js";
import { armStyles, INK, LABEL_SIZE, NARROW_WIDTH } from "../theme.js";
import { numberExpr } from "../vega-text.js";
import { type EffectLane, effectLanes } from "./lanes.js";

/** Of the plot, px. */
const WIDTH = 420;
const LANES = { wide: 40, narrow: 100 } as const;
const LINE = 14;
/** More would run into a bar; the texts are of all. */
export const MOST_DOTS = 200;

/** A lane per arm and mode: a dot for each seed, a bar for the mean's interval, and what it is in numbers. */
export function effectSpec(record: Result, { viewport, interactive }: View): TopLevelSpec | undefined {
  const lanes = effectLanes(record);
  if (lanes.length === 0 || (record.seeds.length < 2 && Object.keys(record.arms).length < 3)) return undefined;
  const isWide = viewport === "wide";
  const styles = armStyles(Object.keys(record.arms));
  const seeds = record.seeds.map(({ seed }) => seed);
  const y = {
    field: "lane",
    type: "nominal",
    scale: { domain: { expr: "lanes" }, paddingInner: 0.1, paddingOuter: 0.1 },
    axis: isWide
      ? {
          title: null,
          ticks: false,
          domain: false,
          labelPadding: 10,
          labelLineHeight: LINE,
          labelOffset: -LINE / 2,
          labelExpr: "names[indexof(lanes, datum.value)]",
        }
      : null,
  };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "log", base: 2, domain: { expr: "domain" }, nice: false },
    axis: {
      grid: isWide,
      title: "final cost against the control's (log scale)",
      tickCount: isWide ? 6 : 3,
      labelExpr: TICK,
      labelOverlap: "greedy",
      labelSeparation: 8,
    },
  });
  const color = {
    field: "arm",
    type: "nominal",
    scale: { domain: { expr: "arms" }, range: rangeFrom("colors", styles.length) },
    legend: null,
  };
  const lane = { calculate: "datum.arm + ' · ' + datum.mode", as: "lane" };
  const shown = { filter: "indexof(lanes, datum.lane) >= 0" };
  const text = { type: "text", lineHeight: LINE, fontSize: LABEL_SIZE };
  /** Of dots and of the bar, from the middle of a lane, px. */
  const [dots, bar] = isWide ? [-8, 8] : [26, 42];
  return {
    width: isWide ? WIDTH : NARROW_WIDTH,
    height: Math.max(1, lanes.length) * LANES[viewport],
    params: paramsOf({
      arms: styles.map(({ label }) => label),
      colors: styles.map(({ color }) => color),
      lanes: lanes.map(({ key }) => key),
      names: lanes.map(({ names }) => names),
      texts: lanes.map(({ names, text }) =>
        isWide ? text : [...names, ...text].flatMap((line) => wrapText(line, NARROW_WIDTH, LABEL_SIZE)),
      ),
      seeds: chooseEvenly([...seeds.keys()], MOST_DOTS).map((place) => seeds[place]),
      domain: domainOf(lanes),
      ...(interactive ? HOVER_PARAMS : {}),
    }),
    encoding: { y },
    layer: [
      isWide
        ? {
            data: { values: [{ none: 1 }], name: "no-effect" },
            mark: { type: "rule", color: INK, strokeWidth: 1.5 },
            encoding: { x: x("none"), y: null },
          }
        : {
            // On a phone texts stand above the dots: the line may not cross them.
            data: { name: "effects" },
            transform: [lane, shown, { calculate: "1", as: "none" }],
            mark: { type: "tick", color: INK, opacity: 1, thickness: 1.5, height: 30, yOffset: (dots + bar) / 2 },
            encoding: { x: x("none") },
          },
      {
        data: { name: "effects" },
        transform: [lane, shown, { filter: "datum.low !== null" }],
        mark: { type: "bar", height: 6, yOffset: bar },
        encoding: { x: x("low"), x2: { field: "high" }, color },
      },
      {
        data: { name: "ratios" },
        transform: [
          lane,
          shown,
          { filter: "indexof(seeds, datum.seed) >= 0" },
          { calculate: "datum.seed % 3", as: "row" },
          ...(interactive ? [{ calculate: TOLD_RATIO, as: "told" }] : []),
        ],
        name: "areas",
        mark: {
          type: "point",
          filled: true,
          size: 26,
          opacity: 1,
          yOffset: { expr: `(datum.seed % 3) * 3 + ${dots}` },
        },
        encoding: {
          x: x("ratio"),
          color,
          ...(interactive
            ? {
                tooltip: TOLD,
                size: { condition: { test: "pointed !== null && pointed === datum.told", value: 90 }, value: 26 },
              }
            : {}),
        },
      },
      {
        data: { name: "effects" },
        transform: [lane, shown, { filter: "datum.ratio !== null && datum.defined > 1" }],
        mark: { type: "tick", color: INK, opacity: 1, thickness: 2, height: 12, yOffset: bar },
        encoding: { x: x("ratio") },
      },
      {
        data: { name: "effects" },
        transform: [lane, shown, { calculate: "texts[indexof(lanes, datum.lane)]", as: "text" }],
        mark: isWide
          ? {
              ...text,
              align: "left",
              baseline: "middle",
              dx: 12,
              dy: { expr: `${-LINE / 2} * (length(datum.text) - 1)` },
            }
          : { ...text, align: "left", baseline: "top", dx: 4, dy: { expr: "-bandwidth('y') / 2" } },
        encoding: {
          x: { datum: { expr: isWide ? "domain[1]" : "domain[0]" }, type: "quantitative" },
          text: { field: "text" },
        },
      },
    ],
  } as unknown as TopLevelSpec;
}

/** "no effect", "×2 lower", "×2 higher". */
const FACTOR = "(datum.value >= 1 ? datum.value : 1 / datum.value)";
const TICK = `datum.value === 1 ? ['no', 'effect'] : ['×' + ${numberExpr(FACTOR)}, datum.value > 1 ? 'lower' : 'higher']`;

/** "bn against plain, seed 3", "training mode: final cost ×2 lower". */
const TIMES = "(datum.ratio >= 1 ? datum.ratio : 1 / datum.ratio)";
const TOLD_RATIO = `datum.arm + ' against ' + datum.against + ', seed ' + datum.seed + '\\n' + (datum.mode === 'train' ? 'training mode' : 'inference mode') + ': final cost ' + (datum.ratio === 1 ? 'the same' : '×' + ${numberExpr(TIMES)} + (datum.ratio > 1 ? ' lower' : ' higher'))`;

/** Every ratio, every interval and "no effect", with room at both ends. */
function domainOf(lanes: readonly EffectLane[]): [low: number, high: number] {
  const ratios = lanes.flatMap(({ ratios }) => ratios);
  const [low, high] = ratios.length === 0 ? [0.5, 2] : [Math.min(1, ...ratios), Math.max(1, ...ratios)];
  // Rounded: a power's last bits are left to the machine.
  const room = Math.max((high / low) ** 0.06, 1.02);
  return [Number((low / room).toPrecision(6)), Number((high * room).toPrecision(6))];
}
