import { label, type Place, type Scene } from "./scene.js";
import { textWidth } from "./text-metrics.js";

const SIZE = 12;
const ROW = 20;
/** Between a symbol and its text, and between entries, px. */
const PAD = 6;
const GAP = 20;

export interface LegendEntry {
  readonly text: string;
  /** Width of the symbol, px. */
  readonly width: number;
  /** Draws the symbol around the middle of its left edge. */
  readonly draw: (at: Place) => Partial<Scene>;
}

/** Entries side by side, wrapped to `room` px, from the given place down. */
export function legend(
  entries: readonly LegendEntry[],
  at: Place,
  room: number,
): { scenes: Partial<Scene>[]; height: number } {
  const scenes: Partial<Scene>[] = [];
  let { x } = at;
  let y = at.y + ROW / 2;
  for (const { text, width, draw } of entries) {
    const end = x + width + PAD + textWidth(text, SIZE);
    if (x > at.x && end > at.x + room) {
      x = at.x;
      y += ROW;
    }
    scenes.push(draw({ x, y }), { labels: [label(text, x + width + PAD, y, { size: SIZE })] });
    x += width + PAD + textWidth(text, SIZE) + GAP;
  }
  return { scenes, height: entries.length === 0 ? 0 : y + ROW / 2 - at.y };
}
