import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { naturalLogarithm } from "./logarithm.js";

/** A stream of random numbers. Two streams of one seed with different names have nothing in common. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** A standard normal deviate, the same bits on every machine. */
  normal(): number;
  /** The indices 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array;
}

/**
 * The stream of that name. What is drawn from one never moves another, so a wider network sees the same noise.
 * The generator (xoroshiro128+) starts from the SHA-256 of seed and name; normal deviates are Marsaglia's polar method
 * (Marsaglia & Bray 1964), which needs a logarithm and a square root only.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const digest = createHash("sha256").update(`${seed}/${name}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  let spare: number | undefined;

  const uniform = () => uniformFloat64(generator);

  const normal = (): number => {
    if (spare !== undefined) {
      const deviate = spare;
      spare = undefined;
      return deviate;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * naturalLogarithm(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };

  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = uniformInt(generator, 0, i);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  };

  return { uniform, normal, permutation };
}
