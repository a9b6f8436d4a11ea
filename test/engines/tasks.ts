import type { Points } from "../../src/data/points.js";
import { randomStream } from "../../src/data/streams.js";
import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import type { NetworkSpec, Normalization } from "../../src/model/network.js";
import type { Tensor, TensorMap } from "../../src/model/tensors.js";

export const ARMS = ["plain", "bn"] as const;
export type Arm = (typeof ARMS)[number];

interface Choices {
  readonly arm: Arm;
  readonly activation?: ActivationName;
  readonly sizes?: readonly number[];
  readonly samples?: number;
  readonly batchSize?: number;
  readonly evaluationSamples?: number;
  readonly learningRate?: number;
  readonly normalization?: Partial<Normalization>;
  readonly seed?: number;
}

/** Points with inputs from N(0, 1) and targets that hang on them, all different. */
export function normalPoints(samples: number, inputs: number, seed: number, name = "points"): Points {
  const stream = randomStream(seed, name);
  const x = Float32Array.from({ length: samples * inputs }, () => stream.normal());
  const y = Float32Array.from({ length: samples }, (_, s) => (x[s * inputs] as number) ** 2 + 0.5 * stream.normal());
  return { samples, inputs, x, y };
}

/** A small arm at update 0, with He kernels and biases of 0.1. */
export function smallTask({ arm, seed = 1, ...choices }: Choices): ArmTask {
  const { activation = "tanh", sizes = [2, 4, 3, 1], samples = 7, learningRate = 0.05 } = choices;
  const normalization = { epsilon: 0.001, decay: 0.5, debias: false, ...choices.normalization };
  const spec: NetworkSpec = { sizes, activation, learningRate, ...(arm === "bn" ? { normalization } : {}) };
  const weights = initialWeights(sizes, { init: "he", initStd: 1 }, seed);
  const training = normalPoints(samples, sizes[0] as number, seed);
  const { evaluationSamples } = choices;
  return {
    spec,
    initial: { update: 0, tensors: initialTensors(weights, spec) },
    training,
    evaluation:
      evaluationSamples === undefined
        ? training
        : normalPoints(evaluationSamples, sizes[0] as number, seed, "evaluation points"),
    batchSize: choices.batchSize ?? samples,
  };
}

/** The same task from other values. */
export function startingFrom(task: ArmTask, tensors: TensorMap): ArmTask {
  return { ...task, initial: { ...task.initial, tensors } };
}

/** The tensors with every value of those whose name fits replaced. */
export function changed(tensors: TensorMap, names: RegExp, value: (old: number, i: number) => number): TensorMap {
  const change = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => [
    name,
    { shape, data: names.test(name) ? Float64Array.from(data, value) : data },
  ];
  return new Map([...tensors].map(change));
}

/** A task whose gammas, betas and biases are no longer those of the first update, so that none hides as a 0 or 1. */
export function unevenTask(choices: Choices): ArmTask {
  const task = smallTask(choices);
  const stream = randomStream(choices.seed ?? 1, "uneven");
  const uneven = changed(task.initial.tensors, /\.(gamma|beta|bias)$/, (old) => old + 0.3 * stream.normal());
  return startingFrom(task, uneven);
}
