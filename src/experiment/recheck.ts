import { isDeepStrictEqual } from "node:util";
import { float32Digest } from "../data/digest.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { certify, joinedDigest } from "./pairing.js";
import type { Drawn, Experiment } from "./prepare.js";

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
      faults.push(t`${what} is recorded as ${shown(recorded)} but regenerated as ${shown(expected)}`);
  };
  same(t`the training data`, pairing.data, dataset.digests.data);
  same(t`the evaluation data`, pairing.evaluation, dataset.digests.evaluation);
  same(t`the batch order`, pairing.batchOrder, dataset.digests.batchOrder);
  const training = float32Digest(dataset.training.x, dataset.training.y);
  for (const [arm, plan] of Object.entries(experiment.arms)) {
    const record = ownEntry(pairing.arms, arm);
    if (record === undefined) {
      faults.push(t`${arm} has no certificate`);
      continue;
    }
    same(t`${arm}: the training points in order`, record.training, training);
    same(t`${arm}: the evaluation points`, record.evaluation, dataset.digests.evaluation);
    same(t`${arm}: the batch size`, record.batchSize, experiment.batchSize);
    const weights = drawn.weightsOf(plan);
    for (const [tensor, { data }] of drawn.deviates) {
      same(t`${arm}: the deviates of ${tensor}`, record.tensors[tensor]?.deviates, float32Digest(data));
      same(`${arm}: ${tensor}`, record.tensors[tensor]?.initial, float32Digest(weights.get(tensor)?.data ?? []));
    }
  }
  if (!isDeepStrictEqual(pairing.differences, differencesOf(drawn, experiment)))
    faults.push(t`the declared differences are not those that follow from the settings`);
  if (seeds.length !== experiment.seeds.length)
    faults.push(t`${seeds.length} seeds are recorded, the configuration has ${experiment.seeds.length}`);
  for (const [i, { seed, pairing: short }] of seeds.slice(0, experiment.seeds.length).entries()) {
    const at = experiment.seeds[i] as number;
    const { dataset, deviates } = experiment.draw(at);
    same(t`seed ${at}: its number`, seed, at);
    const { x, y } = dataset.training;
    same(t`seed ${at}: the training points in order`, short.training, float32Digest(x, y));
    same(t`seed ${at}: the evaluation points`, short.evaluation, dataset.digests.evaluation);
    const digests = [...deviates.values()].map(({ data }) => float32Digest(data));
    same(t`seed ${at}: the deviates`, short.deviates, joinedDigest(digests));
  }
  return faults;
}

/** What `certify` lists for arms that hold what their settings make. */
function differencesOf(drawn: Drawn, { arms, batchSize }: Experiment): Result["pairing"]["differences"] {
  const { training, digests } = drawn.dataset;
  const common = { training: float32Digest(training.x, training.y), evaluation: digests.evaluation, batchSize };
  const handed = Object.entries(arms).map(([name, plan]) => {
    const weights = [...drawn.weightsOf(plan)].map(([tensor, { data }]) => [tensor, float32Digest(data)]);
    return { name, plan, handed: { ...common, tensors: Object.fromEntries(weights) } };
  });
  return certify(drawn, handed).differences;
}

function shown(value: unknown): string {
  const text = String(value);
  return text.length > 12 ? `${text.slice(0, 12)}…` : text;
}
