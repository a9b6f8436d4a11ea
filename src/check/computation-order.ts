import { deepestFirst } from "../experiment/digests.js";

/**
 * A state's tensors in the order in which an update computes them. Its forward pass moves the averages, the input's first;
 * then the backward pass meets the deepest layer first. So the first tensor that differs after the first update that
 * differs is the nearest to what changed.
 */
export function inOrderOfComputation(names: readonly string[]): string[] {
  const isMoving = (name: string) => /\.moving_(?:mean|variance)$/.test(name);
  const normOf = (name: string) => Number(name.split(".")[1]);
  const moving = names.filter(isMoving).sort((a, b) => normOf(a) - normOf(b));
  return [...moving, ...deepestFirst(names.filter((name) => !isMoving(name)))];
}
