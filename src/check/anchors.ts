import type { ArmState, Engine } from "../engines/engine.js";
import type { ArmPlan } from "../experiment/arm-plans.js";
import type { Drawn, Experiment } from "../experiment/prepare.js";
import type { Tensor, TensorMap } from "../model/tensors.js";

/** What one update from a state gives: costs at the state, and the state behind it. */
export interface Anchored {
  readonly train: number;
  readonly inference: number | null;
  readonly next: TensorMap;
}

/** Starts an engine's arm from a state and makes one update. */
export function stepFrom(
  engine: Engine,
  { spec }: ArmPlan,
  { dataset }: Drawn,
  experiment: Experiment,
  state: ArmState,
): Anchored {
  const { training, evaluation } = dataset;
  const arm = engine.createArm({ spec, initial: state, training, evaluation, batchSize: experiment.batchSize });
  try {
    const { train, inference } = arm.costs();
    arm.advance(state.update + 1);
    return { train, inference, next: arm.state().tensors };
  } finally {
    arm.dispose();
  }
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
