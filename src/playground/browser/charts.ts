import type { CompleteSettings } from "../../config/keys.js";
import { datasetNamed } from "../../data/datasets/index.js";
import type { ModeName } from "../../engines/engine.js";
import { steepRegion } from "../../model/activations.js";
import { numberText, percentText } from "../../text/numbers.js";
import type { Cost, Frame, Scene, SeenLayer } from "../session.js";
import { axes, type Frame as Box, type Look, line, type Pen, path, penOn, type Scale, scaleOf, within } from "./pen.js";

export type Mode = ModeName;

export interface ShownArm {
  readonly look: Look;
  readonly frame: Frame;
  /** In the order of updates. */
  readonly costs: readonly Cost[];
}

/** Points as they are drawn, on axes that stay as they were when the drawing began. */
export interface Drawing {
  readonly scene: Scene;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Where Enter sets the next point, once a key has moved there. */
  readonly cross?: readonly [x: number, y: number];
}

/** Everything that the charts show. */
export interface Shown {
  readonly settings: CompleteSettings;
  readonly scene: Scene;
  readonly arms: readonly ShownArm[];
  readonly mode: Mode;
  readonly at: number;
  readonly end: number;
  /** While points are drawn. */
  readonly drawing?: Drawing;
}

export const costIn = (mode: Mode, { train, inference }: Pick<Cost, "train" | "inference">) =>
  mode === "training" ? train : inference;

/** Before the first update there are no averages: then as in training mode. */
export const layersIn = (mode: Mode, { layers, layersInInference }: Frame): readonly SeenLayer[] =>
  mode === "inference" ? (layersInInference ?? layers) : layers;

const boxOf = ({ width, height, size }: Pen): Box => ({
  left: 4.2 * size,
  top: 2.2 * size,
  right: width - 1.4 * size,
  bottom: height - 3 * size,
});

/** Where the data lies, with a margin. */
export function scalesOfFit(
  { x, y }: Scene,
  { left, top, right, bottom }: Box,
): { readonly x: Scale; readonly y: Scale } {
  const [xs, ys] = [widened(x, 0.03), widened(y, 0.12)];
  return { x: scaleOf(xs[0], xs[1], left, right), y: scaleOf(ys[0], ys[1], bottom, top) };
}

export const fitBoxOf = (canvas: HTMLCanvasElement): Box => {
  const size = Number.parseFloat(getComputedStyle(canvas).fontSize) || 12;
  return boxOf({ width: canvas.clientWidth, height: canvas.clientHeight, size } as Pen);
};

function widened(values: Float32Array, margin: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = high > low ? margin * (high - low) : Math.max(1, Math.abs(high) * 0.1);
  return [low - room, high + room];
}

/** Points, the function under them, and what each net predicts. */
export function drawFit(canvas: HTMLCanvasElement, { settings, scene, arms, mode, drawing }: Shown): void {
  const pen = penOn(canvas);
  if (pen === undefined) return;
  const { context, size } = pen;
  const box = boxOf(pen);
  if (scene.inputs !== 1) {
    drawPredictions(pen, box, scene, arms, mode);
    return;
  }
  const { x, y } = scalesOfFit(drawing?.scene ?? scene, box);
  axes(pen, box, x, y, ["x", "y"]);
  within(pen, box, () => {
    context.globalAlpha = 0.35;
    context.fillStyle = pen.color("quiet");
    const radius = scene.x.length > 200 ? 1.5 : 3;
    dots(context, radius, scene.x, (i) => [x(scene.x[i] ?? 0), y(scene.y[i] ?? 0)]);
    context.globalAlpha = 1;
    const truth = settings.data === undefined ? datasetNamed(settings.dataset) : undefined;
    if (truth !== undefined) {
      context.strokeStyle = pen.color("quiet");
      context.lineWidth = 1;
      context.setLineDash([2, 3]);
      path(
        context,
        Array.from(scene.grid, (at) => [x(at), y(truth.target([at]))] as const),
      );
    }
    const order = mode === "training" ? orderOf(scene.x) : [];
    for (const { look, frame } of arms) {
      stroke(pen, look, 2.5);
      const points =
        mode === "training"
          ? order.map((i) => [x(scene.x[i] ?? 0), y(frame.fitInTraining[i] ?? Number.NaN)] as const)
          : Array.from(frame.fit, (value, i) => [x(scene.grid[i] ?? 0), y(value)] as const);
      path(context, points);
    }
    context.setLineDash([]);
    context.strokeStyle = context.fillStyle = pen.color("ink");
    context.lineWidth = 1;
    const drawn = drawing?.points ?? [];
    dots(context, 3, drawn, (i) => [x(drawn[i]?.[0] ?? 0), y(drawn[i]?.[1] ?? 0)]);
    if (drawing?.cross !== undefined) {
      const [atX, atY] = [x(drawing.cross[0]), y(drawing.cross[1])];
      line(context, atX - size, atY, atX + size, atY);
      line(context, atX, atY - size, atX, atY + size);
    }
  });
}

/** With several input columns: predictions over targets; a perfect net is on the diagonal. */
function drawPredictions(pen: Pen, box: Box, scene: Scene, arms: readonly ShownArm[], mode: Mode): void {
  const { context } = pen;
  const [low, high] = widened(scene.y, 0.12);
  const [x, y] = [scaleOf(low, high, box.left, box.right), scaleOf(low, high, box.bottom, box.top)];
  axes(pen, box, x, y, ["target", "prediction"]);
  within(pen, box, () => {
    context.strokeStyle = pen.color("quiet");
    line(context, x(low), y(low), x(high), y(high));
    for (const { look, frame } of arms) {
      context.fillStyle = look.color;
      const values = mode === "training" ? frame.fitInTraining : frame.fit;
      dots(context, 1.5, values, (i) => [x(scene.y[i] ?? 0), y(values[i] ?? 0)]);
    }
  });
}

/** A dot for each of some items, filled at once. */
function dots(
  context: CanvasRenderingContext2D,
  radius: number,
  items: ArrayLike<unknown>,
  place: (item: number) => readonly [x: number, y: number],
): void {
  context.beginPath();
  for (let i = 0; i < items.length; i++) {
    const [x, y] = place(i);
    if (!Number.isFinite(y)) continue;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fill();
}

let ordered: { readonly x: Float32Array; readonly order: readonly number[] } | undefined;

/** Places of the values in ascending order, found once. */
function orderOf(x: Float32Array): readonly number[] {
  if (ordered?.x !== x) ordered = { x, order: Array.from(x, (_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0)) };
  return ordered.order;
}

function stroke({ context }: Pen, { color, dash }: Look, width: number): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash([...dash]);
}

/** Costs above this many times the cost of predicting the mean leave the plot. */
const HIGHEST = 30;

/** Costs of all updates seen so far, the chosen mode in front. */
export function drawCosts(canvas: HTMLCanvasElement, { settings, scene, arms, mode, at, end }: Shown): void {
  const pen = penOn(canvas);
  if (pen === undefined) return;
  const { context, size } = pen;
  const box = boxOf(pen);
  const highest = HIGHEST * (variance(scene.y) || 1);
  const noise = settings.data === undefined ? (settings.noise ?? 0) ** 2 : 0;
  const costs = arms.flatMap(({ costs }) => costs.flatMap(({ train, inference }) => [train, inference ?? train]));
  const inside = costs.filter((cost) => cost > 0 && cost < highest);
  const low = Math.min(...inside, noise > 0 ? noise : highest / 100) / 1.5;
  const x = scaleOf(0, end, box.left, box.right);
  const y = scaleOf(low, Math.max(...inside, 10 * low) * 1.3, box.bottom, box.top, true);
  axes(pen, box, x, y, ["update", "cost (log)"]);
  within(pen, box, () => {
    context.setLineDash([2, 3]);
    context.strokeStyle = pen.color("quiet");
    if (noise > 0) line(context, box.left, y(noise), box.right, y(noise));
    context.setLineDash([]);
    line(context, x(at), box.top, x(at), box.bottom);
    for (const other of [true, false]) {
      for (const { look, costs } of arms) {
        stroke(pen, look, other ? 1 : 2.5);
        context.globalAlpha = other ? 0.5 : 1;
        const shown = other === (mode === "training") ? "inference" : "training";
        path(
          context,
          costs.map((cost) => [x(cost.update), y(costIn(shown, cost) ?? Number.NaN)] as const),
        );
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  });
  context.textAlign = "right";
  context.textBaseline = "top";
  let row = box.top + 0.3 * size;
  const say = (text: string, color: string) => {
    context.fillStyle = color;
    context.fillText(text, box.right - 0.3 * size, row);
    row += 1.3 * size;
  };
  for (const { look, frame } of arms) {
    const cost = costIn(mode, frame);
    const above = cost !== null && !(cost < y.high) ? `${look.name}: ${numberText(cost)} ↑` : undefined;
    if (frame.isDiverged) say(`${look.name} diverged at update ${frame.update}`, look.color);
    else if (above !== undefined) say(above, look.color);
  }
  if (noise > 0) {
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.fillStyle = pen.color("quiet");
    context.fillText("noise", box.left + 0.3 * size, y(noise) - 0.1 * size);
  }
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Height of a layer's histogram, in letters. */
const ROW = 2.5;

/** Height that the histograms need, px; for canvases with letters of this size. */
export const layersHeight = (layers: number, size: number): number => (layers * ROW + 2.2) * size;

/** What each layer's activation receives, −8 to 8; where it is flat is shaded. The output layer is on the targets' range. */
export function drawLayers(canvas: HTMLCanvasElement, { settings, arms, mode }: Shown): void {
  const pen = penOn(canvas);
  if (pen === undefined) return;
  const { context, size, width } = pen;
  const left = 2.6 * size;
  const column = (width - left) / arms.length;
  const layers = arms[0]?.frame.layers.length ?? 0;
  context.textBaseline = "middle";
  for (const [place, { look, frame }] of arms.entries()) {
    const from = left + place * column;
    const plotWidth = column - 6.6 * size;
    context.textAlign = "left";
    context.fillStyle = look.color;
    context.fillText(look.name, from, 0.8 * size);
    for (const [index, layer] of layersIn(mode, frame).entries()) {
      const isOutput = index === layers - 1;
      const bottom = (index + 1) * ROW * size + 1.4 * size;
      const box = { left: from, right: from + plotWidth, top: bottom - (ROW - 0.4) * size, bottom };
      if (!isOutput) shadeFlat(pen, box, settings);
      drawHistogram(pen, box, layer, look.color);
      context.textAlign = "left";
      context.textBaseline = "middle";
      context.fillStyle = pen.color("quiet");
      context.fillText(shareText(layer, isOutput), box.right + 0.4 * size, bottom - (ROW - 0.4) * 0.5 * size);
      if (place === 0) context.fillText(isOutput ? "out" : String(index + 1), 0, bottom - (ROW - 0.4) * 0.5 * size);
    }
  }
}

/** What a layer's histogram does not show by itself. */
function shareText(
  { flatShare, health, counts, underflow, overflow, nonFinite }: SeenLayer,
  isOutput: boolean,
): string {
  const total = counts.reduce((sum, count) => sum + count, 0) + underflow + overflow + nonFinite;
  if (nonFinite > 0) return `${percentText(nonFinite / total)} NaN/∞`;
  const { silentUnits = 0 } = health;
  if (silentUnits > 0) return `${silentUnits} silent`;
  if (flatShare !== undefined) return `${percentText(flatShare)} flat`;
  const outside = (underflow + overflow) / total;
  return outside > 0 || isOutput ? `${percentText(outside)} out` : "";
}

const RANGE = 8;

function shadeFlat(pen: Pen, { left, right, top, bottom }: Box, { activation }: CompleteSettings): void {
  const region = steepRegion(activation);
  if (region === undefined) return;
  const x = scaleOf(-RANGE, RANGE, left, right);
  pen.context.fillStyle = pen.color("raised");
  for (const [from, to] of [
    [-RANGE, Math.max(-RANGE, region[0])],
    [Math.min(RANGE, region[1]), RANGE],
  ] as const)
    pen.context.fillRect(x(from), top, x(to) - x(from), bottom - top);
}

function drawHistogram(pen: Pen, { left, right, top, bottom }: Box, layer: SeenLayer, color: string): void {
  const { context } = pen;
  const bins = layer.counts.length;
  const heights = [...layer.counts];
  heights[0] = (heights[0] ?? 0) + layer.underflow;
  heights[bins - 1] = (heights[bins - 1] ?? 0) + layer.overflow;
  const most = Math.max(...heights, 1);
  context.fillStyle = color;
  for (const [bin, count] of heights.entries()) {
    const height = (bottom - top) * Math.sqrt(count / most);
    const [from, to] = [left + ((right - left) * bin) / bins, left + ((right - left) * (bin + 1)) / bins];
    if (count > 0) context.fillRect(from, bottom - height, to - from, height);
  }
  context.lineWidth = 1;
  context.strokeStyle = pen.color("line");
  line(context, left, bottom + 0.5, right, bottom + 0.5);
}

/** The flat share of each layer, and how large the gradient is that reaches it. */
export function drawByLayer(canvas: HTMLCanvasElement, { arms, mode }: Shown): void {
  const pen = penOn(canvas);
  if (pen === undefined) return;
  const { size, width, height } = pen;
  const layers = arms[0]?.frame.layers.length ?? 0;
  const half = (width - size) / 2;
  const boxOfHalf = (from: number): Box => ({
    left: from + 3.8 * size,
    top: 2.2 * size,
    right: from + half,
    bottom: height - 3 * size,
  });
  const shares = arms.map(({ frame }) => layersIn(mode, frame).map(({ flatShare }) => (flatShare ?? Number.NaN) * 100));
  plotByLayer(pen, boxOfHalf(0), { arms, values: shares, layers, title: "flat, %", low: 0, high: 100 });
  const gradients = arms.map(({ frame }) => frame.layers.map(({ gradient }) => (gradient > 0 ? gradient : Number.NaN)));
  const finite = gradients.flat().filter(Number.isFinite);
  const [low, high] = finite.length === 0 ? [0.1, 10] : [Math.min(...finite) / 1.5, Math.max(...finite) * 1.5];
  plotByLayer(pen, boxOfHalf(half + size), {
    arms,
    values: gradients,
    layers,
    title: "gradient (log)",
    low,
    high,
    isLog: true,
  });
}

interface ByLayer {
  readonly arms: readonly ShownArm[];
  readonly values: readonly (readonly number[])[];
  readonly layers: number;
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly isLog?: boolean;
}

function plotByLayer(pen: Pen, box: Box, { arms, values, layers, title, low, high, isLog = false }: ByLayer): void {
  const x = scaleOf(1, Math.max(2, layers), box.left, box.right - 0.3 * pen.size);
  const y = scaleOf(low, high, box.bottom, box.top, isLog);
  axes(pen, box, x, y, ["layer", title]);
  for (const [place, { look }] of arms.entries()) {
    const points = (values[place] ?? []).map((value, layer) => [x(layer + 1), y(value)] as const);
    stroke(pen, look, 2);
    path(pen.context, points);
    pen.context.setLineDash([]);
    pen.context.fillStyle = look.color;
    dots(pen.context, 2.5, points, (i) => points[i] ?? [0, 0]);
  }
}
