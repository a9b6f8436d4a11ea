import { type InitializerName, initializers } from "../model/initializers.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Cell, LAYER, type Table, UPDATES } from "./table.js";

/** How large the values are that go through the layers. */
export const signal: Table = {
  name: "signal",
  description:
    "One row per layer, arm and recorded checkpoint of the first seed: the size of what the layer's activation receives.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    {
      name: "size",
      type: "number",
      unit: "the values'",
      description: "root mean square of the pre-activations: the root of `health.secondMoment` in `result.json`",
    },
    {
      name: "theory",
      type: "number",
      unit: "the values'",
      description:
        "the theoretical value before training. Plain nets with ReLU: the first layer's size times √(n·s²/2) for each further layer with n inputs and weights of standard deviation s (He et al. 2015); BN before the activation: 1. Otherwise empty",
    },
  ],
  *rows(record) {
    const theories = new Map<string, readonly number[]>();
    for (const { place, layer } of recordedLayers(record)) {
      const { secondMoment } = layer.health;
      const size = typeof secondMoment === "number" ? Math.sqrt(secondMoment) : secondMoment;
      if (place.updates === 0 && place.layer === 0) theories.set(place.arm, theoryOf(record, place.arm, size));
      const theory = place.updates === 0 ? (theories.get(place.arm)?.[place.layer] ?? null) : null;
      yield { ...place, size, theory };
    }
  },
};

/** By layer; none where there is no theory. */
function theoryOf({ config }: Result, arm: string, first: Cell): number[] {
  const { sizes, activation, init, initStd, normalize, ...rest } = { ...config, ...ownEntry(config.arms, arm) };
  const { normalizer = "batch", transform, position } = rest;
  if (normalize === "all" || normalize === "hidden") {
    const isBefore = normalizer === "batch" && transform === "standardize" && position === "before";
    return isBefore ? sizes.slice(1, -1).map(() => 1) : [];
  }
  const isGiven = init === undefined || config.weights !== undefined || !Object.hasOwn(initializers, init);
  // Around an image are zeros, and a pooling changes sizes as well.
  if (
    config.image !== undefined ||
    normalize !== "none" ||
    activation !== "relu" ||
    isGiven ||
    typeof first !== "number"
  )
    return [];
  const stdOf = initializers[init as InitializerName];
  let size = first;
  return sizes.slice(1).map((units, layer) => {
    const inputs = sizes[layer] ?? 0;
    if (layer > 0) size *= Math.sqrt((inputs * stdOf(inputs, units, Number(initStd ?? 1)) ** 2) / 2);
    return size;
  });
}
