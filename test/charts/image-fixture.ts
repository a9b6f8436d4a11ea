import type { MapState, Maps } from "../../src/record/maps.js";
import type { Result } from "../../src/record/result.js";
import { type ArmShape, wobble } from "./arm-fixture.js";
import { makeResult } from "./result-fixture.js";

interface Shape {
  readonly seeds?: number;
  readonly inputs?: number;
  readonly arms?: Readonly<Record<string, ArmShape>>;
}

const PAIR: Readonly<Record<string, ArmShape>> = { plain: {}, bn: { normalized: true } };

/** A result of a network on images of 6 × 4 pixels in three classes, with accuracies, feature maps and kernels. */
export function makeImageResult({ seeds = 1, inputs = 1, arms = PAIR }: Shape = {}): Result {
  const result = makeResult({
    inputs: 24 * inputs,
    hiddenLayers: 2,
    seeds,
    arms,
    config: {
      activation: "relu",
      sizes: [inputs, 10, 4, 3],
      image: { height: 6, width: 4 },
      layers: ["conv 10", "conv 4", "mean", "dense 3"],
      loss: "crossEntropy",
    },
  });
  const all = [...result.seeds.map(({ arms }) => arms), result.arms];
  for (const arm of all.flatMap((own) => Object.values(own))) {
    arm.costs = arm.costs.map((cost) => ({
      ...cost,
      accuracy: {
        train: cost.update / (20 + cost.update),
        inference:
          cost.inference === null ? null : cost.update / ((cost.inference === cost.train ? 20 : 40) + cost.update),
      },
    }));
  }
  for (const [place, arm] of Object.values(result.arms).entries()) {
    const updates = [...new Set([arm.checkpoints[0], arm.checkpoints.at(-1)].flatMap((own) => own?.update ?? []))];
    if (arm.status === "trained") arm.fit = [];
    arm.maps = { point: 3, label: 2, states: updates.map((update) => stateOf(update, place, inputs)) };
  }
  return { ...result, referenceCosts: { predictMean: 1.05, chance: Math.log(3) } };
}

function stateOf(update: number, arm: number, inputs: number): MapState {
  return {
    update,
    input: mapsOf(inputs, update + arm, 0),
    // Of the second layer half of the plain net's channels are lost at the end.
    layers: [mapsOf(10, update + arm, 0), mapsOf(4, update - arm, arm === 0 && update > 0 ? 2 : 0)],
    kernels: {
      height: 3,
      width: 3,
      inputs: Math.min(4, inputs),
      values: Array.from({ length: 8 * Math.min(4, inputs) * 9 }, (_, at) => wobble(at, arm) * (1 + update / 400)),
    },
  };
}

/** The first `lost` channels are nowhere above 0. */
function mapsOf(channels: number, seed: number, lost: number): Maps {
  const digit = (at: number) => Math.round(127.5 * (1 + wobble(at, seed)));
  return {
    height: 6,
    width: 4,
    low: Array.from({ length: channels }, (_, channel) => -1 - channel / 4),
    high: Array.from({ length: channels }, (_, channel) => (channel < lost ? 0 : 2 + channel / 4)),
    values: Array.from({ length: 24 * Math.min(8, channels) }, (_, at) => digit(at).toString(16).padStart(2, "0")).join(
      "",
    ),
  };
}
