import type { Networks, Trial } from "./networks.js";
import type { Measured } from "./statistic.js";

/** A grid of learning rates, 10 to the `from` … 10 to the `to`. */
export interface RateGrid {
  readonly from: number;
  readonly to: number;
  readonly perDecade: number;
}

/** Decimal exponents of the rates, ascending. */
export function exponentsOf({ from, to, perDecade }: RateGrid): number[] {
  const steps = Math.floor((to - from) * perDecade + 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => from + i / perDecade);
}

/** What one seed's two arms do at every rate of the grid. */
export interface RateTrials {
  readonly control: readonly Trial[];
  readonly treated: readonly Trial[];
}

export function tryRates(networks: Networks, arms: { control: string; treated: string }, grid: RateGrid): RateTrials {
  // Rounded: a power's last bits are left to the machine.
  const rates = exponentsOf(grid).map((exponent) => Number((10 ** exponent).toPrecision(6)));
  const along = (arm: string) => rates.map((rate) => networks.train(arm, rate));
  return { control: along(arms.control), treated: along(arms.treated) };
}

/** The exponent of the largest rate at which every seed ends below its initial cost; undefined where there is none. */
export function largestExponent(seeds: readonly (readonly Trial[])[], grid: RateGrid): number | undefined {
  return exponentsOf(grid).findLast((_, rate) => seeds.every((trials) => endsBelow(trials[rate] as Trial)));
}

export function endsBelow({ start, end }: Trial): boolean {
  return end !== "diverged" && end < start;
}

/** log₁₀ of the treated arm's largest rate over the control's; the range is that of single seeds. */
export function rateRatio(seeds: readonly RateTrials[], grid: RateGrid): Measured {
  const ratioOf = (some: readonly RateTrials[]) => {
    const control = largestExponent(
      some.map((seed) => seed.control),
      grid,
    );
    const treated = largestExponent(
      some.map((seed) => seed.treated),
      grid,
    );
    return control === undefined || treated === undefined ? undefined : treated - control;
  };
  const value = ratioOf(seeds);
  if (value === undefined)
    return { method: "none", reason: "at no rate of the grid do all seeds end below their start" };
  const single = seeds.map((seed) => ratioOf([seed])).filter((ratio) => ratio !== undefined);
  return { value, low: Math.min(...single), high: Math.max(...single), method: "range" };
}

/** How every arm fares at every rate: what the picture shows. */
export interface RateMap {
  readonly exponents: readonly number[];
  readonly seeds: number;
  readonly rows: readonly RateRow[];
}

export interface RateRow {
  /** What both arms have in common. */
  readonly configuration: string;
  readonly arm: "plain" | "bn";
  /** One a rate: how many seeds end below their initial cost, and how many diverge. */
  readonly cells: readonly { readonly below: number; readonly diverged: number }[];
  /** The exponent of the largest rate at which all seeds end below. */
  readonly largest?: number;
  /** The lowest median over the seeds of the final cost, of all rates. */
  readonly lowestCost: number;
}

export function rateMap(
  pairs: readonly { readonly configuration: string; readonly seeds: readonly RateTrials[] }[],
  grid: RateGrid,
): RateMap {
  const exponents = exponentsOf(grid);
  const rowOf = (configuration: string, arm: RateRow["arm"], seeds: readonly (readonly Trial[])[]): RateRow => {
    const columns = exponents.map((_, rate) => seeds.map((trials) => trials[rate] as Trial));
    const largest = largestExponent(seeds, grid);
    return {
      configuration,
      arm,
      cells: columns.map((trials) => ({
        below: trials.filter(endsBelow).length,
        diverged: trials.filter(({ end }) => end === "diverged").length,
      })),
      ...(largest === undefined ? {} : { largest }),
      lowestCost: Math.min(...columns.map(medianCost)),
    };
  };
  return {
    exponents,
    seeds: pairs[0]?.seeds.length ?? 0,
    rows: pairs.flatMap(({ configuration, seeds }) => [
      rowOf(
        configuration,
        "plain",
        seeds.map(({ control }) => control),
      ),
      rowOf(
        configuration,
        "bn",
        seeds.map(({ treated }) => treated),
      ),
    ]),
  };
}

/** Of the final costs; a diverged arm's is above all others. */
function medianCost(trials: readonly Trial[]): number {
  const costs = trials.map(({ end }) => (end === "diverged" ? Number.POSITIVE_INFINITY : end)).sort((a, b) => a - b);
  return costs[Math.floor((costs.length - 1) / 2)] as number;
}
