import { kernelModule } from "../../src/engines/fused-node.js";
import type { Address } from "../../src/engines/kernel-module.js";

/** The kernels that `src/kernel/index.ts` exports for their tests. Row distances are in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): Address;
  rowBytes(samples: number): number;
  product(
    x: Address,
    xRow: number,
    w: Address,
    bias: Address,
    out: Address,
    outRow: number,
    inner: number,
    units: number,
    samples: number,
  ): void;
  transpose(w: Address, out: Address, rows: number, columns: number): void;
  weightGradient(
    a: Address,
    aRow: number,
    d: Address,
    dRow: number,
    out: Address,
    inputs: number,
    units: number,
    samples: number,
  ): void;
  rowSum(z: Address, samples: number): number;
  centeredSums(z: Address, samples: number, mean: number, sums: Address): void;
  normalize(z: Address, out: Address, samples: number, mean: number, scale: number, shift: number): void;
  normalizeRelu(z: Address, out: Address, samples: number, mean: number, scale: number, shift: number): void;
  reluGradientSums(d: Address, a: Address, z: Address, samples: number, mean: number, sums: Address): void;
  gradientSums(d: Address, z: Address, samples: number, mean: number, sums: Address): void;
  normalizeBackward(
    d: Address,
    z: Address,
    samples: number,
    mean: number,
    scale: number,
    meanGradient: number,
    slope: number,
  ): number;
  sumOfSquares(d: Address, samples: number): number;
  activate(kind: number, z: Address, out: Address, samples: number): void;
  activateBackward(kind: number, d: Address, a: Address, z: Address, samples: number): void;
  expRow(x: Address, out: Address, samples: number): void;
  expm1Row(x: Address, out: Address, samples: number): void;
  logRow(x: Address, out: Address, samples: number): void;
  log1pRow(x: Address, out: Address, samples: number): void;
  tanhRow(x: Address, out: Address, samples: number): void;
}

/** Row lengths at which a vector kernel's loops begin, end and leave a rest. */
export const AWKWARD_SIZES: readonly number[] = [...Array.from({ length: 40 }, (_, i) => i + 1), 97, 503, 512, 513];

/** A kernel instance and float arrays in its memory. */
export class Workbench {
  readonly kernels = new WebAssembly.Instance(kernelModule()).exports as unknown as Kernels;
  readonly #base: Address;
  #top: Address;

  /** Reserves `megabytes` at once: views stay valid. */
  constructor(megabytes = 16) {
    this.#base = this.kernels.allocate(megabytes * 2 ** 20);
    this.#top = this.#base;
  }

  /** Frees everything placed so far. */
  reset(): void {
    this.#top = this.#base;
  }

  /** An array of `length` floats, filled with NaN behind `values`: what a kernel must not let into a sum. */
  place(length: number, values: ArrayLike<number> = []): { address: Address; view: Float32Array } {
    const address = this.#top;
    this.#top += (length * 4 + 63) & ~63;
    const view = new Float32Array(this.kernels.memory.buffer, address, length).fill(Number.NaN);
    view.set(values);
    return { address, view };
  }

  /** Rows `[rows][samples]` laid `rowBytes` apart; what lies between them is NaN. */
  placeRows(
    values: Float32Array,
    rows: number,
    samples: number,
    rowBytes: number,
  ): { address: Address; view: Float32Array } {
    const placed = this.place((rows * rowBytes) / 4 + 16);
    for (let r = 0; r < rows; r++) placed.view.set(values.subarray(r * samples, (r + 1) * samples), (r * rowBytes) / 4);
    return placed;
  }
}

/** The floats' bits, with one pattern for every NaN: its bits are not fixed in WebAssembly. */
export function bitsOf(values: ArrayLike<number>): string[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? "NaN" : Object.is(value, -0) ? "-0" : String(value)));
}

/** A sequence of floats in (−range, range), the same everywhere. */
export function pseudoRandom(seed: number, range = 2): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround((state / 2 ** 31 - 1) * range);
  };
}

export function randomFloats(length: number, seed: number, range = 2): Float32Array {
  const next = pseudoRandom(seed, range);
  return Float32Array.from({ length }, next);
}
