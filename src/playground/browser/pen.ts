import { numberText } from "../../text/numbers.js";

/** An arm as it is drawn: the plain net dashed, so that both are told apart without color. */
export interface Look {
  readonly name: string;
  readonly color: string;
  readonly dash: readonly number[];
}

/** A canvas to draw on, in CSS pixels, empty. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Of letters, px. */
  readonly size: number;
  readonly color: (name: "ink" | "quiet" | "line" | "ground" | "raised") => string;
}

export function penOn(canvas: HTMLCanvasElement): Pen | undefined {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (context === null || width === 0 || height === 0) return undefined;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const size = Number.parseFloat(style.fontSize) || 12;
  context.font = `${size}px ${style.fontFamily}`;
  context.lineJoin = "round";
  return { context, width, height, size, color: (name) => style.getPropertyValue(`--${name}`) };
}

/** A domain's place on the canvas; `at` is the way back. */
export interface Scale {
  (value: number): number;
  readonly at: (place: number) => number;
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
}

export function scaleOf(low: number, high: number, from: number, to: number, isLog = false): Scale {
  const place = isLog ? (value: number) => Math.log10(Math.max(value, Number.MIN_VALUE)) : (value: number) => value;
  const [start, end] = [place(low), place(high)];
  const perUnit = (to - from) / (end - start || 1);
  const at = (pixel: number) => {
    const value = start + (pixel - from) / perUnit;
    return isLog ? 10 ** value : value;
  };
  return Object.assign((value: number) => from + (place(value) - start) * perUnit, { at, low, high, isLog });
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Draws the axes of a plot, with a title at each. */
export function axes(
  pen: Pen,
  { left, top, right, bottom }: Frame,
  x: Scale,
  y: Scale,
  titles: readonly [string, string],
): void {
  const { context, size } = pen;
  context.lineWidth = 1;
  context.strokeStyle = pen.color("line");
  context.fillStyle = pen.color("quiet");
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticksOf(y, (bottom - top) / (3 * size))) {
    const at = Math.round(y(tick)) + 0.5;
    line(context, left, at, right, at);
    context.fillText(tickText(tick), left - 0.4 * size, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticksOf(x, (right - left) / (5 * size)))
    context.fillText(tickText(tick), x(tick), bottom + 0.4 * size);
  context.textAlign = "right";
  context.fillText(titles[0], right, bottom + 1.7 * size);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(titles[1], left - 3.4 * size, top - 0.9 * size);
}

export function line(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

/** A line through the points that are finite, broken where one is not. */
export function path(context: CanvasRenderingContext2D, points: Iterable<readonly [number, number]>): void {
  context.beginPath();
  let isDown = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) isDown = false;
    else if (isDown) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      isDown = true;
    }
  }
  context.stroke();
}

/** Draws inside of a plot alone. */
export function within({ context }: Pen, { left, top, right, bottom }: Frame, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  draw();
  context.restore();
}

/** Round numbers in a domain, about so many; powers of ten on a logarithmic scale. */
function ticksOf({ low, high, isLog }: Scale, most: number): number[] {
  if (isLog) {
    const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
    const step = Math.max(1, Math.ceil((to - from) / Math.max(1, most)));
    return Array.from(
      { length: Math.max(0, Math.floor((to - from) / step) + 1) },
      (_, place) => 10 ** (from + place * step),
    );
  }
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from(
    { length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) },
    (_, place) => (first + place) * step,
  );
}

function tickText(tick: number): string {
  return numberText(Number(tick.toPrecision(3)));
}
