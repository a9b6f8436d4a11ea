import type { RateMap, RateRow } from "../published/learning-rates.js";
import { armStyles, type Chart, INK, LABEL_SIZE, QUIET_INK, titleBlock } from "./theme.js";
import { countText, listText, numberText } from "./wording.js";

/** px. */
const COLUMN = 30;
const ROW = 24;
const GROUP_GAP = 12;
/** Where the rows' names start, left of the plot. */
const CONFIGURATION = -190;
const ARM = -14;
/** The columns of numbers right of the plot. */
const LARGEST = 78;
const COST = 158;

/** What is said of the seeds at one rate, the best first; in the order of the legend. */
const FATES = [
  { name: "all seeds end below their initial cost", shape: "square", fill: "#0072B2", stroke: "#0072B2", size: 200 },
  { name: "some do", shape: "diamond", fill: "#ffffff", stroke: "#0072B2", size: 130 },
  { name: "none does", shape: "circle", fill: "#ffffff", stroke: QUIET_INK, size: 60 },
  { name: "all diverge", shape: "M-1,-1L1,1M-1,1L1,-1", fill: "transparent", stroke: "#D55E00", size: 60 },
] as const;

/**
 * Which learning rates a net can be trained at: a row per configuration and arm, a column per rate, a mark for how its
 * seeds fare. `about` says in a line what was trained.
 */
export function learningRateMap(map: RateMap, about: string): Chart {
  const { exponents, rows } = map;
  const [from, to] = [exponents[0] ?? 0, exponents.at(-1) ?? 0];
  const width = COLUMN * exponents.length;
  const half = (to - from) / Math.max(1, exponents.length - 1) / 2;
  const places = rows.map((row, i) => ({ row, y: GROUP_GAP + ROW / 2 + i * ROW + Math.floor(i / 2) * GROUP_GAP }));
  const height = (places.at(-1)?.y ?? 0) + ROW / 2 + GROUP_GAP;
  const cells = places.flatMap(({ row, y }) =>
    row.cells.map((cell, i) => ({ exponent: exponents[i] as number, y, fate: fateOf(cell, map.seeds), size: 0 })),
  );
  const sized = cells.map((cell) => ({ ...cell, size: FATES.find(({ name }) => name === cell.fate)?.size ?? 0 }));
  const inks = new Map(armStyles(["plain", "bn"]).map(({ name, ink }) => [name, ink]));
  const words = [
    ...places.flatMap(({ row, y }, i) => [
      ...(i % 2 === 0 ? [word(row.configuration, CONFIGURATION, y + ROW / 2, "left")] : []),
      word(row.arm, ARM, y, "right", inks.get(row.arm)),
      word(row.largest === undefined ? "none" : exponentText(row.largest), width + LARGEST, y, "right"),
      word(Number.isFinite(row.lowestCost) ? numberText(row.lowestCost) : "none", width + COST, y, "right"),
    ]),
    word("largest, all", width + LARGEST, -ROW / 3, "right", QUIET_INK),
    word("lowest cost", width + COST, -ROW / 3, "right", QUIET_INK),
  ];
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const names = FATES.map(({ name }) => name);
  const scaled = (range: string[]) =>
    ({ field: "fate", type: "nominal", scale: { domain: names, range }, legend: LEGEND }) as const;
  const title = "Which learning rates the tutorial's net can be trained at, without and with batch normalization";
  return {
    title,
    description: describeMap(map, about),
    spec: {
      title: titleBlock(
        title,
        [
          about,
          "At the right: the exponent of the largest rate at which all seeds end below their initial cost, and the lowest of all rates' median final costs.",
        ],
        width + COST - CONFIGURATION,
      ),
      width,
      height,
      layer: [
        {
          data: { values: sized },
          mark: { type: "point", opacity: 1, strokeWidth: 1.8 },
          encoding: {
            x: {
              field: "exponent",
              type: "quantitative",
              scale: { domain: [from - half, to + half], nice: false },
              axis: {
                title: "learning rate (power of ten)",
                values: exponents.filter(Number.isInteger),
                grid: true,
                labelExpr: "replace(datum.label, '-', '−')",
              },
            },
            y: px("y"),
            shape: scaled(FATES.map(({ shape }) => shape)),
            fill: scaled(FATES.map(({ fill }) => fill)),
            stroke: scaled(FATES.map(({ stroke }) => stroke)),
            size: { field: "size", type: "quantitative", scale: null, legend: null },
          },
        },
        {
          data: { values: words },
          layer: (["left", "right"] as const).map((align) => ({
            transform: [{ filter: `datum.align === '${align}'` }],
            mark: { type: "text", align, baseline: "middle", fontSize: LABEL_SIZE + 1, clip: false },
            encoding: {
              x: px("x"),
              y: px("y"),
              text: { field: "text" },
              fill: { field: "ink", type: "nominal", scale: null },
            },
          })),
        },
      ],
      resolve: { scale: { x: "independent" } },
    },
  };
}

const LEGEND = { symbolSize: 120, columns: 4 } as const;

function fateOf({ below, diverged }: RateRow["cells"][number], seeds: number): (typeof FATES)[number]["name"] {
  if (below === seeds) return FATES[0].name;
  if (below > 0) return FATES[1].name;
  return diverged < seeds ? FATES[2].name : FATES[3].name;
}

function word(text: string, x: number, y: number, align: "left" | "right", ink: string = INK) {
  return { text, x, y, align, ink };
}

/** −9.5, with a minus sign. */
function exponentText(exponent: number): string {
  return String(exponent).replace("-", "−");
}

function describeMap({ rows, seeds }: RateMap, about: string): string {
  const limits = rows.map(({ configuration, arm, largest }) =>
    largest === undefined
      ? `none for ${configuration}, ${arm}`
      : `10^${exponentText(largest)} for ${configuration}, ${arm}`,
  );
  return `${about} The largest learning rate at which all ${countText(seeds)} seeds end below their initial cost is ${listText(limits)}.`;
}
