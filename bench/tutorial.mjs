// The tutorial's two arms as the command trains them, for the sections that measure more than the kernel.
import { loadConfiguration } from "../build/config/load.js";
import { prepareExperiment } from "../build/experiment/prepare.js";
import { runExperiment } from "../build/experiment/run.js";

export const UPDATES = 250;

/**
 * The tutorial but for its initial weights and step size: with its own, the plain relu arm diverges within a few updates
 * and the work measured would be that of one arm.
 */
export function tutorialExperiment(activation, seed = 1) {
  return prepareExperiment(loadConfiguration(undefined, { activation, seed, init: "he", learningRate: 1e-6 }));
}

/** The preset of images, with some of its settings changed. */
export const imageExperiment = (settings) =>
  prepareExperiment(loadConfiguration(undefined, { preset: "images", ...settings }));

/** Trains both arms with everything that a run records, and makes sure that neither stopped early. */
export async function trainExperiment(experiment, workers) {
  const { result } = await runExperiment(experiment, workers);
  for (const [name, { status }] of Object.entries(result.arms)) {
    if (status !== "trained") throw new Error(`the benchmark's arm ${name} diverged`);
  }
}
