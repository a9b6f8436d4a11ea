import type { ArmPlan } from "../experiment/arm-plans.js";
import { isZeroByTheory } from "../experiment/cross-check.js";
import type { Drawn, Experiment } from "../experiment/prepare.js";
import type { Stepper } from "../experiment/step.js";
import { initialTensors } from "../model/initializers.js";
import type { TensorMap } from "../model/tensors.js";
import { limit } from "../outcome/limits.js";
import type { Baseline } from "../record/baseline.js";
import { ownEntry } from "../record/own-entry.js";
import { inOrderOfComputation } from "./computation-order.js";
import { statesIn, taskFrom } from "./recorded-states.js";

/**
 * A relu whose pre-activation is 0 but for rounding is on or off by rounding: its sample then moves a step by more than
 * `same-step`. Up to `corner-step`, in at most a share `corner-tensors` of the tensors, it is still rounding, unless it is
 * the same tensor at most of its arm's recorded states.
 */
const SAME_STEP = limit("same-step");
/** Units in the last place of a float32 that a stored state may be off. */
const STATE_ROUNDING = 2 * 2 ** -23;

/** Where the code does something else than the baseline's from the same state. */
export interface Disagreement {
  readonly arm: string;
  /** The update made from the state. */
  readonly update: number;
  readonly tensor: string;
  /** Largest difference of a step, relative to the baseline's largest step of that tensor. */
  readonly difference: number;
  /** Current step over the baseline's, by least squares: −1 is a sign, 1.01 a rate. */
  readonly ratio: number;
}

/** One update from each of the baseline's recorded states, by the current code. */
export interface StepsAgain {
  /** Tensors compared, and recorded states. */
  readonly tensors: number;
  readonly recordedStates: number;
  readonly roundingOnly: boolean;
  /** The first tensor that the code starts with and the baseline's first state does not hold. */
  readonly otherStart?: { readonly arm: string; readonly tensor: string };
  /** In the order of computation: by update, arm, then as an update computes them. */
  readonly disagreements: readonly Disagreement[];
  /** Largest relative difference of a cost at an state. */
  readonly cost: number;
}

/** Starts from every state and compares costs and steps with the baseline's. */
export async function stepAgain(
  step: Stepper,
  experiment: Experiment,
  { recordedStates }: Baseline,
  tensors: TensorMap,
): Promise<StepsAgain> {
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const disagreements: Disagreement[] = [];
  let [compared, cost] = [0, 0];
  let otherStart: StepsAgain["otherStart"];
  const found = statesIn(tensors);
  for (const [name, { state, next }] of found) {
    const at = name.lastIndexOf("@");
    const [arm, update] = [name.slice(0, at), Number(name.slice(at + 1))];
    const plan = ownEntry(experiment.arms, arm);
    const costs = ownEntry(recordedStates.costs, name);
    if (plan === undefined || costs === undefined) continue;
    if (update === 0 && otherStart === undefined) {
      const tensor = differentStart(plan, drawn, state);
      if (tensor !== undefined) otherStart = { arm, tensor };
    }
    const again = await step(taskFrom(plan, drawn, experiment, { update, tensors: state }));
    cost = Math.max(cost, relative(again.train, costs.train), relative(again.inference, costs.inference));
    for (const tensor of inOrderOfComputation([...next.keys()])) {
      compared += 1;
      // Where theory says that there is no step, what is left of one is rounding, measured against the others' steps.
      const floor = isZeroByTheory(tensor, plan.spec) ? largestStep(state, next) : 0;
      const [from, recorded, now] = [state, next, again.next].map((tensors) => dataOf(tensors, tensor));
      const difference = compareSteps(from ?? [], recorded ?? [], now ?? [], floor);
      if (difference !== undefined) disagreements.push({ arm, update: update + 1, tensor, ...difference });
    }
  }
  const corners = disagreements.every(({ difference }) => difference <= limit("corner-step"));
  const few = disagreements.length <= limit("corner-tensors") * compared;
  const chance = !recurs(disagreements, [...found.keys()]);
  return {
    tensors: compared,
    recordedStates: found.size,
    roundingOnly: compared > 0 && otherStart === undefined && cost <= limit("same-cost") && corners && few && chance,
    ...(otherStart === undefined ? {} : { otherStart }),
    disagreements: disagreements.sort((a, b) => a.update - b.update),
    cost,
  };
}

/** Whether a tensor takes another step at more than half of its arm's recorded states. */
function recurs(disagreements: readonly Disagreement[], recordedStates: readonly string[]): boolean {
  return disagreements.some(({ arm, tensor }) => {
    const often = disagreements.filter((other) => other.arm === arm && other.tensor === tensor).length;
    return often > recordedStates.filter((name) => name.slice(0, name.lastIndexOf("@")) === arm).length / 2;
  });
}

/** The first tensor, as the network goes, in which the arm's initial state is another than the recorded one. */
function differentStart(plan: ArmPlan, drawn: Drawn, recorded: TensorMap): string | undefined {
  const initial = initialTensors(drawn.weightsOf(plan), plan.spec);
  return [...initial].find(([name, { data }]) => {
    const before = dataOf(recorded, name);
    let size = 0;
    for (let i = 0; i < before.length; i++) size = Math.max(size, Math.abs(before[i] as number));
    return !data.every((value, i) => Math.abs(value - (before[i] as number)) <= STATE_ROUNDING * size);
  })?.[0];
}

function dataOf(tensors: TensorMap, name: string): ArrayLike<number> {
  return tensors.get(name)?.data ?? [];
}

/** Of any entry of any tensor. */
function largestStep(state: TensorMap, next: TensorMap): number {
  let largest = 0;
  for (const [name, { data }] of next) {
    const before = dataOf(state, name);
    for (let i = 0; i < data.length; i++)
      largest = Math.max(largest, Math.abs((data[i] as number) - (before[i] as number)));
  }
  return largest;
}

/** Undefined where the two steps from `from` agree within tolerance; steps below `floor` count as that large. */
function compareSteps(from: ArrayLike<number>, recorded: ArrayLike<number>, again: ArrayLike<number>, floor: number) {
  let [largest, size, apart, product, square] = [floor, 0, 0, 0, 0];
  for (let i = 0; i < recorded.length; i++) {
    const [start, end, now] = [from[i] as number, recorded[i] as number, again[i] ?? Number.NaN];
    const [step, other] = [end - start, now - start];
    largest = Math.max(largest, Math.abs(step));
    size = Math.max(size, Math.abs(start), Math.abs(end));
    // Not Math.max: it must not lose a NaN.
    if (!(Math.abs(now - end) <= apart)) apart = Math.abs(now - end);
    product += step * other;
    square += step * step;
  }
  if (apart <= SAME_STEP * largest + STATE_ROUNDING * size) return undefined;
  return {
    difference: largest === 0 ? Number.POSITIVE_INFINITY : apart / largest,
    ratio: square === 0 ? Number.NaN : product / square,
  };
}

/** Relative difference; infinite where one of the two is missing. */
export function relative(now: number | null, recorded: number | null): number {
  if (now === recorded) return 0;
  if (now === null || recorded === null) return Number.POSITIVE_INFINITY;
  const difference = Math.abs(now / recorded - 1);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
