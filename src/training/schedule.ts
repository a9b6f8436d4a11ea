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
}

/** Every stop in order: 0, each multiple of either interval, and the last update, where both are recorded. */
export function stopsOf({ updates, costEvery, histogramEvery }: Schedule): Stop[] {
  const due = new Set([0, updates]);
  for (const interval of [costEvery, histogramEvery]) {
    for (let update = interval; update < updates; update += interval) due.add(update);
  }
  return [...due]
    .sort((a, b) => a - b)
    .map((update) => ({
      update,
      cost: update % costEvery === 0 || update === updates,
      checkpoint: update % histogramEvery === 0 || update === updates,
    }));
}
