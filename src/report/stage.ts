import type { View } from "../charts/chart.js";
import { data } from "../charts/data/index.js";
import { dataSource } from "../charts/data-sets.js";
import { drawableOf } from "../charts/index.js";
import { histograms } from "../charts/layers/index.js";
import { type Drawable, drawn } from "../charts/picture.js";
import { alone, styledArms } from "../charts/runs.js";
import { framePlaces } from "../metrics/frame.js";
import type { ArmResult } from "../record/arms.js";
import type { Frame } from "../record/frames.js";
import type { Checkpoint } from "../record/layers.js";
import type { Result } from "../record/result.js";
import type { Row } from "../tables/table.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { numberText, percentText } from "../text/numbers.js";
import { MOST_ROWS, type PageChart, type PagePlayer } from "./interactive.js";
import { playerOf } from "./player.js";
import { slimSvg } from "./slim-svg.js";

/** What a run's page opens with: the fits and the layers of its first two arms, moving through the frames. */
export interface Stage {
  readonly markup: Markup;
  readonly player: PagePlayer;
  /** Where the nets are functions of one input. */
  readonly fits?: PageChart & { readonly rows: readonly Row[] };
}

const MOST_ARMS = 2;

/** Undefined of a run without frames. */
export async function stageOf(run: Result): Promise<Stage | undefined> {
  const result = ofFrames(run);
  const player = playerOf("stage", result, dataSource(alone(result)), MOST_ROWS, {
    quantities: ["preActivation"],
    caption: (arm, _, update) => captionOf(run.arms[arm], update),
    note: ({ layer }, _, arm, update) => noteOf(frameAt(run.arms[arm], update), layer),
  });
  if (player === undefined) return undefined;
  const last = ofFrames(run, (frames) => frames.slice(-1));
  const source = dataSource(alone(last));
  const draw = (view: View) => drawableOf(data, alone(last), source, view);
  const fit = draw({ viewport: "narrow" });
  const hasCurves = run.data.grid !== undefined && fit !== undefined;
  const layers = drawableOf(histograms, alone(last));
  const markup = html`<div class="chart stage" id="stage">
${hasCurves ? html`<div id="chart-stage-fits"><div class="canvas" role="region" tabindex="0" aria-label="The fits">${await picture(fit, "stage-fits")}</div></div>` : undefined}
${layers === undefined ? undefined : html`<div class="canvas of-layers" role="region" tabindex="0" aria-label="What each layer's activation receives">${await picture(layers, "stage-layers")}</div>`}
</div>`;
  if (!hasCurves) return { markup, player };
  const narrow = draw({ viewport: "narrow", interactive: true }) ?? fit;
  return {
    markup,
    player,
    fits: { id: "stage-fits", ways: [{ name: "", at: { wide: narrow, narrow } }], rows: fitRows(run) },
  };
}

async function picture(drawable: Drawable, id: string): Promise<Markup> {
  return asMarkup(slimSvg((await drawn({ ...drawable, name: id })).bare.trim(), id));
}

/** The run as if its frames were its checkpoints, with those two arms' last fits. */
function ofFrames(run: Result, choose: (frames: readonly Frame[]) => readonly Frame[] = (frames) => frames): Result {
  const { grid } = run.data;
  const places = grid === undefined ? [] : framePlaces(grid.length);
  const arms = Object.entries(run.arms)
    .slice(0, MOST_ARMS)
    .map(([name, arm]): [string, ArmResult] => {
      const [first] = arm.checkpoints;
      const checkpoints = first === undefined ? [] : choose(arm.frames).map((frame) => checkpointOf(frame, first));
      if (arm.status === "diverged") return [name, { ...arm, checkpoints }];
      return [
        name,
        { ...arm, checkpoints, fit: grid === undefined ? arm.fit : places.map((at) => arm.fit[at] ?? "NaN") },
      ];
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
      const { counts, underflow, overflow, nonFinite } = own;
      const edges = layer.preActivation.edges.filter((_, edge) => edge % 2 === 0);
      const health = { ...layer.health, ...(own.flatShare === undefined ? {} : { flatShare: own.flatShare }) };
      return [
        { ...layer, health, preActivation: { ...layer.preActivation, edges, counts, underflow, overflow, nonFinite } },
      ];
    }),
  };
}

function frameAt(arm: ArmResult | undefined, update: number): Frame | undefined {
  return arm?.frames.findLast((frame) => frame.update <= update);
}

/** "costs 62.7", by the cost of prediction, where there is one. */
function captionOf(arm: ArmResult | undefined, update: number): string {
  if (arm?.status === "diverged" && update >= arm.divergence.update)
    return `diverged at update ${arm.divergence.update}`;
  const { costs } = frameAt(arm, update) ?? {};
  if (costs === undefined) return "is not recorded";
  return costs.inference === undefined
    ? `costs ${numberText(costs.train)} in training mode`
    : `costs ${numberText(costs.inference)}`;
}

function noteOf(frame: Frame | undefined, layer: number): string {
  const share = frame?.layers[layer]?.flatShare;
  return share === undefined ? "" : `flat: ${percentText(share)} of the values`;
}

/** Each frame's fits. */
function fitRows(result: Result): Row[] {
  const { grid = [] } = result.data;
  const places = framePlaces(grid.length);
  return styledArms(result)
    .slice(0, MOST_ARMS)
    .flatMap(({ label, arm }) =>
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
