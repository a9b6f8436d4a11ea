import { byteDigest } from "../data/digest.js";
import type { EngineInfo } from "../engines/engine.js";
import type { Experiment } from "../experiment/prepare.js";
import type { FinishedRun } from "../experiment/run.js";
import type { Stepper } from "../experiment/step.js";
import { writeSafetensors } from "../model/safetensors.js";
import type { Tensor } from "../model/tensors.js";
import { BASELINE_VERSION, type Baseline } from "../record/baseline.js";
import { ownEntry } from "../record/own-entry.js";
import { t } from "../text/language.js";
import { comparableConfig, configHash, statesFile } from "./baseline.js";
import { curvesOf, finalsOf } from "./finals.js";
import { stateName, taskFrom } from "./recorded-states.js";

/** Hex digits of digests that a baseline holds, about; longer runs keep every second, third, … update. */
const DIGEST_BUDGET = 400_000;
/** Up to here every update's digests are kept. */
const FIRST_UPDATES = 10;

/** A baseline's two files. Throws where the run holds a value that no later run could be compared with. */
export async function makeBaseline(
  experiment: Experiment,
  seeds: readonly number[],
  finished: FinishedRun,
  { info, step }: { readonly info: EngineInfo; readonly step: Stepper },
): Promise<{ baseline: Baseline; recordedStates: Uint8Array }> {
  const { result } = finished;
  const config = comparableConfig(experiment);
  const { tensors, costs } = await statesOf(experiment, finished, step);
  const recordedStates = writeSafetensors(tensors, {
    content: t`states of the first seed at its checkpoints, and one update later`,
  });
  const sha256 = byteDigest(recordedStates);
  return {
    recordedStates,
    baseline: {
      baselineVersion: BASELINE_VERSION,
      configHash: configHash(config),
      config,
      engine: { ...result.engine, reproducible: info.reproducible },
      environment: currentEnvironment(),
      seeds: seeds.map((seed) => ({ seed, arms: finalsOf(result, seed) as Baseline["seeds"][number]["arms"] })),
      costs: curvesOf(result),
      digests: thinned(finished),
      recordedStates: { file: statesFile(sha256), sha256, costs },
    },
  };
}

export function currentEnvironment(): Baseline["environment"] {
  return { node: process.version, platform: process.platform, arch: process.arch };
}

async function statesOf(experiment: Experiment, { saved }: FinishedRun, step: Stepper) {
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const tensors = new Map<string, Tensor>();
  const costs: Baseline["recordedStates"]["costs"] = {};
  for (const { arm, update, tensors: state } of saved) {
    const plan = ownEntry(experiment.arms, arm);
    // Nothing follows the last update, and nothing can from a state that diverged.
    if (plan === undefined || update >= experiment.schedule.updates) continue;
    const { train, inference, next } = await step(taskFrom(plan, drawn, experiment, { update, tensors: state }));
    if (!Number.isFinite(train) || !holdsFinite(next)) continue;
    const name = stateName(arm, update);
    costs[name] = { train, inference: inference !== null && Number.isFinite(inference) ? inference : null };
    for (const [tensor, value] of state) tensors.set(`${name}/${tensor}`, asFloat32(value));
    for (const [tensor, value] of next) tensors.set(`${name}+1/${tensor}`, asFloat32(value));
  }
  return { tensors, costs };
}

function holdsFinite(tensors: ReadonlyMap<string, Tensor>): boolean {
  return [...tensors.values()].every(({ data }) => data.every((value) => Number.isFinite(value)));
}

function asFloat32({ shape, data }: Tensor): Tensor {
  return { shape, data: Float32Array.from(data) };
}

function thinned({ digests = {} }: FinishedRun): Baseline["digests"] {
  const digits = Object.values(digests).reduce(
    (sum, { tensors, updates }) => sum + 8 * tensors.length * updates.length,
    0,
  );
  const every = Math.ceil(digits / DIGEST_BUDGET);
  return Object.fromEntries(
    Object.entries(digests).map(([arm, { tensors, updates }]) => [
      arm,
      {
        tensors: [...tensors],
        updates: updates
          .filter(([update], i) => update <= FIRST_UPDATES || update % every === 0 || i === updates.length - 1)
          .map(([update, digest]) => [update, digest] as [number, string]),
      },
    ]),
  );
}
