import { t } from "../text/language.js";
import type { Networks, Trial } from "./networks.js";
import type { Measured } from "./statistic.js";

/** What one seed's two arms do at every rate of the sweep. */
export interface RateTrials {
  readonly control: readonly Trial[];
  readonly treated: readonly Trial[];
}

export function tryRates(networks: Networks, arms: { control: string; treated: string }): RateTrials {
  const along = (arm: string) => networks.rates.map((rate) => networks.train(arm, rate));
  return { control: along(arms.control), treated: along(arms.treated) };
}

/** The largest rate at which every seed ends below its initial cost; undefined where there is none. */
export function largestRate([first = [], ...others]: readonly (readonly Trial[])[]): number | undefined {
  const usable = first.filter((trial, place) => [trial, ...others.map((trials) => trials[place])].every(endsBelow));
  return usable.length === 0 ? undefined : Math.max(...usable.map(({ rate }) => rate));
}

export function endsBelow(trial: Trial | undefined): boolean {
  return trial !== undefined && trial.end !== "diverged" && trial.end < trial.start;
}

/** log₁₀ of the treated arm's largest rate over the control's; the range is that of single seeds. */
export function rateRatio(seeds: readonly RateTrials[]): Measured {
  const ratioOf = (some: readonly RateTrials[]) => {
    const [control, treated] = (["control", "treated"] as const).map((arm) =>
      largestRate(some.map((seed) => seed[arm])),
    );
    // Rounded: a logarithm's last bits are left to the machine.
    return control === undefined || treated === undefined
      ? undefined
      : Number(Math.log10(treated / control).toPrecision(4));
  };
  const value = ratioOf(seeds);
  if (value === undefined)
    return { method: "none", reason: t`at no rate of the sweep do all seeds end below their start` };
  const single = seeds.map((seed) => ratioOf([seed])).filter((ratio) => ratio !== undefined);
  return { value, low: Math.min(...single), high: Math.max(...single), method: "range" };
}
