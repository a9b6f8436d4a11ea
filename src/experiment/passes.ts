import type { CompleteSettings, Settings } from "../config/keys.js";
import type { Generated } from "../data/dataset.js";

/** The generated points that settings without a file describe. */
export function generatedSource(settings: Settings): Generated {
  const { dataset = "parabola", inputs, samples = 0, testSamples = 0, noise = 0 } = settings;
  return { kind: dataset, ...(inputs === undefined ? {} : { inputs }), samples, testSamples, noise };
}

/** How training goes over the points. */
export interface Passes {
  /** Points of one batch. */
  readonly batchSize: number;
  /** Batches of one update. */
  readonly accumulate: number;
  readonly updates: number;
}

/** What the settings come to on so many samples. */
export function passesOf(settings: CompleteSettings, samples: number): Passes {
  const batchSize = settings.batchSize === "full" ? samples : settings.batchSize;
  const accumulate = Math.min(settings.accumulate ?? 1, Math.ceil(samples / batchSize));
  const updates = settings.updates ?? (settings.epochs ?? 1) * Math.ceil(samples / (batchSize * accumulate));
  return { batchSize, accumulate, updates };
}
