import { accuracy } from "../charts/accuracy/index.js";
import type { Chart, View, Viewport } from "../charts/chart.js";
import { costs } from "../charts/costs/index.js";
import { data } from "../charts/data/index.js";
import { fitLooks } from "../charts/data/spec.js";
import { armLabels, dataSource } from "../charts/data-sets.js";
import { drawableOf } from "../charts/index.js";
import { armExtents, layerRecords, panelsOf } from "../charts/layers/extents.js";
import { histograms } from "../charts/layers/index.js";
import { layersSpec } from "../charts/layers/spec.js";
import { type Drawable, drawn } from "../charts/picture.js";
import { alone, styledArms } from "../charts/runs.js";
import { framePlaces } from "../metrics/frame.js";
import type { ArmResult } from "../record/arms.js";
import type { Frame } from "../record/frames.js";
import type { Checkpoint } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { flat } from "../tables/flat.js";
import { histograms as bins, tails } from "../tables/histograms.js";
import { layerName, type Row } from "../tables/table.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import { numberText, percentText } from "../text/numbers.js";
import { canvasMarkup } from "./figures.js";
import { MOST_ROWS, type PageChart, type PageStage, updatesWithin } from "./interactive.js";
import { lastFits } from "./payload.js";

/** What moves through a run's frames: the layers of two arms, and on a run's own page a chart beside the sentence. */
export interface Stage extends PageStage {
  readonly markup: Markup;
  readonly chart?: PageChart;
}

const MOST_ARMS = 2;
const FITS = "stage-fits";

/** Beside the sentence where the nets are not functions of one input: the first of these that has something to draw. */
const PROGRESS: readonly Chart[] = [accuracy, costs];

/** What a run's page opens with; undefined of a run without frames. */
export async function stageOf(run: Result): Promise<Stage | undefined> {
  const layers = await movingLayers("stage", run);
  if (layers === undefined) return undefined;
  const isCurve = run.data.grid !== undefined;
  const beside = isCurve ? await chartBeside(FITS, data, lastFrame(run)) : await progressBeside(run);
  const markup = html`<div class="chart stage" id="stage">\n${beside?.markup}${layers.markup}\n</div>`;
  if (beside === undefined) return { ...layers, markup };
  const { chart } = beside;
  if (!isCurve) return { ...layers, markup, chart };
  const legends = new Map(fitLooks(run, "narrow").map(({ key, text }) => [key, text]));
  const arms = layers.stage.arms.map((arm) => ({ ...arm, legend: legends.get(arm.label) ?? arm.label }));
  return { ...layers, stage: { ...layers.stage, arms }, markup, chart, fits: fitRows(run) };
}

/** A chart as for a phone, with its place on the page. */
async function chartBeside(id: string, chart: Chart, run: Result) {
  const draw = (view: View) => drawableOf(chart, alone(run), undefined, view);
  const still = draw({ viewport: "narrow" });
  if (still === undefined) return undefined;
  const narrow = draw({ viewport: "narrow", interactive: true }) ?? still;
  return {
    markup: html`<div class="beside" id="chart-${id}">${canvasMarkup(await drawn(still, id), id, chart.subject)}</div>\n`,
    chart: { id, ways: [{ name: "", at: { wide: narrow, narrow } }] },
  };
}

async function progressBeside(run: Result) {
  // Of more arms the layers may be those of any two.
  if (Object.keys(run.arms).length > MOST_ARMS) return undefined;
  for (const chart of PROGRESS) {
    const beside = await chartBeside(`stage-${chart.name}`, chart, run);
    if (beside !== undefined) return beside;
  }
  return undefined;
}

/** The layers of one of several runs. */
export async function stageOfRun(place: number, runs: number, run: Result): Promise<Stage | undefined> {
  const id = `stage-run${place}`;
  const layers = await movingLayers(id, run, MOST_ROWS / runs);
  return layers && { ...layers, markup: html`<div class="chart stage" id="${id}">${layers.markup}</div>` };
}

async function movingLayers(id: string, run: Result, mostRows = MOST_ROWS): Promise<Stage | undefined> {
  const still = drawableOf(histograms, alone(lastFrame(run)));
  const moving = layersIn(run, mostRows);
  if (moving === undefined || still === undefined) return undefined;
  const { updates, layers, arms, sets } = moving;
  const at = (viewport: Viewport): Drawable => ({ ...still, spec: specOf(moving, updates, viewport), sets });
  return {
    id,
    markup: canvasMarkup(await drawn(still, id), id, t`What each layer's activation receives`, "of-layers"),
    at: { wide: at("wide"), narrow: at("narrow") },
    stage: { updates, layers, arms, whose: run.seeds.length > 1 ? t`Seed ${run.config.seed}: ` : "" },
  };
}

/** The layers of all arms at every frame, on the axes that they have in common. */
function layersIn(run: Result, mostRows: number) {
  const result = ofFrames(run);
  const { recorded, layers } = layerRecords(result, Object.values(result.arms));
  if (recorded.length < 2) return undefined;
  const names = new Set(layers.drawn.map((layer) => layerName(layer, layers.count)));
  const all = { ...dataSource(alone(result))([bins, tails, flat]), notes: notesOf(run) };
  const isDrawn = ({ layer_name, quantity }: Row) => names.has(String(layer_name)) && quantity === "preActivation";
  const sets = Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows.filter(isDrawn)]));
  const updates = updatesWithin(sets["histograms"] ?? [], recorded, mostRows);
  const arms = styledArms(result).map((styled) => ({
    ...armExtents(styled, "preActivation", updates, layers),
    dash: styled.dash,
    captions: updates.map((update) => captionOf(run.arms[styled.name], update)),
  }));
  return { updates, layers, arms, sets };
}

function specOf(
  { updates, layers, arms }: NonNullable<ReturnType<typeof layersIn>>,
  shown: readonly number[],
  viewport: Viewport,
) {
  const panels = panelsOf(arms.slice(0, MOST_ARMS), shown, updates, layers);
  return layersSpec(panels, { viewport, interactive: true });
}

/** What is seen of the first two arms at one frame: the layers as a picture of their own, and the rows of the fits. */
export interface Still {
  readonly update: number;
  readonly layers: Drawable;
  readonly fits: readonly Row[];
}

/** The frames one by one; undefined of a run without frames. */
export function stillsOf(run: Result): readonly Still[] | undefined {
  const base = drawableOf(histograms, alone(lastFrame(run)));
  const moving = layersIn(run, MOST_ROWS);
  if (moving === undefined || base === undefined) return undefined;
  const rows = fitRows(run);
  const pair = moving.arms.slice(0, MOST_ARMS).map(({ label }) => label);
  return moving.updates.map((update) => ({
    update,
    layers: { ...base, spec: specOf(moving, [update], "narrow"), sets: moving.sets },
    fits: lastFits(rows, update).filter(({ arm }) => pair.includes(String(arm))),
  }));
}

function lastFrame(run: Result): Result {
  return ofFrames(run, MOST_ARMS, 1);
}

/** The run as if its frames, all or the last ones, were its checkpoints, with the last fits in the frames' places. */
function ofFrames(run: Result, mostArms = Number.POSITIVE_INFINITY, mostFrames = Number.POSITIVE_INFINITY): Result {
  const { grid } = run.data;
  const places = grid === undefined ? [] : framePlaces(grid.length);
  const arms = Object.entries(run.arms)
    .slice(0, mostArms)
    .map(([name, arm]): [string, ArmResult] => {
      const [first] = arm.checkpoints;
      const checkpoints =
        first === undefined ? [] : arm.frames.slice(-mostFrames).map((frame) => checkpointOf(frame, first));
      if (arm.status === "diverged") return [name, { ...arm, checkpoints }];
      const fit = grid === undefined ? arm.fit : places.map((at) => arm.fit[at] ?? "NaN");
      return [name, { ...arm, checkpoints, fit }];
    });
  const data = grid === undefined ? run.data : { ...run.data, grid: places.map((at) => grid[at] ?? 0) };
  return { ...run, data, arms: Object.fromEntries(arms) };
}

/** A frame's counts in the bins of a checkpoint, two of which are one of the frame's. */
function checkpointOf({ update, layers }: Frame, first: Checkpoint): Checkpoint {
  return {
    ...first,
    update,
    layers: first.layers.flatMap((layer, place) => {
      const own = layers[place];
      if (own === undefined) return [];
      const { flatShare, ...counts } = own;
      const edges = layer.preActivation.edges.filter((_, edge) => edge % 2 === 0);
      const health = { ...layer.health, ...(flatShare === undefined ? {} : { flatShare }) };
      return [{ ...layer, health, preActivation: { ...layer.preActivation, edges, ...counts } }];
    }),
  };
}

function frameAt(arm: ArmResult | undefined, update: number): Frame | undefined {
  return arm?.frames.findLast((frame) => frame.update <= update);
}

/** "costs 62.7", by the cost of prediction, where there is one. */
function captionOf(arm: ArmResult | undefined, update: number): string {
  if (arm?.status === "diverged" && update >= arm.divergence.update)
    return t`diverged at update ${arm.divergence.update}`;
  const { costs } = frameAt(arm, update) ?? {};
  if (costs === undefined) return t`is not recorded`;
  return costs.inference === undefined
    ? t`costs ${numberText(costs.train)} in training mode`
    : t`costs ${numberText(costs.inference)}`;
}

/** How much of a layer is flat, where that is known. */
function notesOf({ arms, ...run }: Result): Row[] {
  const labels = armLabels(alone({ ...run, arms }));
  return Object.entries(arms).flatMap(([arm, { frames }]) =>
    frames.flatMap(({ update, layers }) =>
      layers.map(({ flatShare }, layer) => ({
        arm: labels.get(arm) ?? arm,
        updates: update,
        layer_name: layerName(layer, layers.length),
        quantity: "preActivation",
        note: flatShare === undefined ? "" : t`flat: ${percentText(flatShare)} of the values`,
      })),
    ),
  );
}

/** Each frame's fits. */
function fitRows(result: Result): Row[] {
  const { grid = [] } = result.data;
  const places = framePlaces(grid.length);
  return styledArms(result).flatMap(({ label, arm }) =>
    arm.frames.flatMap(({ update, fit = [] }) =>
      fit.map((predicted, at) => ({
        arm: label,
        updates: update,
        x: grid[places[at] ?? 0] ?? null,
        predicted: typeof predicted === "number" ? predicted : null,
      })),
    ),
  );
}
