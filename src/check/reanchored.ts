import type { Engine } from "../engines/engine.js";
import { deepestFirst } from "../experiment/digests.js";
import type { Experiment } from "../experiment/prepare.js";
import type { TensorMap } from "../model/tensors.js";
import { anchorsIn, stepFrom } from "./anchors.js";
import type { Baseline } from "./baseline.js";

/** Of two implementations that differ by rounding alone: of costs, and of a step relative to the tensor's largest one. */
export const COST_TOLERANCE = 1e-5;
export const STEP_TOLERANCE = 1e-4;
/**
 * A relu whose pre-activation is 0 but for rounding is on or off by rounding: its sample then moves a step by more than the
 * tolerance. So many tensors, by so much, are rounding still.
 */
const CORNER_TENSORS = 0.1;
const CORNER_STEP = 0.05;
/** Units in the last place of a float32 that a stored state may be off. */
const STATE_ROUNDING = 2 * 2 ** -23;

/** Where the code does something else than the baseline's from the same state. */
export interface Disagreement {
  readonly arm: string;
  /** The update made from the anchor. */
  readonly update: number;
  readonly tensor: string;
  /** Largest difference of a step, relative to the baseline's largest step of that tensor. */
  readonly difference: number;
  /** Current step over the baseline's, by least squares: −1 is a sign, 1.01 a rate. */
  readonly ratio: number;
}

/** One update from each of the baseline's anchor states, by the current code. */
export interface Reanchored {
  /** Tensors compared, and anchors. */
  readonly tensors: number;
  readonly anchors: number;
  readonly roundingOnly: boolean;
  /** In the order of computation: by update, arm, then the deepest layer first. */
  readonly disagreements: readonly Disagreement[];
  /** Largest relative difference of a cost at an anchor. */
  readonly cost: number;
}

/** Starts from every anchor and compares costs and steps with the baseline's. */
export function reanchor(
  engine: Engine,
  experiment: Experiment,
  { anchors }: Baseline,
  tensors: TensorMap,
): Reanchored {
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const disagreements: Disagreement[] = [];
  let [compared, cost] = [0, 0];
  const found = anchorsIn(tensors);
  for (const [name, { state, next }] of found) {
    const at = name.lastIndexOf("@");
    const [arm, update] = [name.slice(0, at), Number(name.slice(at + 1))];
    const plan = experiment.arms[arm];
    const recorded = anchors.costs[name];
    if (plan === undefined || recorded === undefined) continue;
    const again = stepFrom(engine, plan, drawn, experiment, { update, tensors: state });
    cost = Math.max(cost, relative(again.train, recorded.train), relative(again.inference, recorded.inference));
    for (const tensor of deepestFirst([...next.keys()])) {
      compared += 1;
      const difference = compareSteps(dataOf(state, tensor), dataOf(next, tensor), dataOf(again.next, tensor));
      if (difference !== undefined) disagreements.push({ arm, update: update + 1, tensor, ...difference });
    }
  }
  const corners = disagreements.every(({ difference }) => difference <= CORNER_STEP);
  const few = disagreements.length <= CORNER_TENSORS * compared;
  return {
    tensors: compared,
    anchors: found.size,
    roundingOnly: compared > 0 && cost <= COST_TOLERANCE && corners && few,
    disagreements: disagreements.sort((a, b) => a.update - b.update),
    cost,
  };
}

function dataOf(tensors: TensorMap, name: string): ArrayLike<number> {
  return tensors.get(name)?.data ?? [];
}

/** Undefined where the two steps from `from` agree within tolerance. */
function compareSteps(from: ArrayLike<number>, recorded: ArrayLike<number>, again: ArrayLike<number>) {
  let [largest, size, apart, product, square] = [0, 0, 0, 0, 0];
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
  if (apart <= STEP_TOLERANCE * largest + STATE_ROUNDING * size) return undefined;
  return {
    difference: largest === 0 ? Number.POSITIVE_INFINITY : apart / largest,
    ratio: square === 0 ? Number.NaN : product / square,
  };
}

function relative(now: number | null, recorded: number | null): number {
  if (now === recorded) return 0;
  if (now === null || recorded === null) return Number.POSITIVE_INFINITY;
  const difference = Math.abs(now / recorded - 1);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
