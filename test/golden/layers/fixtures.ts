import { readdirSync, readFileSync } from "node:fs";
import type { Points } from "../../../src/data/points.js";
import type { ArmTask } from "../../../src/engines/engine.js";
import { type ActivationName, activations } from "../../../src/model/activations.js";
import { type LayerSpec, type Reshaping, sizesOfLayers } from "../../../src/model/layers/stages.js";
import { type LossName, losses } from "../../../src/model/losses/index.js";
import { type NetworkSpec, optimizerTensors, POSITIONS } from "../../../src/model/network.js";
import { type NormalizerName, normalizers } from "../../../src/model/normalizers/index.js";
import { AXES } from "../../../src/model/normalizers/normalizer.js";
import { type OptimizerName, optimizers } from "../../../src/model/optimizers/index.js";
import { readSafetensors } from "../../../src/model/safetensors.js";
import { type Tensor, type TensorMap, valuesOf } from "../../../src/model/tensors.js";

/** A trajectory of a layered network, recorded from TensorFlow's own functions and its automatic differentiation. */
export interface LayersFixture {
  readonly name: string;
  readonly tensors: TensorMap;
  readonly spec: NetworkSpec;
  readonly training: Points;
  readonly batchSize: number;
  readonly updates: number;
  readonly checkpoints: readonly number[];
  readonly costs: {
    readonly train: readonly number[];
    readonly inference: readonly (number | null)[];
    readonly accuracy: readonly number[];
  };
}

const FOLDER = new URL(".", import.meta.url);

export const layersFixtures: readonly LayersFixture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".safetensors"))
  .sort()
  .map(readFixture);

function readFixture(file: string): LayersFixture {
  const { tensors, metadata } = readSafetensors(readFileSync(new URL(file, FOLDER)), file);
  const config = JSON.parse(metadata["config"] ?? "");
  const [x, y] = ["data/x", "data/y"].map((name) => Float32Array.from(valuesOf(tensors, name)));
  if (x === undefined || y === undefined) throw new Error(`${file} has no points`);
  const [normalizer, groups] = String(config.normalizer).split(":");
  const layers = String(config.layers).split(",").map(layerOf);
  const [height, width, channels] = String(config.image).split(":").map(Number);
  const isImages = height !== undefined && width !== undefined && channels !== undefined;
  return {
    name: file.replace(".safetensors", ""),
    tensors,
    training: { samples: config.samples, inputs: x.length / config.samples, x, y },
    batchSize: config.batch,
    updates: config.updates,
    checkpoints: String(config.checkpoints).split(",").map(Number),
    costs: JSON.parse(metadata["costs"] ?? ""),
    spec: {
      sizes: sizesOfLayers(isImages ? channels : config.inputs, layers),
      ...(isImages ? { images: { height, width, layers } } : {}),
      activation: nameOf<ActivationName>(activations, config.activation),
      learningRate: config.lr,
      loss: nameOf<LossName>(losses, config.loss),
      optimization: { optimizer: nameOf<OptimizerName>(optimizers, config.optimizer), momentum: config.momentum },
      ...(normalizer === "none"
        ? {}
        : {
            normalization: {
              normalizer: nameOf<NormalizerName>(normalizers, normalizer ?? ""),
              epsilon: config.epsilon,
              decay: config.decay,
              debias: false,
              where: config.normalize_input ? "all" : "hidden",
              axes: AXES.find((axes) => axes === config.axes) ?? "channel",
              position: POSITIONS.find((position) => position === config.position) ?? "before",
              renormMax: config.rmax,
              renormShift: config.dmax,
              ...(groups === undefined ? {} : { groups: Number(groups) }),
            },
          }),
    },
  };
}

/** `conv:6:3:1`: six channels of 3 × 3, stride 1. */
function layerOf(text: string): LayerSpec {
  const [kind, units = 0, size = 0, stride = 0] = text.split(":").map((word, i) => (i === 0 ? word : Number(word)));
  const [unitsOf, sizeOf, strideOf] = [Number(units), Number(size), Number(stride)];
  if (kind === "conv") return { kind, units: unitsOf, kernel: [sizeOf, sizeOf], stride: strideOf };
  if (kind === "dense") return { kind, units: unitsOf };
  return { kind: nameOf<Reshaping>({ max: 1, mean: 1, flatten: 1 }, String(kind)) };
}

function nameOf<N extends string>(known: Readonly<Record<N, unknown>>, name: string): N {
  const isKnown = (key: string): key is N => Object.hasOwn(known, key);
  if (!isKnown(name)) throw new Error(`${name} is not known`);
  return name;
}

/** Tensors recorded under `state@update/`, by their names; gradients and statistics left out. */
export function stateAt({ tensors }: LayersFixture, update: number): Map<string, Tensor> {
  return named(tensors, `state@${update}/`, /^(layers|norms)\./);
}

export function gradientsAt({ tensors }: LayersFixture, update: number): Map<string, Tensor> {
  return named(tensors, `state@${update}/gradient/`, /./);
}

function named(tensors: TensorMap, prefix: string, names: RegExp): Map<string, Tensor> {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix) && names.test(name.slice(prefix.length)))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

/** The arm as it was recorded at that update; an optimizer's state was not, and is 0 as before the first one. */
export function taskAt(fixture: LayersFixture, update: number): ArmTask {
  const { spec, training, batchSize } = fixture;
  const slots = optimizerTensors(spec).map(({ name, shape }): [string, Tensor] => [
    name,
    { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
  ]);
  return {
    spec,
    initial: { update, tensors: new Map([...stateAt(fixture, update), ...slots]) },
    training,
    evaluation: training,
    batchSize,
  };
}
