import type { CompleteSettings } from "../config/keys.js";
import { type Amounts, amountsOf, type DataSource } from "../data/dataset.js";
import { DIGITS_AMOUNTS, DIGITS_DIGESTS } from "../data/digits.js";
import { armPlans } from "../experiment/arm-plans.js";
import { generatedSource, passesOf } from "../experiment/passes.js";
import { recordedConfiguration } from "../experiment/recorded-config.js";
import { inputShape, networkOfNamed } from "../model/layers/index.js";
import { Problems } from "../problems.js";
import type { Result } from "../record/result.js";
import { DIGITS, type LabArm, type LabJob, type PageJob } from "./job.js";

/** Why a page cannot train a run again. */
export type LabRefusal = "given data" | "given weights" | "another engine" | "no digests" | "unlike settings";

/**
 * The first seed's arms as a page trains them, from the record alone. Files that a run was given are not in its record,
 * and only the engine `fused` gives the same bytes in a browser.
 */
export function labJobOf(result: Result): PageJob | LabRefusal {
  const { config, engine } = result;
  const isOfDigits = isDigits(config);
  if (config.data !== undefined && !isOfDigits) return "given data";
  if (config.weights !== undefined) return "given weights";
  if (engine.name !== "fused") return "another engine";
  const problems = new Problems();
  const { settings } = recordedConfiguration(result, "", problems);
  if (problems.length > 0 || (settings.dataset === undefined && !isOfDigits)) return "unlike settings";
  const job = isOfDigits ? { ...trainingOf(settings, DIGITS_AMOUNTS), source: DIGITS } : jobOf(settings);
  const isRecorded = Object.keys(job.arms).every((name) => result.arms[name]?.stateDigests !== undefined);
  return isRecorded ? job : "no digests";
}

/** The arms of checked settings without files of weights; `source` stands for a file of points. */
export function jobOf(settings: CompleteSettings, source: DataSource = generatedSource(settings)): LabJob {
  return { ...trainingOf(settings, amountsOf(source)), source };
}

function isDigits({ data, testData }: Result["config"]): boolean {
  return data?.sha256 === DIGITS_DIGESTS.data && testData?.sha256 === DIGITS_DIGESTS.testData;
}

function trainingOf(settings: CompleteSettings, { samples, inputs, image }: Amounts): Omit<LabJob, "source"> {
  const { batchSize, accumulate, updates } = passesOf(settings, samples);
  const { layers, hiddenLayers, width } = settings;
  const hidden = new Array<number>(hiddenLayers).fill(width);
  const network =
    layers === undefined ? { sizes: [inputs, ...hidden, 1] } : networkOfNamed(layers, inputShape(inputs, image));
  const arms: Record<string, LabArm> = {};
  for (const [name, { spec, initialization }] of Object.entries(armPlans(settings, network, false)))
    if (initialization !== undefined) arms[name] = { spec, initialization };
  return {
    seed: typeof settings.seeds === "object" ? (settings.seeds[0] ?? settings.seed) : settings.seed,
    shuffle: settings.shuffle,
    standardize: { inputs: settings.standardizeInputs ?? false, targets: settings.standardizeTargets ?? false },
    batchSize,
    accumulate,
    schedule: {
      updates,
      costEvery: settings.costEvery,
      histogramEvery: settings.histogramEvery,
      fullBatch: Math.min(batchSize * accumulate, samples) === samples,
    },
    arms,
  };
}
