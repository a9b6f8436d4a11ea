import type { ActivationName } from "../model/activations.js";
import type { Transform } from "../model/network.js";

/** An address in the kernel's memory, in bytes. */
export type Address = number;

/** The functions of `src/kernel/index.ts` that the engine calls; a kernel's tests call more. Booleans are 0 or 1. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): Address;
  createNet(depth: number, activation: number): Address;
  setNormalization(
    net: Address,
    input: number,
    hidden: number,
    after: number,
    affine: number,
    transform: number,
    ghostBatchSize: number,
  ): void;
  setNormalizer(
    net: Address,
    normalizer: number,
    groups: number,
    renormMax: number,
    renormShift: number,
    frozenFrom: number,
  ): void;
  setObjective(
    net: Address,
    loss: number,
    optimizer: number,
    beta1: number,
    beta2: number,
    weightDecay: number,
    decayNorms: number,
  ): void;
  setAccumulation(net: Address, accumulate: number): void;
  buildNet(net: Address, sizes: Address, capacity: number, forwardOnly: number): void;
  buildImages(
    net: Address,
    table: Address,
    count: number,
    channels: number,
    pixels: number,
    parameters: number,
    moving: number,
    capacity: number,
    forwardOnly: number,
  ): void;
  configure(net: Address, rate: number, epsilon: number, decay: number, debias: number, update: number): void;
  setTraining(net: Address, x: Address, y: Address, samples: number, batchSize: number): void;
  advance(net: Address, target: number): number;
  hasDiverged(net: Address): number;
  updateOf(net: Address): number;
  cost(net: Address, x: Address, xRow: number, y: Address, samples: number, mode: number): number;
  correctOf(net: Address): number;
  gradientPass(net: Address, x: Address, xRow: number, y: Address, samples: number, batch: number): number;
  observePass(net: Address, x: Address, xRow: number, y: Address, samples: number, batch: number): number;
  statisticsPass(net: Address, x: Address, xRow: number, samples: number, population: number): void;
  setPopulation(net: Address, norm: number, feature: number, mean: number, variance: number): void;
  predict(net: Address, x: Address, xRow: number, samples: number, out: Address, outRow: number): void;
  parametersOf(net: Address): Address;
  gradientsOf(net: Address): Address;
  movingOf(net: Address): Address;
  slotsOf(net: Address): Address;
  slotBytesOf(net: Address): number;
  movedMean(net: Address, norm: number, batch: number, feature: number): number;
  movedVariance(net: Address, norm: number, batch: number, feature: number): number;
  movingDivisor(net: Address): number;
  batchMean(net: Address, norm: number, feature: number): number;
  batchVariance(net: Address, norm: number, feature: number): number;
  seenPreActivation(net: Address, layer: number): Address;
  seenInput(net: Address, layer: number): Address;
  gradientSquares(net: Address, layer: number): number;
}

/** The kernel's numbers, `src/kernel/activations.ts`; an activation that is not here runs on the other engines. */
export const ACTIVATION_NUMBERS: Readonly<Partial<Record<ActivationName, number>>> = {
  relu: 0,
  "leaky-relu": 1,
  elu: 2,
  selu: 3,
  gelu: 4,
  silu: 5,
  softplus: 6,
  tanh: 7,
  sigmoid: 8,
  identity: 9,
};

/** The kernel's numbers, `src/kernel/network.ts`. */
export const TRANSFORM_NUMBERS: Readonly<Record<Transform, number>> = { standardize: 0, center: 1, scale: 2 };

/** The kernel's numbers of what a cost is computed with, `src/kernel/network.ts`. */
export const MODE_NUMBERS = { training: 0, inference: 1, recalibrated: 2 } as const;

/** The kernel's numbers of a step, `src/kernel/images.ts`. */
export const STEP_NUMBERS = { product: 0, norm: 1, activation: 2, max: 3, mean: 4, flatten: 5 } as const;

/** A kernel with a memory of its own. Synchronous: the module is compiled already. */
export function instantiateKernel(module: WebAssembly.Module): Kernel {
  return new WebAssembly.Instance(module).exports as unknown as Kernel;
}

/** `count` float32 at `address`. Valid until the kernel allocates: growing the memory detaches every view. */
export function floats(kernel: Kernel, address: Address, count: number): Float32Array {
  return new Float32Array(kernel.memory.buffer, address, count);
}
