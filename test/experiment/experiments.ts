import type { Settings } from "../../src/config/keys.js";
import { mergeLayers } from "../../src/config/merge.js";
import { presets } from "../../src/config/presets.js";
import type { Engine } from "../../src/engines/engine.js";
import { type ArmJob, type ArmOutcome, type ArmRunner, runArm } from "../../src/experiment/arm.js";
import { type Experiment, prepareExperiment } from "../../src/experiment/prepare.js";
import { configurationError, Problems } from "../../src/problems.js";

/** Small nets and few updates; tanh, so that no arm diverges by itself. */
const QUICK: Settings = {
  activation: "tanh",
  samples: 60,
  hiddenLayers: 3,
  width: 6,
  updates: 12,
  costEvery: 5,
  histogramEvery: 6,
};

/** A quick experiment with these settings over it, as a file would make it. */
export function experimentOf(settings: Settings = {}): Experiment {
  const problems = new Problems();
  const { epochs: _, ...preset } = { ...presets.tutorial, ...QUICK, preset: "tutorial" } as const;
  const configuration = mergeLayers(preset, [{ settings, locate: (name) => name }], problems);
  if (problems.length > 0) throw configurationError(problems);
  return prepareExperiment(configuration);
}

interface Meddling {
  readonly slots?: number;
  /** Hands the engine another job than it was asked for. */
  readonly job?: (job: ArmJob) => ArmJob;
  /** Reports another outcome than there was. */
  readonly outcome?: (outcome: ArmOutcome, job: ArmJob) => ArmOutcome;
  /** Takes its time with a job. */
  readonly delay?: (job: ArmJob) => number;
}

/** Trains arms in this thread, and may meddle with them. */
export function runnerOf(engine: Engine, { slots = 1, job = same, outcome = same, delay }: Meddling = {}): ArmRunner {
  return {
    info: engine.info,
    slots,
    async run(asked, progress, signal) {
      if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay(asked)));
      return outcome(await runArm(engine, job(asked), progress, signal), asked);
    },
    close: async () => {},
  };
}

function same<T>(value: T): T {
  return value;
}
