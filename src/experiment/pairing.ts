import { byteDigest, type Digest, float32Digest } from "../data/digest.js";
import { EXIT, ExpectedError } from "../errors.js";
import type { SeedResult } from "../record/arms.js";
import type { Pairing } from "../record/pairing.js";
import { t } from "../text/language.js";
import type { Handed } from "./arm.js";
import type { ArmPlan } from "./arm-plans.js";
import type { Drawn } from "./prepare.js";

/** An arm with what it was handed and held, as its worker saw it. */
export interface HandedArm {
  readonly name: string;
  readonly plan: ArmPlan;
  readonly handed: Handed;
}

/**
 * Checks that the arms of a seed are pairs, and says what proves it: the same points in the same order, the same batches,
 * and initial tensors made of the same deviates. Where an arm's tensors differ from the first arm's, one of its settings
 * must say so. Throws an error that names the arm and the tensor otherwise.
 */
export function certify(drawn: Drawn, arms: readonly HandedArm[]): Pairing {
  const { dataset, deviates } = drawn;
  const training = float32Digest(dataset.training.x, dataset.training.y);
  const { evaluation } = dataset.digests;
  const batchSize = arms[0]?.handed.batchSize;
  const unscaled = new Map([...deviates].map(([name, { data }]) => [name, float32Digest(data)]));
  const differences: Pairing["differences"] = [];
  const records: Pairing["arms"] = {};
  for (const { name, plan, handed } of arms) {
    if (handed.training !== training) throw notAPair(drawn, name, t`the training points or their order`);
    if (handed.evaluation !== evaluation) throw notAPair(drawn, name, t`the evaluation points`);
    if (handed.batchSize !== batchSize) throw notAPair(drawn, name, t`the batch size`);
    const made = drawn.weightsOf(plan);
    const tensors: Pairing["arms"][string]["tensors"] = {};
    for (const [tensor, deviate] of unscaled) {
      const initial = handed.tensors[tensor];
      const expected = made.get(tensor);
      if (initial === undefined || expected === undefined || initial !== float32Digest(expected.data)) {
        throw notAPair(drawn, name, t`${tensor}, which in its engine differs from what was generated`);
      }
      const declared = differenceOf(tensor, initial, arms[0] as HandedArm, plan);
      if (declared !== undefined) {
        if (Object.keys(declared).length === 0)
          throw notAPair(drawn, name, t`${tensor}, and no setting of the arm explains it`);
        differences.push({ arm: name, tensor, declared });
      }
      tensors[tensor] = { deviates: deviate, initial };
    }
    records[name] = { training, evaluation, batchSize: handed.batchSize, tensors };
  }
  return { data: dataset.digests.data, evaluation, batchOrder: dataset.digests.batchOrder, arms: records, differences };
}

/** The same in short, for the seeds that are not shown in full. */
export function shortCertificate(pairing: Pairing): SeedResult["pairing"] {
  const [first] = Object.values(pairing.arms);
  if (first === undefined) throw new Error("a run without arms");
  const deviates = Object.values(first.tensors).map((tensor) => tensor.deviates);
  return { training: first.training, evaluation: first.evaluation, deviates: joinedDigest(deviates) };
}

/** A digest of digests, such as those of the deviates in the tensors' order. */
export function joinedDigest(digests: readonly Digest[]): Digest {
  return byteDigest(digests.join(""));
}

type Declared = Pairing["differences"][number]["declared"];

/** The settings that make a tensor differ from the first arm's; empty when none does; undefined when it is the same. */
function differenceOf(tensor: string, initial: Digest, first: HandedArm, plan: ArmPlan): Declared | undefined {
  if (initial === first.handed.tensors[tensor]) return undefined;
  const [ours, theirs] = [plan.initialization, first.plan.initialization];
  if (ours === undefined || theirs === undefined) return {};
  const keys = tensor.endsWith(".bias") ? (["bias", "biasStd"] as const) : (["init", "initStd"] as const);
  const declared: Declared = {};
  for (const key of keys) {
    const value = ours[key];
    if (value !== undefined && value !== theirs[key]) declared[key] = value;
  }
  return declared;
}

function notAPair({ seed }: Drawn, arm: string, what: string): ExpectedError {
  return new ExpectedError(
    EXIT.bug,
    t`the arms of seed ${seed} are not comparable: ${arm} has different values in ${what}; nothing was written, since a comparison would be meaningless`,
  );
}
