import { usageError } from "../errors.js";
import type { Experiment } from "../experiment/prepare.js";
import { movingTensors, optimizerTensors, trainedTensors } from "../model/network.js";
import type { TensorMap } from "../model/tensors.js";
import { problemsOf } from "../problems.js";
import { ownEntry } from "../record/own-entry.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { BASELINE_FILE } from "./baseline.js";
import type { ReadBaseline } from "./baseline-files.js";
import { statesIn } from "./recorded-states.js";

/**
 * Throws a usage error where a baseline's states are not states of the experiment: another arm or update, a tensor that is
 * missing, too many, or of another shape, a state without its costs or costs without their state.
 */
export function requireFittingStates(
  experiment: Experiment,
  { baseline, recordedStates: tensors }: ReadBaseline,
  folder: string,
): void {
  const { costs } = baseline.recordedStates;
  const states = statesIn(tensors);
  const faults = [
    ...Object.keys(costs)
      .filter((name) => !states.has(name))
      .map((name) => t`recordedStates.costs.${excerpt(name)} has no state`),
    ...[...states].flatMap(([name, { state, next }]) => {
      const at = name.lastIndexOf("@");
      const [arm, update] = [name.slice(0, at), name.slice(at + 1)];
      const plan = ownEntry(experiment.arms, arm);
      if (plan === undefined) return [t`${excerpt(name)} belongs to no arm of the experiment`];
      if (!/^\d+$/.test(update) || Number(update) >= experiment.schedule.updates)
        return [t`${excerpt(name)} belongs to no update of the experiment`];
      const tensors = [...trainedTensors(plan.spec), ...movingTensors(plan.spec), ...optimizerTensors(plan.spec)];
      const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
      return [
        ...(Object.hasOwn(costs, name) ? [] : [t`recordedStates.costs.${excerpt(name)} is missing`]),
        ...tensorFaults(`${name}/`, state, shapes),
        ...tensorFaults(`${name}+1/`, next, shapes),
      ];
    }),
  ];
  if (faults.length === 0) return;
  throw usageError([
    t`${folder}: ${BASELINE_FILE} and its states do not match the experiment; write new ones with: bn-compare check --update ${folder}`,
    ...problemsOf(faults)
      .lines()
      .map((line) => `  ${line}`),
  ]);
}

function tensorFaults(prefix: string, tensors: TensorMap, shapes: ReadonlyMap<string, readonly number[]>): string[] {
  const shown = (shape: readonly number[] = []) => `[${excerpt(shape.join(", "))}]`;
  return [
    ...[...shapes].flatMap(([name, shape]) => {
      const found = tensors.get(name)?.shape;
      if (found === undefined) return [t`${prefix}${name} is missing`];
      return shown(found) === shown(shape)
        ? []
        : [t`${prefix}${name} has shape ${shown(found)}; it must be ${shown(shape)}`];
    }),
    ...[...tensors.keys()]
      .filter((name) => !shapes.has(name))
      .map((name) => t`${excerpt(prefix + name)} is not a tensor of the arm`),
  ];
}
