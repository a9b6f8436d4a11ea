import { randomStream } from "../data/streams.js";
import { quartiles } from "../metrics/quantiles.js";
import type { Tensor, TensorMap } from "../model/tensors.js";
import type { RoundingProbe, SeedArm } from "../record/arms.js";

/**
 * The weights with every entry of every kernel moved by one unit in the last place, up or down at random: what another
 * order of the same sums may do in a single step. `repeat` counts from 1 and names the random stream.
 */
export function nudged(weights: TensorMap, seed: number, repeat: number): TensorMap {
  const { uniform } = randomStream(seed, `rounding probe/${repeat}`);
  const nudge = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    if (!name.endsWith(".kernel")) return [name, { shape, data }];
    const moved = Float32Array.from(data);
    const words = new Uint32Array(moved.buffer);
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as number;
      const up = uniform() < 0.5;
      // The words of floats of one sign are in the order of their size; 0 moves to the smallest number of either sign.
      if (word << 1 === 0) words[i] = up ? 1 : 0x80000001;
      else words[i] = up ? word + 1 : word - 1;
    }
    return [name, { shape, data: moved }];
  };
  return new Map([...weights].map(nudge));
}

/** The spread of each arm's costs over its repeats. A repeat that diverged is counted, and in the spread as long as it lasted. */
export function spreadOf(repeats: Readonly<Record<string, readonly SeedArm[]>>): RoundingProbe["arms"] {
  return Object.fromEntries(
    Object.entries(repeats).map(([name, arms]) => {
      const trained = arms.filter((arm) => arm.status === "trained");
      const updates = [...new Set(arms.flatMap(({ costs }) => costs.map(({ update }) => update)))].sort(
        (a, b) => a - b,
      );
      const costs = updates.flatMap((update) => {
        const here = arms.flatMap((arm) => arm.costs.filter((entry) => entry.update === update));
        const train = spread(here.map((entry) => entry.train));
        const inference = spread(here.map((entry) => entry.inference));
        return train === undefined ? [] : [{ update, train, ...(inference === undefined ? {} : { inference }) }];
      });
      return [name, { diverged: arms.length - trained.length, costs, finals: trained.map(({ final }) => final) }];
    }),
  );
}

function spread(values: readonly unknown[]): { low: number; median: number; high: number } | undefined {
  const finite = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const middle = quartiles(finite)?.median;
  const [low, high] = [finite[0], finite.at(-1)];
  return middle === undefined || low === undefined || high === undefined ? undefined : { low, median: middle, high };
}
