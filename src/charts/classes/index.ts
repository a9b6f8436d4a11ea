import type { Result } from "../../record/result.js";
import { BLACK, classes as classTable, examples } from "../../tables/classes.js";
import { t } from "../../text/language.js";
import { countText, percentText } from "../../text/numbers.js";
import type { Chart, View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { band, layer, oneOf, paramsOf } from "../parts.js";
import { isSingle, type Runs } from "../runs.js";
import type { Spec } from "../spec.js";
import { countExpr, legendLabels } from "../vega-text.js";

/** How many images each class has, and a few of them; of several runs where these have the same data. */
export const classes: Chart = {
  name: "classes",
  subject: t`The classes of the images, with a few of each`,
  scope: "first seed",
  title: (runs) => t`Classes and examples${isSingle(runs) ? "" : t` — ${runs.length} runs`}`,
  tables: [classTable, examples],
  spec: classesSpec,
  caption: ([{ result }]) => ({ description: describe(result), notes: [reading(result)] }),
};

function describe({ data: { classes } }: Result): string {
  if (classes === undefined) return "";
  const { training, evaluation } = classes;
  const parts = [
    t`${rangeText(training)} training images each`,
    ...(evaluation === undefined ? [] : [t`${rangeText(evaluation)} test images`]),
  ];
  const measured = evaluation ?? training;
  const most = Math.max(...measured) / measured.reduce((sum, count) => sum + count, 0);
  return t`${countText(training.length)} classes, of ${parts.join(t` and `)}. Always predicting the most frequent label is right for ${percentText(most)}.`;
}

function rangeText(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? countText(low) : t`${countText(low)} to ${countText(high)}`;
}

function reading({ data: { classes }, config: { image } }: Result): string {
  if (classes === undefined) return "";
  const { examples, training } = classes;
  const drawn = drawnClasses(training.length);
  const shrunk =
    examples === undefined || image === undefined || examples.height === image.height
      ? ""
      : t`, shrunk from ${image.height} × ${image.width} to ${examples.height} × ${examples.width} pixels`;
  return [
    ...(examples === undefined ? [] : [t`Left: the first training images of each class${shrunk}.`]),
    t`Bars: images of each class.`,
    ...(drawn.length < training.length
      ? [t`Drawn: ${countText(drawn.length)} of ${countText(training.length)} classes; all are in result.json.`]
      : []),
  ].join(" ");
}

/** Classes that a picture has room for. */
const MOST = 60;
/** Of an example and between two, and of a class without examples, px. */
const [EXAMPLE, GAP, BARE] = [32, 6, 22];
/** Of the longest bar with its number, px. */
const BARS = { wide: 240, narrow: 104 } as const;
/** Behind the longest bar, as a share of it, for its number. */
const NUMBER = 0.3;
/** Training, test. */
const PARTS = { training: "#6e6e6e", test: "#b8b8b8" } as const;

export function drawnClasses(count: number): readonly number[] {
  return chooseEvenly([...Array(count).keys()], MOST);
}

/** A row for each class: its first images, and how many it has. */
function classesSpec(runs: Runs, view: View): Spec | undefined {
  const [{ result }] = runs;
  const { classes } = result.data;
  if (classes === undefined || runs.some((run) => run.result.pairing.data !== result.pairing.data)) return undefined;
  const { examples, training, evaluation } = classes;
  const labels = drawnClasses(training.length);
  const pixel = examples === undefined ? 0 : Math.max(1, Math.round(EXAMPLE / examples.height));
  const step = examples === undefined ? BARE : pixel * examples.height + GAP;
  const y = (axis: Spec | null) => band("label", { expr: "labels" }, GAP / step, axis, GAP / step / 2);
  const height = labels.length * step;
  const isDrawn = { filter: "indexof(labels, datum.label) >= 0" };
  const named = { title: t`class`, labelPadding: 6 };
  return {
    params: paramsOf(view, { labels, most: (1 + NUMBER) * Math.max(...training, ...(evaluation ?? [])) }),
    spacing: 16,
    resolve: { scale: { yOffset: "independent" } },
    hconcat: [
      ...(examples === undefined ? [] : [{ height, ...examplesPart(examples, pixel, y(named), isDrawn) }]),
      {
        height,
        width: BARS[view.viewport],
        view: { stroke: null },
        ...barsPart(y(examples === undefined ? named : null), isDrawn, evaluation !== undefined),
      },
    ],
  };
}

type Examples = NonNullable<NonNullable<Result["data"]["classes"]>["examples"]>;

/** Pixels within a band for each example, on black. */
function examplesPart({ height, width, images }: Examples, pixel: number, y: Spec, isDrawn: Spec): Spec {
  const most = Math.max(1, ...images.map((own) => own.length));
  const step = pixel * width + GAP;
  const x = band("example", [...Array(most).keys()], GAP / step, null, GAP / step / 2);
  const within = (field: string, count: number) => ({
    field,
    type: "ordinal",
    scale: { domain: [...Array(count).keys()], paddingInner: 0, paddingOuter: 0 },
  });
  const color = { field: "color", type: "nominal", scale: null };
  return {
    width: most * step,
    view: { stroke: null },
    layer: [
      {
        name: "pixels_ground",
        ...layer("examples", { type: "rect", fill: BLACK }, { x, y }, [isDrawn, oneOf("label", "example")]),
      },
      {
        name: "pixels",
        ...layer(
          "examples",
          { type: "rect" },
          { x, xOffset: within("pixel_x", width), y, yOffset: within("pixel_y", height), fill: color },
          [isDrawn],
        ),
      },
    ],
  };
}

/** A bar for each part of the data, with its number. */
function barsPart(y: Spec, isDrawn: Spec, hasTest: boolean): Spec {
  const parts = hasTest ? Object.keys(PARTS) : ["training"];
  const x = {
    field: "images",
    type: "quantitative",
    scale: { domain: { expr: "[0, most]" }, nice: false },
    axis: null,
  };
  const yOffset = { field: "part", type: "nominal", scale: { domain: parts, paddingInner: 0.1 } };
  const color = {
    field: "part",
    type: "nominal",
    scale: { domain: parts, range: Object.values(PARTS).slice(0, parts.length) },
    legend: { symbolType: "square", ...legendLabels({ training: t`training`, test: t`test` }) },
  };
  return {
    layer: [
      layer("classes", { type: "bar" }, { x, y, yOffset, color }, [isDrawn]),
      layer(
        "classes",
        { type: "text", align: "left", baseline: "middle", dx: 4 },
        { x, y, yOffset, text: { field: "count", type: "nominal" } },
        [isDrawn, { calculate: countExpr("datum.images"), as: "count" }],
      ),
    ],
  };
}
