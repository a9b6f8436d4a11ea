import { type RandomStream, randomStream } from "../../src/data/streams.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { type Arm, type Fixture, observedPoints, taskAt } from "./fixtures.js";

/**
 * How far float32 rounding alone moves what is compared: the largest change, over a few repeats, when every parameter of
 * the recorded state is moved by up to one unit in the last place and the reference engine computes the same in float64.
 * Small where the problem is well conditioned; large where a gradient is the rest of a cancellation, or where a ReLU's
 * input lies so near to 0 that rounding decides its side.
 */
export interface RoundingSpread {
  /** Per parameter, the largest absolute change of an entry of its gradient. */
  readonly gradients: ReadonlyMap<string, number>;
  /** Relative change of the costs after one update. */
  readonly nextCost: { readonly train: number; readonly inference: number };
}

const REPEATS = 4;

export function roundingSpread(fixture: Fixture, arm: Arm, update: number): RoundingSpread {
  const task = taskAt(fixture, arm, update);
  const stream = randomStream(1, `${fixture.name} ${arm} ${update}`);
  const measure = (tensors: TensorMap) => {
    const moved = referenceEngine().createArm({ ...task, initial: { update, tensors } });
    const gradients = moved.gradients(observedPoints(fixture, update));
    moved.advance(update + 1);
    return { gradients, costs: moved.costs() };
  };
  const exact = measure(task.initial.tensors);
  const gradients = new Map(parameterNames(task.spec).map((name) => [name, 0]));
  const nextCost = { train: 0, inference: 0 };
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const moved = measure(jittered(task.initial.tensors, stream));
    for (const [name, sofar] of gradients) {
      gradients.set(
        name,
        Math.max(sofar, largestDifference(valuesOf(moved.gradients, name), valuesOf(exact.gradients, name))),
      );
    }
    for (const mode of ["train", "inference"] as const) {
      nextCost[mode] = Math.max(nextCost[mode], Math.abs((moved.costs[mode] ?? 0) / (exact.costs[mode] ?? 1) - 1));
    }
  }
  return { gradients, nextCost };
}

/** Largest relative change of the training cost after `update` updates from the initial state, moved in the same way. */
export function freeRunSpread(fixture: Fixture, arm: Arm, update: number): number {
  const task = taskAt(fixture, arm, 0);
  const stream = randomStream(2, `${fixture.name} ${arm}`);
  const costFrom = (tensors: TensorMap) => {
    const run = referenceEngine().createArm({ ...task, initial: { update: 0, tensors } });
    run.advance(update);
    return run.costs().train;
  };
  const exact = costFrom(task.initial.tensors);
  const changes = Array.from({ length: REPEATS }, () => costFrom(jittered(task.initial.tensors, stream)) / exact - 1);
  return largestEntry(changes);
}

/** Every value moved by up to one float32 unit in the last place. */
function jittered(tensors: TensorMap, stream: RandomStream): TensorMap {
  const move = (value: number) => value * (1 + (2 * stream.uniform() - 1) * 2 ** -23);
  return new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data, move) }]));
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export function largestEntry(values: ArrayLike<number>): number {
  return Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
