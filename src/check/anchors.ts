import type { ArmState, ArmTask } from "../engines/engine.js";
import type { ArmPlan } from "../experiment/arm-plans.js";
import type { Drawn, Experiment } from "../experiment/prepare.js";
import type { Tensor, TensorMap } from "../model/tensors.js";

/** A step of the experiment's arm from a state of its first seed. */
export function taskFrom(
  { spec }: ArmPlan,
  { dataset }: Drawn,
  { batchSize }: Pick<Experiment, "batchSize">,
  initial: ArmState,
): ArmTask {
  const { training, evaluation } = dataset;
  return { spec, initial, training, evaluation, batchSize };
}

/** `bn@50` and the tensors' names in the anchors' file. */
export const anchorName = (arm: string, update: number): string => `${arm}@${update}`;

/** The states of an anchors' file: by anchor, the state and what followed it. */
export function anchorsIn(tensors: TensorMap): Map<string, { state: TensorMap; next: TensorMap }> {
  const anchors = new Map<string, { state: Map<string, Tensor>; next: Map<string, Tensor> }>();
  for (const [name, tensor] of tensors) {
    const slash = name.lastIndexOf("/");
    const place = name.slice(0, slash);
    const anchor = place.replace(/\+1$/, "");
    const entry = anchors.get(anchor) ?? { state: new Map(), next: new Map() };
    entry[place === anchor ? "state" : "next"].set(name.slice(slash + 1), tensor);
    anchors.set(anchor, entry);
  }
  return anchors;
}
