import { buildDataset } from "../data/dataset.js";
import { costInOwnUnit } from "../data/standardize.js";
import type { Engine } from "../engines/engine.js";
import { startDigests, stateDigests } from "../experiment/digests.js";
import { drawDeviates, initialTensors, scaledWeights } from "../model/initializers.js";
import { trainArm } from "../training/loop.js";
import type { LabJob } from "./job.js";

/** Makes the data and weights of the job's seed, trains one of its arms, and returns its `stateDigests`. */
export async function trainLabArm(
  engine: Engine,
  { seed, source, shuffle, standardize, batchSize, accumulate, schedule, arms }: LabJob,
  name: string,
  progress: (update: number, cost: number | undefined) => void,
): Promise<string> {
  const plan = arms[name];
  if (plan === undefined) throw new Error(`no arm ${name}`);
  const { spec, initialization } = plan;
  const { training, evaluation, standardization } = buildDataset(source, seed, shuffle, standardize);
  const weights = scaledWeights(drawDeviates(spec.sizes, seed), initialization);
  const initial = { update: 0, tensors: initialTensors(weights, spec) };
  const arm = engine.createArm({ spec, initial, training, evaluation, batchSize, accumulate });
  try {
    const digests = startDigests(schedule.updates);
    await trainArm(arm, schedule, {
      state: digests.add,
      progress: (update, cost) =>
        progress(update, cost === undefined ? cost : costInOwnUnit(cost, standardization?.targets)),
    });
    return stateDigests(digests.collected());
  } finally {
    arm.dispose();
  }
}
