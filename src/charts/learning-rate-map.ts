import type { RateMap, RateRow } from "../published/learning-rates.js";
import { textWidth } from "./text-metrics.js";
import { armStyles, type Chart, FRAME, GRID, INK, LABEL_SIZE, QUIET_INK } from "./theme.js";
import { titleBlock } from "./title.js";
import { countText, listText, numberText } from "./wording.js";

/*
 * Everything is placed by hand, px from the upper left corner of the field of marks: names left of it, the legend and
 * headings above, numbers right of it, rates below.
 */
const COLUMN = 30;
const ROW = 24;
/** Between two configurations, and around all of them. */
const GAP = 12;
const CONFIGURATION = -160;
const ARM = -14;
const LARGEST = 86;
const COST = 166;
const HEADINGS = -14;
const LEGEND = -44;
/** From a mark of the legend to its name, and from the name to the next mark. */
const LEGEND_TEXT = 14;
const LEGEND_GAP = 28;
const WORD_SIZE = LABEL_SIZE + 1;

/** What may be said of the seeds at one rate, the best first. Told apart by shape, filling and colour. */
const FATES = {
  all: {
    name: "all seeds end below their initial cost",
    shape: "square",
    fill: "#0072B2",
    stroke: "#0072B2",
    size: 190,
  },
  some: { name: "some do", shape: "diamond", fill: "#ffffff", stroke: "#0072B2", size: 120 },
  none: { name: "none does", shape: "circle", fill: "#ffffff", stroke: QUIET_INK, size: 60 },
  diverged: { name: "all diverge", shape: "M-1,-1L1,1M-1,1L1,-1", fill: "transparent", stroke: "#D55E00", size: 60 },
} as const;

/**
 * Which learning rates a net can be trained at: a row per configuration and arm, a column per rate, a mark for how its
 * seeds fare. `about` says in a line what was trained.
 */
export function learningRateMap(map: RateMap, about: string): Chart {
  const { exponents, seeds } = map;
  const width = COLUMN * exponents.length;
  const columns = exponents.map((exponent, i) => ({ exponent, x: COLUMN * (i + 0.5) }));
  const rows = map.rows.map((row, i) => ({ row, y: GAP + ROW * (i + 0.5) + GAP * Math.floor(i / 2) }));
  const height = (rows.at(-1)?.y ?? 0) + ROW / 2 + GAP;
  const legend = legendItems();
  const inks = new Map(armStyles(["plain", "bn"]).map(({ name, ink }) => [name, ink]));

  const marks = rows.flatMap(({ row, y }) =>
    columns.map(({ x }, i) => ({ ...fateOf(row.cells[i] as RateRow["cells"][number], seeds), x, y })),
  );
  const decades = columns.filter(({ exponent }) => Number.isInteger(exponent));
  const words = [
    ...rows.flatMap(({ row, y }, i) => [
      ...(i % 2 === 0 ? [word(row.configuration, CONFIGURATION, y + ROW / 2, "left")] : []),
      word(row.arm, ARM, y, "right", inks.get(row.arm)),
      word(row.largest === undefined ? "none" : powerText(row.largest), width + LARGEST, y, "right"),
      word(Number.isFinite(row.lowestCost) ? numberText(row.lowestCost) : "none", width + COST, y, "right"),
    ]),
    ...decades.map(({ exponent, x }) => word(exponentText(exponent), x, height + GAP, "center")),
    word("learning rate, power of ten", width / 2, height + 3 * GAP, "center"),
    word("largest rate", width + LARGEST, HEADINGS, "right", QUIET_INK),
    word("lowest cost", width + COST, HEADINGS, "right", QUIET_INK),
    ...legend.map(({ name, x }) => word(name, x + LEGEND_TEXT, LEGEND, "left")),
  ];

  const title = "Which learning rates the tutorial's net can be trained at, without and with batch normalization";
  const numbers =
    "At the right: the largest rate at which all seeds end below their initial cost, and of all rates the lowest final cost in the median over the seeds.";
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const own = (field: string) => ({ field, type: "nominal", scale: null, legend: null }) as const;
  return {
    title,
    notes: [numbers],
    description: describeMap(map, about),
    spec: {
      title: { ...titleBlock(title, [about, numbers], width + COST - CONFIGURATION), dx: CONFIGURATION },
      width,
      height,
      view: { stroke: FRAME },
      layer: [
        {
          data: { values: decades },
          mark: { type: "rule", color: GRID },
          encoding: { x: px("x"), y: { value: 0 }, y2: { value: height } },
        },
        {
          data: { values: [...marks, ...legend] },
          mark: { type: "point", opacity: 1, strokeWidth: 1.8, clip: false },
          encoding: {
            x: px("x"),
            y: px("y"),
            shape: own("shape"),
            fill: own("fill"),
            stroke: own("stroke"),
            size: { field: "size", type: "quantitative", scale: null, legend: null },
          },
        },
        ...(["left", "center", "right"] as const).map((align) => ({
          data: { values: words.filter((each) => each.align === align) },
          mark: { type: "text" as const, align, baseline: "middle" as const, fontSize: WORD_SIZE, clip: false },
          encoding: { x: px("x"), y: px("y"), text: { field: "text" }, fill: own("ink") },
        })),
      ],
    },
  };
}

/** The marks of the legend in a row, each with room for its name. */
function legendItems() {
  let x: number = CONFIGURATION + LEGEND_TEXT / 2;
  return Object.values(FATES).map((fate) => {
    const item = { ...fate, x, y: LEGEND };
    x += LEGEND_TEXT + textWidth(fate.name, WORD_SIZE) + LEGEND_GAP;
    return item;
  });
}

function fateOf({ below, diverged }: RateRow["cells"][number], seeds: number) {
  if (below > 0) return below === seeds ? FATES.all : FATES.some;
  return diverged === seeds ? FATES.diverged : FATES.none;
}

function word(text: string, x: number, y: number, align: "left" | "center" | "right", ink: string = INK) {
  return { text, x, y, align, ink };
}

/** −9.5, with a minus sign. */
function exponentText(exponent: number): string {
  return String(exponent).replace("-", "−");
}

function powerText(exponent: number): string {
  return `10^${exponentText(exponent)}`;
}

function describeMap({ rows, seeds }: RateMap, about: string): string {
  const limits = rows.map(
    ({ configuration, arm, largest }) =>
      `${largest === undefined ? "none" : powerText(largest)} for ${configuration}, ${arm}`,
  );
  return `${about} The largest learning rate at which all ${countText(seeds)} seeds end below their initial cost is ${listText(limits)}.`;
}
