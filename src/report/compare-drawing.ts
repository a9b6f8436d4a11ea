import type { Quantity } from "../charts/layer-panels.js";
import { layersChart } from "../charts/layers-chart.js";
import { charts, drawCharts, drawPicture, type Picture, type Pictures } from "../charts/pictures.js";
import type { Result } from "../experiment/result.js";
import { compareCosts } from "./compare-costs.js";
import { compareFits } from "./compare-fits.js";
import type { ComparedChart } from "./compare-panels.js";
import type { NamedRun } from "./named-runs.js";

export interface DrawnRun extends NamedRun {
  readonly pictures: Pictures;
}

/** A chart of all runs over each other: as it was drawn, and with its spots for the page's script. */
export interface Overlay {
  readonly picture: Picture;
  readonly wide: ComparedChart;
  readonly narrow: ComparedChart;
}

export interface Overlays {
  readonly costs: Overlay;
  /** Where the runs have the same points. */
  readonly fits?: Overlay;
}

/** Draws a run's pictures for a page of several: of its layers the first and the last record, and where an arm diverged. */
export async function drawRun(run: NamedRun): Promise<DrawnRun> {
  const { result } = run;
  const ends = endsOf(result);
  const layersOf = (quantity: Quantity) => {
    const chart = layersChart(ends, quantity);
    return { ...chart, notes: [...chart.notes, ENDS_NOTE] };
  };
  const layers = { "histograms.svg": layersOf("preActivation"), "activations.svg": layersOf("layerInput") };
  return { ...run, pictures: await drawCharts({ ...charts(result), ...layers }) };
}

const ENDS_NOTE = "Drawn: the first and the last recorded update, and where an arm diverged.";

function endsOf(result: Result): Result {
  const all = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints.map(({ update }) => update));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const arms = Object.entries(result.arms).map(([name, arm]) => {
    const end = arm.status === "diverged" ? arm.divergence.update : last;
    const checkpoints = arm.checkpoints.filter(({ update }) => [first, last, end].includes(update));
    return [name, { ...arm, checkpoints }];
  });
  return { ...result, arms: Object.fromEntries(arms) };
}

/** Draws what lies over each other. */
export async function drawOverlays(runs: readonly NamedRun[]): Promise<Overlays> {
  const overlay = async (id: string, wide: ComparedChart, narrow: ComparedChart): Promise<Overlay> => ({
    picture: await drawPicture(wide.chart, id),
    wide,
    narrow,
  });
  const [fits, narrowFits] = [compareFits(runs), compareFits(runs, "narrow")];
  return {
    costs: await overlay("costs", compareCosts(runs), compareCosts(runs, "narrow")),
    ...(fits === undefined || narrowFits === undefined ? {} : { fits: await overlay("fits", fits, narrowFits) }),
  };
}
