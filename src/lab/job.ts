import type { Generated } from "../data/dataset.js";
import type { StandardizationWishes } from "../data/standardize.js";
import { armPlans } from "../experiment/arm-plans.js";
import { recordedConfiguration } from "../experiment/recorded-config.js";
import type { Initialization } from "../model/initializers.js";
import type { NetworkSpec } from "../model/network.js";
import { Problems } from "../problems.js";
import type { Result } from "../record/result.js";
import type { Schedule } from "../training/schedule.js";

/** What a page needs to train the arms of a run again: plain data that a worker can be sent. */
export interface LabJob {
  readonly seed: number;
  readonly source: Generated;
  readonly shuffle: boolean;
  readonly standardize: StandardizationWishes;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  readonly arms: Readonly<Record<string, LabArm>>;
}

export interface LabArm {
  readonly spec: NetworkSpec;
  readonly initialization: Initialization;
}

/** Why a page cannot train a run again. */
export type LabRefusal = "given data" | "given weights" | "another engine" | "no digests" | "unlike settings";

/**
 * The first seed's arms as a page trains them, from the record alone. Files that a run was given are not in its record,
 * and only the engine `fused` gives the same bytes in a browser.
 */
export function labJobOf(result: Result): LabJob | LabRefusal {
  const { config, engine } = result;
  if (config.data !== undefined) return "given data";
  if (config.weights !== undefined) return "given weights";
  if (engine.name !== "fused") return "another engine";
  const problems = new Problems();
  const { settings } = recordedConfiguration(result, "", problems);
  if (problems.length > 0 || settings.dataset === undefined) return "unlike settings";
  const { samples, testSamples = 0, noise = 0, inputs, batchSize, accumulate = 1 } = config;
  const arms: Record<string, LabArm> = {};
  for (const [name, { spec, initialization }] of Object.entries(armPlans(settings, config.sizes, false))) {
    if (result.arms[name]?.stateDigests === undefined) return "no digests";
    if (initialization === undefined) return "given weights";
    arms[name] = { spec, initialization };
  }
  return {
    seed: config.seed,
    source: { kind: settings.dataset, ...(inputs === undefined ? {} : { inputs }), samples, testSamples, noise },
    shuffle: config.shuffle,
    standardize: { inputs: config.standardizeInputs ?? false, targets: config.standardizeTargets ?? false },
    batchSize,
    accumulate,
    schedule: {
      updates: config.updates,
      costEvery: config.costEvery,
      histogramEvery: config.histogramEvery,
      fullBatch: Math.min(batchSize * accumulate, samples) === samples,
    },
    arms,
  };
}
