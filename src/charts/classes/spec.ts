import { BLACK } from "../../tables/classes.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { layer, paramsOf } from "../parts.js";
import type { Runs } from "../runs.js";
import type { Spec } from "../spec.js";
import { countExpr } from "../vega-text.js";

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
export function classesSpec(runs: Runs, view: View): Spec | undefined {
  const [{ result }] = runs;
  const { classes } = result.data;
  if (classes === undefined || runs.some((run) => run.result.pairing.data !== result.pairing.data)) return undefined;
  const { examples, training, evaluation } = classes;
  const labels = drawnClasses(training.length);
  const pixel = examples === undefined ? 0 : Math.max(1, Math.round(EXAMPLE / examples.height));
  const step = examples === undefined ? BARE : pixel * examples.height + GAP;
  const y = (axis: Spec | null) => ({
    field: "label",
    type: "ordinal",
    scale: { domain: { expr: "labels" }, paddingInner: GAP / step, paddingOuter: GAP / step / 2 },
    axis: axis && { domain: false, ticks: false, labelPadding: 6, ...axis },
  });
  const height = labels.length * step;
  const isDrawn = { filter: "indexof(labels, datum.label) >= 0" };
  const named = { title: "class" };
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

interface Examples {
  readonly height: number;
  readonly width: number;
  readonly images: readonly (readonly string[])[];
}

/** Pixels within a band for each example, on black. */
function examplesPart({ height, width, images }: Examples, pixel: number, y: Spec, isDrawn: Spec): Spec {
  const most = Math.max(1, ...images.map((own) => own.length));
  const step = pixel * width + GAP;
  const x = {
    field: "example",
    type: "ordinal",
    scale: { domain: [...Array(most).keys()], paddingInner: GAP / step, paddingOuter: GAP / step / 2 },
    axis: null,
  };
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
        ...layer("examples", { type: "rect", fill: BLACK }, { x, y }, [
          isDrawn,
          { aggregate: [{ op: "count", as: "count" }], groupby: ["label", "example"] },
        ]),
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
    legend: { symbolType: "square" },
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
