/** How long to train and what to record when, in updates. */
export interface Schedule {
  readonly updates: number;
  readonly costEvery: number;
  readonly histogramEvery: number;
}

/** A state at which something is recorded. */
export interface Stop {
  readonly update: number;
  readonly cost: boolean;
  readonly checkpoint: boolean;
  readonly frame: boolean;
}

/** From one frame to the next: the updates grow by half, since most of what there is to see happens early. */
const FRAME_GROWTH = 1.5;

/** Updates of the frames: 0, 1, 2, 3, 5, 8, 12, 18, … and the last update. */
export function framesOf(updates: number): number[] {
  const frames = [0];
  for (let update = 1; update < updates; update = Math.round(update * FRAME_GROWTH)) frames.push(update);
  return [...frames, updates];
}

/**
 * Every stop in order: 0, each multiple of either interval, the updates of the frames where there are to be any, and the
 * last update, where everything is recorded.
 */
export function stopsOf({ updates, costEvery, histogramEvery }: Schedule, frames: readonly number[] = []): Stop[] {
  const due = new Set([0, ...frames, updates]);
  for (const interval of [costEvery, histogramEvery]) {
    for (let update = interval; update < updates; update += interval) due.add(update);
  }
  return [...due]
    .sort((a, b) => a - b)
    .map((update) => ({
      update,
      cost: update % costEvery === 0 || update === updates,
      checkpoint: update % histogramEvery === 0 || update === updates,
      frame: frames.includes(update),
    }));
}
