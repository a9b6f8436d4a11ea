import type { ArmTask } from "../../src/engines/engine.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import { type Normalization, TRANSFORMS } from "../../src/model/network.js";
import { unevenTask } from "./tasks.js";

/** A way to normalize, by its name. */
export interface Variant {
  readonly name: string;
  readonly normalization: Partial<Normalization>;
}

/** Every combination of the keys that say how to normalize dense layers, the standard first. */
export const VARIANTS: readonly Variant[] = (["all", "hidden", "input"] as const).flatMap((where) =>
  TRANSFORMS.flatMap((transform) =>
    (["before", "after"] as const).flatMap((position) =>
      [true, false].flatMap((affine) =>
        [undefined, 3].map((ghostBatchSize) => ({
          name: [
            where,
            transform,
            position,
            ...(affine ? [] : ["no affine"]),
            ...(ghostBatchSize === undefined ? [] : [`ghost ${ghostBatchSize}`]),
          ].join(", "),
          normalization: {
            where,
            transform,
            position,
            affine,
            ...(ghostBatchSize === undefined ? {} : { ghostBatchSize }),
          },
        })),
      ),
    ),
  ),
);

const ACTIVATIONS = Object.keys(activations) as ActivationName[];

/** Every variant with one activation, all of them in turn. */
export const CASES = VARIANTS.map((variant, i) =>
  caseOf(variant, ACTIVATIONS[(7 * i + Math.floor(i / 10)) % 10] as ActivationName),
);

/** And with those that the fused engine treats apart: relu with its norm at once, gelu and f′ from the pre-activation. */
export const MORE_CASES = [
  ...CASES,
  ...VARIANTS.flatMap((variant) => [caseOf(variant, "relu"), caseOf(variant, "gelu")]),
];

function caseOf(variant: Variant, activation: ActivationName) {
  return { ...variant, activation, task: variantTask(variant, { activation }) };
}

/** Ten training samples in batches of seven, so ghost batches of 3, 3 and a lone one, and of all three; five to measure. */
export function variantTask(
  { normalization }: Pick<Variant, "normalization">,
  choices: Partial<Parameters<typeof unevenTask>[0]> = {},
): ArmTask {
  return unevenTask({
    arm: "bn",
    sizes: [2, 5, 4, 1],
    samples: 10,
    batchSize: 7,
    evaluationSamples: 5,
    normalization,
    ...choices,
  });
}
