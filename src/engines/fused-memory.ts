import type { Points } from "../data/points.js";
import { usageError } from "../errors.js";
import { hasMovingAverages, type NamedShape } from "../model/network.js";
import { optimizerOf } from "../model/optimizers/index.js";
import type { Tensor, TensorMap } from "../model/tensors.js";
import type { ArmTask } from "./engine.js";
import { type Address, floats, type Kernel } from "./kernel-module.js";

/** What lies where in the fused engine's memory: tensors in their blocks, points as feature-major rows. */

export const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** Samples in the kernel's chunks. */
export const CHUNK = 512;
/** Floats that the kernel's tiles may read behind a row's end. */
export const SLACK = 64;

/** A tensor's place in a block of the kernel's memory; `offset` counts floats. */
export interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Points in the kernel's memory, feature-major: x `[inputs][samples]`, y `[outputs][samples]`. */
export interface PlacedPoints {
  readonly x: Address;
  /** Bytes from one feature's row, or output's, to the next. */
  readonly xRow: number;
  readonly y: Address;
  readonly samples: number;
}

/** Where the tensors lie in their block: one behind the other. */
export function placesOf(tensors: readonly NamedShape[]): Place[] {
  let offset = 0;
  return tensors.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const place = { name, shape, offset, length };
    offset += length;
    return place;
  });
}

export function copyOf(kernel: Kernel, block: Address, { offset, length }: Place): Float32Array {
  return floats(kernel, block + offset * FLOAT, length).slice();
}

export function readTensors(kernel: Kernel, block: Address, places: readonly Place[]): Map<string, Tensor> {
  return new Map(places.map((place) => [place.name, { shape: place.shape, data: copyOf(kernel, block, place) }]));
}

export function writeTensors(kernel: Kernel, block: Address, places: readonly Place[], tensors: TensorMap): void {
  for (const { name, offset, length } of places) {
    const data = tensors.get(name)?.data;
    if (data?.length !== length)
      throw new Error(`the state's tensor "${name}" has ${data?.length ?? "no"} values, the network needs ${length}`);
    floats(kernel, block + offset * FLOAT, length).set(data);
  }
}

export function placePoints(kernel: Kernel, { samples, x, y }: Points, inputs: number): PlacedPoints {
  const placed = {
    x: kernel.allocate((inputs * samples + SLACK) * FLOAT),
    xRow: samples * FLOAT,
    y: kernel.allocate(y.length * FLOAT),
    samples,
  };
  writeRows(floats(kernel, placed.x, inputs * samples), x, inputs, 0, samples, samples);
  writeRows(floats(kernel, placed.y, y.length), y, y.length / samples, 0, samples, samples);
  return placed;
}

/** `count` samples of row-major x from sample `first` on, as rows `[inputs][stride]`. */
export function writeRows(
  to: Float32Array,
  x: Float32Array,
  inputs: number,
  first: number,
  count: number,
  stride: number,
): void {
  for (let i = 0; i < inputs; i++)
    for (let s = 0; s < count; s++) to[i * stride + s] = x[(first + s) * inputs + i] as number;
}

/** What a 32-bit memory addresses; each arm has one, and one more for statistics. */
export const ADDRESSED = 4e9;

/**
 * Bytes of an arm's memory, counted a little high: an observation's copies of every matrix over samples; the matrices
 * themselves, over as many samples as a pass takes through all layers at once; the points.
 */
export function fusedArmBytes({
  spec,
  trainingSamples,
  evaluationSamples,
  observedSamples = 0,
  batchSize,
}: {
  readonly spec: ArmTask["spec"];
  readonly trainingSamples: number;
  readonly evaluationSamples: number;
  /** Of the task's sample; 0 in an arm that is not observed. */
  readonly observedSamples?: number;
  readonly batchSize: number;
}): number {
  const samples = Math.max(batchSize, evaluationSamples, observedSamples);
  const together = !hasMovingAverages(spec)
    ? CHUNK
    : Math.min(samples, spec.normalization?.ghostBatchSize ?? samples) + CHUNK;
  const features = spec.sizes.reduce((sum, size) => sum + size, 0);
  // z and a; behind the activation also f(z).
  const copies = spec.normalization?.position === "after" ? 3 : 2;
  const matrices = (copies * features + 2 * Math.max(...spec.sizes)) * together;
  const points = (trainingSamples + evaluationSamples + observedSamples) * ((spec.sizes[0] as number) + 1);
  // Value, gradient, transposed, and for some the optimizer's state and a normalized kernel.
  const each = 4 + optimizerOf(spec.optimization ?? {}).slots.length;
  const kernels = spec.sizes.reduce((sum, size, i) => sum + each * size * (spec.sizes[i + 1] ?? 0), 0);
  return bytesOf(2 * features * (samples + CHUNK) + matrices + points + kernels);
}

/** The same for the net that takes all `samples` as one batch, forward only. */
export function fusedStatisticsBytes({ sizes }: ArmTask["spec"], samples: number): number {
  return bytesOf((3 * Math.max(...sizes) + (sizes[0] as number)) * (samples + CHUNK));
}

/** Throws a usage error when the arm cannot fit into the memory that it has. */
export function requireMemory({ spec, training, evaluation, sample }: ArmTask, batchSize: number): void {
  const bytes = fusedArmBytes({
    spec,
    trainingSamples: training.samples,
    evaluationSamples: evaluation.samples,
    observedSamples: sample?.samples ?? 0,
    batchSize,
  });
  const samples = Math.max(batchSize, evaluation.samples, sample?.samples ?? 0);
  requireAddressed(
    bytes,
    `the fused engine has 4 GB for an arm, and sizes [${spec.sizes.join(", ")}] with passes of ${samples} samples need`,
    "take a smaller batch or fewer evaluation points",
  );
}

export function requireStatisticsMemory(spec: ArmTask["spec"], samples: number): void {
  requireAddressed(
    fusedStatisticsBytes(spec, samples),
    `the fused engine has 4 GB for statistics, and sizes [${spec.sizes.join(", ")}] with ${samples} samples as one batch need`,
    "take fewer samples",
  );
}

/** Of that many float32; rows in chunks have a little room between them. */
function bytesOf(floats: number): number {
  return 1.05 * FLOAT * floats;
}

function requireAddressed(bytes: number, what: string, advice: string): void {
  if (bytes > ADDRESSED) throw usageError(`${what} ${(bytes / 1e9).toFixed(1)} GB: ${advice}`);
}
