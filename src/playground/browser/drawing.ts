import { type Drawing, fitBoxOf, scalesOfFit } from "./charts.js";

/** From one point that the moving pointer sets to the next, px. */
const APART = 9;
/** Steps of the cross over the plot. */
const STEPS = 40;

interface Drawer {
  /** The points that are there already, and what the axes are of; undefined where nothing can be drawn now. */
  readonly begin: () => Pick<Drawing, "scene" | "points"> | undefined;
  /** Hears of every change; `isWhole` when a stroke, or a key, has ended. */
  readonly show: (drawing: Drawing | undefined, isWhole: boolean) => void;
}

/** Lets points be set on a canvas by pointer and by keys; returns what switches it on and off. */
export function makeDrawing(canvas: HTMLCanvasElement, { begin, show }: Drawer): (isOn: boolean) => boolean {
  let drawing: Drawing | undefined;
  let last: readonly [number, number] | undefined;
  const scales = ({ scene }: Drawing) => scalesOfFit(scene, fitBoxOf(canvas));
  const put = (next: Drawing, isWhole: boolean) => {
    drawing = next;
    show(drawing, isWhole);
  };
  const setAt = (event: PointerEvent) => {
    if (drawing === undefined) return;
    const { left, top } = canvas.getBoundingClientRect();
    const [atX, atY] = [event.clientX - left, event.clientY - top];
    if (last !== undefined && Math.hypot(atX - last[0], atY - last[1]) < APART) return;
    last = [atX, atY];
    const { x, y } = scales(drawing);
    const point = [Math.fround(x.at(atX)), Math.fround(y.at(atY))] as const;
    put({ scene: drawing.scene, points: [...drawing.points, point] }, false);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (drawing === undefined) return;
    canvas.setPointerCapture(event.pointerId);
    last = undefined;
    setAt(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons > 0) setAt(event);
  });
  canvas.addEventListener("pointerup", () => {
    if (drawing !== undefined) put(drawing, true);
  });
  canvas.addEventListener("keydown", (event) => {
    if (drawing === undefined) return;
    const next = afterKey(drawing, event.key, scales(drawing));
    if (next === undefined) return;
    event.preventDefault();
    put(next, next.points !== drawing.points);
  });
  return (isOn) => {
    const started = isOn ? begin() : undefined;
    drawing = started;
    canvas.classList.toggle("drawing", drawing !== undefined);
    canvas.tabIndex = drawing === undefined ? -1 : 0;
    canvas.setAttribute("role", drawing === undefined ? "img" : "application");
    show(drawing, false);
    if (drawing !== undefined) canvas.focus();
    return drawing !== undefined;
  };
}

/** Arrows move the cross, Enter sets a point there, Delete takes the nearest away. */
function afterKey(drawing: Drawing, key: string, { x, y }: ReturnType<typeof scalesOfFit>): Drawing | undefined {
  const { scene, points, cross = [(x.low + x.high) / 2, (y.low + y.high) / 2] } = drawing;
  const [stepX, stepY] = [(x.high - x.low) / STEPS, (y.high - y.low) / STEPS];
  const moved = {
    ArrowLeft: [-stepX, 0],
    ArrowRight: [stepX, 0],
    ArrowUp: [0, stepY],
    ArrowDown: [0, -stepY],
  }[key];
  if (moved !== undefined) return { scene, points, cross: [cross[0] + (moved[0] ?? 0), cross[1] + (moved[1] ?? 0)] };
  if (key === "Enter") return { scene, cross, points: [...points, [Math.fround(cross[0]), Math.fround(cross[1])]] };
  if (key !== "Delete" && key !== "Backspace") return undefined;
  const far = ([atX, atY]: readonly [number, number]) => Math.hypot(x(atX) - x(cross[0]), y(atY) - y(cross[1]));
  const nearest = points.reduce((best, point, at) => (far(point) < far(points[best] ?? point) ? at : best), 0);
  return { scene, cross, points: points.filter((_, at) => at !== nearest) };
}
