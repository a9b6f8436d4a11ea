import { float32Digest } from "../data/digest.js";
import type { Experiment } from "./prepare.js";
import type { Result } from "./result.js";

/**
 * Checks a recorded certificate twice over: against itself (all arms have the same points and deviates) and against data
 * and weights made anew from the configuration. Returns what does not fit, each naming arm and tensor; empty is good.
 */
export function recheckPairing({ pairing, seeds }: Result, experiment: Experiment): string[] {
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const { dataset } = drawn;
  const faults: string[] = [];
  const same = (what: string, recorded: unknown, expected: unknown) => {
    if (recorded !== expected)
      faults.push(`${what} is recorded as ${shown(recorded)}, and made anew it is ${shown(expected)}`);
  };
  same("the training data", pairing.data, dataset.digests.data);
  same("the evaluation data", pairing.evaluation, dataset.digests.evaluation);
  same("the batch order", pairing.batchOrder, dataset.digests.batchOrder);
  const training = float32Digest(dataset.training.x, dataset.training.y);
  for (const [arm, plan] of Object.entries(experiment.arms)) {
    const record = pairing.arms[arm];
    if (record === undefined) {
      faults.push(`${arm} has no certificate`);
      continue;
    }
    same(`${arm}: the training points in order`, record.training, training);
    same(`${arm}: the evaluation points`, record.evaluation, dataset.digests.evaluation);
    same(`${arm}: the batch size`, record.batchSize, experiment.batchSize);
    const weights = drawn.weightsOf(plan);
    for (const [tensor, { data }] of drawn.deviates) {
      same(`${arm}: the deviates of ${tensor}`, record.tensors[tensor]?.deviates, float32Digest(data));
      same(`${arm}: ${tensor}`, record.tensors[tensor]?.initial, float32Digest(weights.get(tensor)?.data ?? []));
    }
  }
  if (seeds.length !== experiment.seeds.length)
    faults.push(`${seeds.length} seeds are recorded, the configuration has ${experiment.seeds.length}`);
  return faults;
}

function shown(value: unknown): string {
  const text = String(value);
  return text.length > 12 ? `${text.slice(0, 12)}…` : text;
}
