import type { Chart, View } from "../charts/chart.js";
import { dataSource } from "../charts/data-sets.js";
import { CHARTS, drawableOf, type Pictures } from "../charts/index.js";
import { activations, histograms } from "../charts/layers/index.js";
import { type Drawable, drawn, type Picture } from "../charts/picture.js";
import { alone, type Runs } from "../charts/runs.js";
import type { Result } from "../record/result.js";
import { MOST_ROWS, type PageChart, type PagePlayer } from "./interactive.js";
import type { NamedRun } from "./named-runs.js";
import { playerOf } from "./player.js";

/** A chart on a page: what is seen without script, and what the script draws in its place. */
export interface PageFigure extends PageChart {
  readonly chart: Chart;
  /** The place of its run among the page's; absent where it shows all of them. */
  readonly run?: number;
  readonly picture: Picture;
  /** Whether a player moves it over the updates. */
  readonly isPlayed: boolean;
}

/** Those of the layers at every recorded update are moved by the player, which takes their place. */
const LAYER_CHARTS: readonly Chart[] = [histograms, activations];

type Way = { readonly name: string } & Pick<View, "scale">;

/** Charts that a reader may see in more than one way. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  costs: [
    { name: "log scale", scale: "log" },
    { name: "linear scale", scale: "linear" },
  ],
};

/** Every chart of the runs: one picture of all of them where they can share it, else one of each. */
export async function drawFigures(runs: readonly NamedRun[], known?: Pictures): Promise<PageFigure[]> {
  const sources = runs.map(({ result }) => dataSource(alone(result)));
  const [first, ...others] = runs;
  const all: Runs | undefined = first === undefined || others.length === 0 ? undefined : [first, ...others];
  const source = all && dataSource(all);
  const figures: PageFigure[] = [];
  for (const chart of CHARTS) {
    const together = all && (await drawFigure(chart.name, chart, (view) => drawableOf(chart, all, source, view)));
    if (together !== undefined) {
      figures.push(together);
      continue;
    }
    for (const [run, { result }] of runs.entries()) {
      const draw = (view: View) => drawableOf(chart, alone(result), sources[run], view);
      const isLayers = LAYER_CHARTS.includes(chart);
      const still = runs.length > 1 && isLayers ? endsOf(chart, result) : undefined;
      const id = runs.length > 1 ? `run${run}-${chart.name}` : chart.name;
      const figure = await drawFigure(id, chart, draw, { still, known: known?.get(chart.name), isPlayed: isLayers });
      if (figure !== undefined) figures.push({ ...figure, run });
    }
  }
  return figures;
}

/** The players of the layers, one a run that has several records. */
export function playersOf(runs: readonly NamedRun[]): PagePlayer[] {
  return runs.flatMap(({ result }, run) => {
    const id = runs.length > 1 ? `run${run}` : "layers";
    return playerOf(id, result, dataSource(alone(result)), MOST_ROWS / runs.length) ?? [];
  });
}

interface Known {
  /** Drawn in the picture instead of what the chart has. */
  readonly still?: Drawable | undefined;
  readonly known?: Picture | undefined;
  readonly isPlayed?: boolean;
}

async function drawFigure(
  id: string,
  chart: Chart,
  draw: (view: View) => Drawable | undefined,
  { still = draw({ viewport: "wide" }), known, isPlayed = false }: Known = {},
): Promise<PageFigure | undefined> {
  if (still === undefined) return undefined;
  const ways = (isPlayed ? [] : (WAYS[chart.name] ?? [{ name: "" }])).flatMap(({ name, ...way }) => {
    const [wide, narrow] = (["wide", "narrow"] as const).map((viewport) =>
      draw({ viewport, interactive: true, ...way }),
    );
    return wide === undefined || narrow === undefined ? [] : [{ name, at: { wide, narrow } }];
  });
  return { id, chart, picture: known ?? (await drawn({ ...still, name: id })), ways, isPlayed };
}

const ENDS_NOTE = "Drawn: the first and the last recorded update, and where an arm diverged.";

/** A chart of layers, of which a page of several runs has no room for every record. */
function endsOf(chart: Chart, result: Result): Drawable | undefined {
  const all = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints.map(({ update }) => update));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const arms = Object.entries(result.arms).map(([name, arm]) => {
    const end = arm.status === "diverged" ? arm.divergence.update : last;
    return [name, { ...arm, checkpoints: arm.checkpoints.filter(({ update }) => [first, last, end].includes(update)) }];
  });
  const drawable = drawableOf(chart, alone({ ...result, arms: Object.fromEntries(arms) }));
  return drawable === undefined ? undefined : { ...drawable, notes: [...drawable.notes, ENDS_NOTE] };
}
