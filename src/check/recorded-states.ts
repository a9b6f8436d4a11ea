import type { ArmState, ArmTask } from "../engines/engine.js";
import type { ArmPlan } from "../experiment/arm-plans.js";
import type { Drawn, Experiment } from "../experiment/prepare.js";
import type { Tensor, TensorMap } from "../model/tensors.js";

/** A step of the experiment's arm from a state of its first seed. */
export function taskFrom(
  { spec }: ArmPlan,
  { dataset }: Drawn,
  { batchSize, accumulate }: Pick<Experiment, "batchSize" | "accumulate">,
  initial: ArmState,
): ArmTask {
  const { training, evaluation } = dataset;
  return { spec, initial, training, evaluation, batchSize, accumulate };
}

/** `bn@50` and the tensors' names in the file of recorded states. */
export const stateName = (arm: string, update: number): string => `${arm}@${update}`;

/** The states of a file of recorded states: by its name, the state and what followed it. */
export function statesIn(tensors: TensorMap): Map<string, { state: TensorMap; next: TensorMap }> {
  const states = new Map<string, { state: Map<string, Tensor>; next: Map<string, Tensor> }>();
  for (const [name, tensor] of tensors) {
    const slash = name.lastIndexOf("/");
    const place = name.slice(0, slash);
    const state = place.replace(/\+1$/, "");
    const entry = states.get(state) ?? { state: new Map(), next: new Map() };
    entry[place === state ? "state" : "next"].set(name.slice(slash + 1), tensor);
    states.set(state, entry);
  }
  return states;
}
