import { crossEntropy } from "./cross-entropy.js";
import type { Loss } from "./loss.js";
import { mse } from "./mse.js";

/** Every loss by name, the standard first. */
export const losses = { mse, crossEntropy } as const satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;

export function lossOf({ loss = "mse" }: { readonly loss?: LossName }): Loss {
  return losses[loss];
}
