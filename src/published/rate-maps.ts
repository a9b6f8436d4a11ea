import type { Claim } from "./claim.js";
import { type RateGrid, type RateMap, type RateTrials, rateMap } from "./learning-rates.js";
import type { Reproduction } from "./reproduction.js";

/** Whether all that the claim measures are ratios of learning rates: then they are drawn as one map. */
export function drawsMap({ numbers }: Claim): boolean {
  return numbers.every(({ statistic }) => statistic === "rateRatio");
}

/** The map of a claim that draws one, and in a line what was trained. */
export function mapOf({ claim, numbers }: Reproduction): { readonly map: RateMap; readonly about: string } {
  const [first] = claim.numbers;
  const { hiddenLayers, width, samples, updates } = first?.settings ?? {};
  const pairs = numbers.map(({ number, values }) => ({ configuration: number.name, seeds: values as RateTrials[] }));
  return {
    map: rateMap(pairs, first?.parameters as RateGrid),
    about: `${hiddenLayers} hidden layers of ${width}, ${samples} points, ${updates} updates with the whole batch, ${claim.seeds.length} seeds a rate; the input is normalized in both arms.`,
  };
}
