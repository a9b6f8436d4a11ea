import { existsSync } from "node:fs";
import { join } from "node:path";
import { BASELINE_FILE, differingKeys } from "../check/baseline.js";
import { readBaseline, writeBaseline } from "../check/baseline-files.js";
import type { FoundExperiment } from "../check/find-experiments.js";
import { prepareCheck } from "../check/prepare-check.js";
import { makeBaseline } from "../check/update.js";
import { ExpectedError, usageError } from "../errors.js";
import { runExperiment } from "../experiment/run.js";
import { withWorkers } from "../experiment/workers.js";
import type { Io } from "../output/terminal.js";
import { type Baseline, baselineSchema } from "../record/baseline.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";

/** A baseline holds this many times the experiment's seeds, for checks that need more to decide. */
const RESERVE = 2;

/** `bn-compare check --update`: runs the experiment, writes its baseline, and prints what changed. */
export async function updateBaseline(
  found: FoundExperiment,
  flags: Readonly<Record<string, unknown>>,
  force: boolean,
  { terminal, env, signal }: Io,
): Promise<void> {
  if (isCi(env) && !force) {
    throw usageError(
      t`check --update refuses to run in CI, where the baseline would accept every change it should guard against; run it where a person reviews the change, or give --force`,
    );
  }
  const { experiment: own, settings, workers: count } = prepareCheck(found, flags);
  const { folder, name } = found;
  const seeds = withReserve(own.seeds, settings.maxSeeds);
  const experiment = { ...own, seeds };
  const made = await withWorkers(experiment, { workers: count, notice: terminal.note, signal }, async (workers) => {
    const finished = await runExperiment({ ...experiment, saveWeights: true, roundingProbe: 0 }, workers, { signal });
    requireFinals(finished.result, name);
    return makeBaseline(own, seeds, finished, workers);
  });
  // As a reader will see it, so that it can be compared with the one that it replaces.
  const baseline = baselineSchema.parse(made.baseline);
  const previous = previousBaseline(folder);
  for (const notice of await writeBaseline(folder, { ...made, baseline }, signal)) terminal.note(notice);
  terminal.say(`${join(folder, BASELINE_FILE)}:`);
  for (const line of changes(previous, baseline)) terminal.say(`  ${line}`);
}

function isCi({ CI }: Io["env"]): boolean {
  return CI !== undefined && CI !== "" && CI !== "false" && CI !== "0";
}

/** The experiment's seeds and the numbers that follow the largest, until there are enough. */
function withReserve(seeds: readonly number[], most = RESERVE * seeds.length): number[] {
  const all = [...seeds];
  for (let next = Math.max(...seeds) + 1; all.length < most; next++) all.push(next);
  return all;
}

/** A cost that is not finite can be compared with nothing. */
function requireFinals({ seeds }: Result, name: string): void {
  for (const { seed, arms } of seeds) {
    for (const [arm, end] of Object.entries(arms)) {
      if (end.status === "trained" && typeof end.final.inference !== "number") {
        throw usageError(
          t`${name}: ${arm}'s final cost in inference mode is ${end.final.inference} for seed ${seed}; no baseline was written, since nothing could be compared with that`,
        );
      }
    }
  }
}

/** The baseline that is being replaced, if a sound one is there. */
function previousBaseline(folder: string): Baseline | undefined {
  if (!existsSync(join(folder, BASELINE_FILE))) return undefined;
  try {
    return readBaseline(folder).baseline;
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}

/** What a person should see before committing it. */
function changes(previous: Baseline | undefined, baseline: Baseline): string[] {
  const arms = Object.keys(baseline.costs);
  const now = (arm: string) => meansText(baseline, arm);
  if (previous === undefined) return [t`new baseline`, ...arms.map((arm) => `${arm}: ${now(arm)}`)];
  const lines = [
    ...differingKeys(previous.config, baseline.config),
    ...(JSON.stringify(previous.engine) === JSON.stringify(baseline.engine)
      ? []
      : [
          t`engine: ${previous.engine.name} (${previous.engine.backend}) before, now ${baseline.engine.name} (${baseline.engine.backend})`,
        ]),
    ...arms.flatMap((arm) => {
      const before = !Object.hasOwn(previous.costs, arm) ? t`absent` : meansText(previous, arm);
      return before === now(arm) ? [] : [t`${arm}: ${before} before, now ${now(arm)}`];
    }),
  ];
  if (contentOf(previous) === contentOf(baseline)) return [t`nothing changed`];
  return lines.length > 0 ? lines : [t`the same costs; other digests or recorded states`];
}

/** Of the tensors' file the hash: an earlier version named it otherwise. */
function contentOf({ recordedStates: { file: _, ...recordedStates }, ...baseline }: Baseline): string {
  return JSON.stringify({ ...baseline, recordedStates });
}

/** "86.7 (train), 90.4 (inference) over 20 seeds; 3 diverge". */
function meansText({ seeds }: Baseline, arm: string): string {
  const finals = seeds.map((seed) => ownEntry(seed.arms, arm));
  const trained = finals.flatMap((final) => (final?.status === "trained" ? [final.final] : []));
  const mean = (mode: "train" | "inference") =>
    numberText(trained.reduce((sum, final) => sum + final[mode], 0) / trained.length);
  const lost = finals.length - trained.length;
  const costs =
    trained.length === 0
      ? ""
      : t`mean final cost ${mean("train")} (train), ${mean("inference")} (inference) over ${trained.length} seeds`;
  const diverged = lost === 0 ? "" : t`${lost} of ${finals.length} seeds diverge`;
  return [costs, diverged].filter((text) => text !== "").join("; ");
}
