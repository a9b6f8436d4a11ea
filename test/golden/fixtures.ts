import { readdirSync, readFileSync } from "node:fs";
import type { Points } from "../../src/data/points.js";
import type { ArmTask, ObservedPoints } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import type { NetworkSpec } from "../../src/model/network.js";
import { readSafetensors } from "../../src/model/safetensors.js";
import { type Tensor, type TensorMap, valuesOf } from "../../src/model/tensors.js";

/** A trajectory recorded from TensorFlow's own functions; `npm test` needs nothing but these files. */
export interface Fixture {
  readonly name: string;
  readonly tensors: TensorMap;
  readonly updates: number;
  readonly checkpoints: readonly number[];
  readonly batchSize: number;
  readonly training: Points;
  readonly evaluation: Points;
  readonly spec: (arm: Arm) => NetworkSpec;
  /** Cost per update, non-finite values as JavaScript numbers, and null where undefined. */
  readonly costs: Readonly<Record<Arm, { train: readonly number[]; inference: readonly (number | null)[] }>>;
}

export const ARMS = ["plain", "bn"] as const;
export type Arm = (typeof ARMS)[number];

const FOLDER = new URL(".", import.meta.url);

export const fixtures: readonly Fixture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".safetensors"))
  .sort()
  .map((file) => readFixture(file));

function readFixture(file: string): Fixture {
  const { tensors, metadata } = readSafetensors(readFileSync(new URL(file, FOLDER)), file);
  const config = JSON.parse(metadata["config"] as string);
  const costs = JSON.parse(metadata["costs"] as string);
  const number = (value: number | string | null) => (value === null ? null : Number(value));
  const points = (set: string): Points => {
    const [x, y] = [valuesOf(tensors, `${set}/x`), valuesOf(tensors, `${set}/y`)] as Float32Array[];
    return { samples: y?.length ?? 0, inputs: 1, x: x as Float32Array, y: y as Float32Array };
  };
  const training = points("data");
  return {
    name: file.replace(".safetensors", ""),
    tensors,
    updates: config.updates,
    checkpoints: config.checkpoints.split(",").map(Number),
    batchSize: config.batch === 0 ? training.samples : config.batch,
    training,
    evaluation: tensors.has("eval/x") ? points("eval") : training,
    spec: (arm) => ({
      sizes: JSON.parse(metadata["sizes"] as string),
      activation: config.activation as ActivationName,
      learningRate: config.lr,
      ...(arm === "bn"
        ? { normalization: { epsilon: Number(metadata["eps"]), decay: config.decay, debias: false } }
        : {}),
    }),
    costs: Object.fromEntries(
      ARMS.map((arm) => [arm, { train: costs[arm].train.map(number), inference: costs[arm].inference.map(number) }]),
    ) as Fixture["costs"],
  };
}

/** Tensors recorded as `arm@update/NAME`, by NAME; `gradient/…` and the statistics of the pre-activations left out. */
export function stateAt(fixture: Fixture, arm: Arm, update: number): Map<string, Tensor> {
  return tensorsUnder(fixture, `${arm}@${update}/`, /^(layers|norms)\./);
}

export function gradientsAt(fixture: Fixture, arm: Arm, update: number): Map<string, Tensor> {
  return tensorsUnder(fixture, `${arm}@${update}/gradient/`, /./);
}

function tensorsUnder(fixture: Fixture, prefix: string, names: RegExp): Map<string, Tensor> {
  const found = [...fixture.tensors].filter(
    ([name]) => name.startsWith(prefix) && names.test(name.slice(prefix.length)),
  );
  return new Map(found.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** The arm as the fixture's run had it at that update. */
export function taskAt(fixture: Fixture, arm: Arm, update: number): ArmTask {
  const { training, evaluation, batchSize } = fixture;
  const initial = { update, tensors: stateAt(fixture, arm, update) };
  return { spec: fixture.spec(arm), initial, training, evaluation, batchSize };
}

/** What the recorded gradients were computed on: the next batch; after the last mini-batch, the evaluation points. */
export function observedPoints(fixture: Fixture, update: number): ObservedPoints {
  return update === fixture.updates && fixture.batchSize < fixture.training.samples ? "evaluation" : "next-batch";
}
