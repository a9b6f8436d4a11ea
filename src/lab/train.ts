import { buildDataset, type Dataset } from "../data/dataset.js";
import { costInOwnUnit } from "../data/standardize.js";
import type { ArmTask, Engine } from "../engines/engine.js";
import { startDigests, stateDigests } from "../experiment/digests.js";
import { drawDeviates, initialTensors, scaledWeights } from "../model/initializers.js";
import { trainArm } from "../training/loop.js";
import type { LabJob } from "./job.js";

/** What an arm of the job's seed starts from: its points and weights. */
export function startOf(job: LabJob, name: string): { readonly dataset: Dataset; readonly task: ArmTask } {
  const { seed, source, shuffle, standardize, batchSize, accumulate, arms } = job;
  const plan = arms[name];
  if (plan === undefined) throw new Error(`no arm ${name}`);
  const { spec, initialization } = plan;
  const dataset = buildDataset(source, seed, shuffle, standardize);
  const weights = scaledWeights(drawDeviates(spec.sizes, seed, spec.images), initialization);
  const initial = { update: 0, tensors: initialTensors(weights, spec) };
  const { training, evaluation } = dataset;
  return { dataset, task: { spec, initial, training, evaluation, batchSize, accumulate } };
}

/** Makes the data and weights of the job's seed, trains one of its arms, and returns its `stateDigests`. */
export async function trainLabArm(
  engine: Engine,
  job: LabJob,
  name: string,
  progress: (update: number, cost: number | undefined) => void,
): Promise<string> {
  const { task, dataset } = startOf(job, name);
  const { schedule } = job;
  const arm = engine.createArm(task);
  try {
    const digests = startDigests(schedule.updates);
    await trainArm(arm, schedule, {
      state: digests.add,
      progress: (update, cost) =>
        progress(update, cost === undefined ? cost : costInOwnUnit(cost, dataset.standardization?.targets)),
    });
    return stateDigests(digests.collected());
  } finally {
    arm.dispose();
  }
}
