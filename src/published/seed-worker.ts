import "../text/spoken.js";
import type { CompleteSettings } from "../config/keys.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { type LoadedEngine, loadEngine } from "../engines/registry.js";
import { ExpectedError } from "../errors.js";
import { serve } from "../experiment/serve.js";
import { networksOf } from "./networks.js";
import { type StatisticName, statistics } from "./statistics.js";

/** Some seeds of one configuration, and everything that is measured on it: the networks are drawn once. */
export interface SeedJob {
  readonly engine: EngineName;
  readonly backend?: BackendName;
  readonly settings: CompleteSettings;
  readonly seeds: readonly number[];
  readonly measured: readonly { readonly statistic: StatisticName; readonly parameters: unknown }[];
}

/** An answer, or the expected error that stands in its place: classes do not survive the way back. */
export type SeedAnswer =
  | {
      /** `[measured][seed]`. */
      readonly values: readonly (readonly unknown[])[];
      /** Of computing. */
      readonly seconds: number;
    }
  | { readonly failed: readonly string[]; readonly exitCode: ExpectedError["exitCode"] };

let loaded: Promise<LoadedEngine> | undefined;

async function work({ engine, backend, settings, seeds, measured }: SeedJob): Promise<SeedAnswer> {
  try {
    loaded ??= loadEngine(engine, backend);
    const { engine: ready } = await loaded;
    const started = performance.now();
    const perSeed = seeds.map((seed) => {
      const networks = networksOf(settings, seed, ready);
      return measured.map(({ statistic, parameters }) => statistics[statistic].measure(networks, parameters));
    });
    const values = measured.map((_, i) => perSeed.map((ofSeed) => ofSeed[i]));
    return { values, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (error instanceof ExpectedError) return { failed: error.lines, exitCode: error.exitCode };
    throw error;
  }
}

serve(work);
