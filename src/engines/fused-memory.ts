import type { Points } from "../data/points.js";
import { usageError } from "../errors.js";
import { kernelShape, pixelsOf, stagesOf } from "../model/layers/stages.js";
import { hasMovingAverages, type NamedShape } from "../model/network.js";
import { optimizerOf } from "../model/optimizers/index.js";
import type { Tensor, TensorMap } from "../model/tensors.js";
import { t } from "../text/language.js";
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
  /** Bytes from one feature's row to the next. */
  readonly xRow: number;
  /** Values of a sample in a row. */
  readonly pixels: number;
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

/** Inputs of a sample: `channels` rows of `pixels` values each. */
export interface InputForm {
  readonly channels: number;
  readonly pixels: number;
}

export function inputForm({ sizes: [channels = 0], images }: Pick<ArmTask["spec"], "sizes" | "images">): InputForm {
  return { channels, pixels: images === undefined ? 1 : images.height * images.width };
}

/** Samples that inference takes through the net at once, as in `src/kernel/network.ts`. */
export function samplesAtOnce({ pixels }: InputForm): number {
  return pixels === 1 ? CHUNK : Math.max(1, Math.floor((32 * CHUNK) / pixels));
}

export function placePoints(kernel: Kernel, { samples, x, y }: Points, form: InputForm): PlacedPoints {
  const { channels, pixels } = form;
  const placed = {
    x: kernel.allocate((channels * pixels * samples + SLACK) * FLOAT),
    xRow: samples * pixels * FLOAT,
    y: kernel.allocate(y.length * FLOAT),
    samples,
    pixels,
  };
  writeRows(floats(kernel, placed.x, channels * pixels * samples), x, form, 0, samples, samples);
  writeRows(floats(kernel, placed.y, y.length), y, { channels: y.length / samples, pixels: 1 }, 0, samples, samples);
  return placed;
}

/** `count` samples of row-major x from sample `first` on, as rows `[channels][stride × pixels]`. */
export function writeRows(
  to: Float32Array,
  x: Float32Array,
  { channels, pixels }: InputForm,
  first: number,
  count: number,
  stride: number,
): void {
  const inputs = channels * pixels;
  for (let c = 0; c < channels; c++)
    for (let s = 0; s < count; s++)
      for (let p = 0; p < pixels; p++)
        to[(c * stride + s) * pixels + p] = x[(first + s) * inputs + p * channels + c] as number;
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
  const values = valuesPerSample(spec);
  const features = values.reduce((sum, size) => sum + size, 0);
  // z and a; behind the activation also f(z). Images are pooled, too, and a norm may see them in another order.
  const copies = spec.images !== undefined ? 6 : spec.normalization?.position === "after" ? 3 : 2;
  const matrices = (copies * features + 2 * Math.max(...values)) * together;
  const points = (trainingSamples + evaluationSamples + observedSamples) * ((values[0] as number) + 1);
  // Value, gradient, transposed, and for some the optimizer's state and a normalized kernel.
  const each = 4 + optimizerOf(spec.optimization ?? {}).slots.length;
  const kernels = each * kernelEntries(spec);
  return bytesOf(2 * features * (samples + CHUNK) + matrices + points + kernels);
}

/** The same for the net that takes all `samples` as one batch, forward only. */
export function fusedStatisticsBytes(spec: ArmTask["spec"], samples: number): number {
  const values = valuesPerSample(spec);
  // A net of images keeps what it computes of every layer.
  const kept = spec.images === undefined ? 3 * Math.max(...values) : 4 * values.reduce((sum, size) => sum + size, 0);
  return bytesOf((kept + (values[0] as number)) * (samples + CHUNK));
}

/** Values of a sample in the input, then in what every weighted layer makes of it. */
export function valuesPerSample(network: Pick<ArmTask["spec"], "sizes" | "images">): number[] {
  const { channels, pixels } = inputForm(network);
  return [channels * pixels, ...stagesOf(network).map(({ to }) => to.channels * pixelsOf(to))];
}

/** Entries of all kernels. */
export function kernelEntries(network: Pick<ArmTask["spec"], "sizes" | "images">): number {
  const entries = stagesOf(network).map((stage) => kernelShape(stage).reduce((product, size) => product * size, 1));
  return entries.reduce((sum, count) => sum + count, 0);
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
    (size) =>
      t`the fused engine has 4 GB for an arm, and sizes [${spec.sizes.join(", ")}] with passes of ${samples} samples need ${size}: take a smaller batch or fewer evaluation points`,
  );
}

export function requireStatisticsMemory(spec: ArmTask["spec"], samples: number): void {
  requireAddressed(
    fusedStatisticsBytes(spec, samples),
    (size) =>
      t`the fused engine has 4 GB for statistics, and sizes [${spec.sizes.join(", ")}] with ${samples} samples as one batch need ${size}: take fewer samples`,
  );
}

/** Of that many float32; rows in chunks have a little room between them. */
function bytesOf(floats: number): number {
  return 1.05 * FLOAT * floats;
}

function requireAddressed(bytes: number, fault: (size: string) => string): void {
  if (bytes > ADDRESSED) throw usageError(fault(`${(bytes / 1e9).toFixed(1)} GB`));
}
