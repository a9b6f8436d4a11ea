import type { Chart, View } from "../charts/chart.js";
import { classes } from "../charts/classes/index.js";
import { dataSource } from "../charts/data-sets.js";
import { CHARTS, drawableOf, type Pictures } from "../charts/index.js";
import { activations, histograms } from "../charts/layers/index.js";
import { type Drawable, drawn, type Picture } from "../charts/picture.js";
import { alone, type Runs } from "../charts/runs.js";
import type { PageChart } from "./interactive.js";
import type { NamedRun } from "./named-runs.js";
import { isStepChart, ofStory } from "./story.js";

/** A chart on a page: what is seen without script, and what the script draws in its place. */
export interface PageFigure extends PageChart {
  readonly chart: Chart;
  /** The place of its run among the page's; absent where it shows all of them. */
  readonly run?: number;
  readonly picture: Picture;
}

/** Layers at every recorded update stand still: what moves is the stage, which of several runs there is room for alone. */
const STILL: readonly Chart[] = [histograms, activations];
/** Charts without anything that can be pointed at, too. */
const UNTOUCHED: readonly Chart[] = [...STILL, classes];

type Way = { readonly name: string } & Pick<View, "scale">;

/** Charts that a reader may see in more than one way. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  costs: [
    { name: "log", scale: "log" },
    { name: "linear", scale: "linear" },
  ],
};

/** Every chart of the runs: one picture of all of them where they can share it, else one of each. */
export async function drawFigures(runs: readonly NamedRun[], known?: Pictures): Promise<PageFigure[]> {
  const sources = runs.map(({ result }) => dataSource(alone(result)));
  const [first, second, ...others] = runs;
  const all: Runs | undefined = first && second && [first, second, ...others];
  const source = all && dataSource(all);
  const figures: PageFigure[] = [];
  for (const chart of CHARTS) {
    const together = all && (await drawFigure(chart.name, chart, (view) => drawableOf(chart, all, source, view)));
    if (together !== undefined) {
      figures.push(together);
      continue;
    }
    if (all !== undefined && STILL.includes(chart)) continue;
    for (const [run, { result }] of runs.entries()) {
      // A step shows what it speaks of: of a page of one run two arms, and their first and last records.
      const isStep = all === undefined && isStepChart(chart.name);
      const shown = isStep ? ofStory(result, STILL.includes(chart)) : result;
      const draw = (view: View) => drawableOf(chart, alone(shown), shown === result ? sources[run] : undefined, view);
      const id = runs.length > 1 ? `run${run}-${chart.name}` : chart.name;
      const figure = await drawFigure(id, chart, draw, shown === result ? known?.get(chart.name) : undefined);
      if (figure !== undefined) figures.push({ ...figure, run });
    }
  }
  return figures;
}

async function drawFigure(
  id: string,
  chart: Chart,
  draw: (view: View) => Drawable | undefined,
  known?: Picture,
): Promise<PageFigure | undefined> {
  const still = draw({ viewport: "wide" });
  if (still === undefined) return undefined;
  const ways = (UNTOUCHED.includes(chart) ? [] : (WAYS[chart.name] ?? [{ name: "" }])).flatMap(({ name, ...way }) => {
    const [wide, narrow] = (["wide", "narrow"] as const).map((viewport) =>
      draw({ viewport, interactive: true, ...way }),
    );
    return wide === undefined || narrow === undefined ? [] : [{ name, at: { wide, narrow } }];
  });
  return { id, chart, picture: known ?? (await drawn(still, id)), ways };
}
