import { join } from "node:path";
import type { CheckSettings } from "../config/keys.js";
import type { EngineInfo } from "../engines/engine.js";
import { usageError } from "../errors.js";
import type { ArmRunner } from "../experiment/arm.js";
import type { Experiment } from "../experiment/prepare.js";
import { type FinishedRun, type RunEvents, runExperiment } from "../experiment/run.js";
import type { Stepper } from "../experiment/step.js";
import type { RoundingProbe } from "../record/arms.js";
import type { Baseline } from "../record/baseline.js";
import type { RunDigests } from "../record/digests.js";
import { ownEntry } from "../record/own-entry.js";
import { t } from "../text/language.js";
import { BASELINE_FILE, comparableConfig, configHash, differingKeys } from "./baseline.js";
import type { ReadBaseline } from "./baseline-files.js";
import { type Cause, causeOf, type Location, locate } from "./cause.js";
import { type Decision, decideSteps, type Outcome, worstOf } from "./decide.js";
import { curvesOf, finalsOf } from "./finals.js";
import { requireFittingStates } from "./fitting-states.js";
import { type Gate, gatesOf } from "./gates.js";
import { plannedLooks } from "./interval.js";
import { decideGates, identicalDecisions, lookInTurn } from "./looks.js";
import { type Finals, measure, type Quantity } from "./quantities.js";

/** Repeats by which the spread of rounding is measured where an engine's bits differ between machines. */
const PROBE_REPEATS = 4;

/** One experiment's answer. */
export interface CheckReport {
  readonly experiment: string;
  readonly folder: string;
  readonly outcome: Outcome;
  /** The same bytes as the baseline. */
  readonly identical: boolean;
  readonly decisions: readonly Decision[];
  /** Seeds compared, and those at which the gate was planned to look. */
  readonly seeds: number;
  readonly looks: readonly number[];
  readonly engine: Pick<EngineInfo, "name" | "backend">;
  readonly location?: Location;
  readonly cause?: Cause;
  /** Anything else that a reader should know. */
  readonly notes: readonly string[];
  /** The first seed's curves, for pictures and tables. */
  readonly costs: { readonly baseline: Baseline["costs"]; readonly current: Baseline["costs"] };
}

/** An experiment with what it is compared with. */
export interface Checked {
  readonly name: string;
  readonly folder: string;
  readonly experiment: Experiment;
  readonly settings: CheckSettings;
  readonly read: ReadBaseline;
  /** Run more seeds while nothing is decided, up to this many. */
  readonly maxSeeds?: number;
}

/** Runs an experiment and compares it with its baseline. Throws a usage error where the two cannot be compared. */
export async function checkExperiment(
  checked: Checked,
  runner: ArmRunner & { readonly step: Stepper },
  events: RunEvents = {},
): Promise<{ report: CheckReport; finished: FinishedRun }> {
  const { experiment, read, name, folder } = checked;
  const { baseline } = read;
  requireSameConfig(checked);
  requireFittingStates(experiment, read, folder);
  const gates = gatesOf(checked.settings, experiment, baseline);
  const reserve = baseline.seeds.map(({ seed }) => seed).filter((seed) => !experiment.seeds.includes(seed));
  const recorded = [...experiment.seeds, ...reserve];
  const { looks, confidence } = plannedLooks(experiment.seeds.length, mostSeeds(checked, recorded.length));

  const widened = runner.info.reproducible !== "everywhere" || runner.info.name !== baseline.engine.name;
  const first = widened ? { ...experiment, roundingProbe: PROBE_REPEATS } : experiment;
  const finished = await runExperiment(first, runner, events);
  const results = [finished.result];
  const notes: string[] = [];

  const identical = isIdentical(baseline, finished, experiment.seeds);
  const compare = (seeds: readonly number[]): Finals[] =>
    seeds.map((seed) => ({
      seed,
      baseline: baseline.seeds.find((entry) => entry.seed === seed)?.arms ?? {},
      current: finalsOf({ seeds: results.flatMap((result) => result.seeds) }, seed),
    }));
  const arms = Object.keys(experiment.arms);
  const decideAt = async (count: number): Promise<Decision[]> => {
    const have = results.flatMap(({ seeds }) => seeds).length;
    if (count > have) {
      const more = { ...experiment, seeds: recorded.slice(have, count), roundingProbe: 0 };
      results.push((await runExperiment(more, runner, events)).result);
    }
    const finals = compare(recorded.slice(0, count));
    const roundingOf = ({ quantity }: Gate) =>
      widened ? roundingSpread(quantity, finished.result.roundingProbe, finals) : 0;
    return decideGates(arms, gates, finals, { confidence, roundingOf });
  };
  const own = compare(experiment.seeds);
  const { decisions, seeds } = identical
    ? { decisions: identicalDecisions(arms, gates, own), seeds: own.length }
    : await lookInTurn(looks, decideAt);
  if (widened && !identical)
    notes.push(t`intervals are widened by the spread that rounding alone gives on this engine`);
  if (gates.length === 0) notes.push(t`no cost is gated: add gates under check.gates in the experiment`);

  const layers = (Object.values(experiment.arms)[0]?.spec.sizes.length ?? 2) - 1;
  const location = identical ? undefined : locate(baseline, finished.digests, layers);
  const statesKnown = finished.digests !== undefined && Object.keys(baseline.digests).length > 0;
  const found = { info: runner.info, step: runner.step, location, ...(statesKnown ? { finals: own } : {}) };
  const cause = identical ? undefined : await causeOf(experiment, read, found);
  if (checked.settings.steps !== "note") decisions.push(decideSteps(cause));
  return {
    finished,
    report: {
      experiment: name,
      folder,
      outcome: worstOf(decisions.map(({ outcome }) => outcome)),
      identical,
      decisions,
      seeds,
      looks,
      engine: { name: runner.info.name, backend: runner.info.backend },
      ...(location === undefined ? {} : { location }),
      ...(cause === undefined ? {} : { cause }),
      notes,
      costs: { baseline: baseline.costs, current: curvesOf(finished.result) },
    },
  };
}

function requireSameConfig({ experiment, folder, read }: Checked): void {
  const config = comparableConfig(experiment);
  if (configHash(config) !== read.baseline.configHash) {
    const keys = differingKeys(read.baseline.config, config).map((line) => `  ${line}`);
    throw usageError([
      t`${read.file} is for another configuration:`,
      ...keys,
      t`write a new one with: bn-compare check --update ${folder}`,
    ]);
  }
  const recorded = new Set(read.baseline.seeds.map(({ seed }) => seed));
  const missing = experiment.seeds.filter((seed) => !recorded.has(seed));
  if (missing.length > 0) {
    throw usageError(
      t`${join(folder, BASELINE_FILE)} lacks seed ${missing.join(", ")}; write a new one with: bn-compare check --update ${folder}`,
    );
  }
}

function mostSeeds({ experiment, maxSeeds, folder }: Checked, recorded: number): number {
  if (maxSeeds === undefined || maxSeeds <= experiment.seeds.length) return experiment.seeds.length;
  if (maxSeeds <= recorded) return maxSeeds;
  throw usageError(
    t`--max-seeds ${maxSeeds}: the baseline holds ${recorded} seeds; give at most that, or raise check.maxSeeds in the experiment and run: bn-compare check --update ${folder}`,
  );
}

/** The finals of every seed, the first seed's curves, and its state after every update. */
function isIdentical(baseline: Baseline, { result, digests }: FinishedRun, seeds: readonly number[]): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const finals = seeds.every((seed) => {
    const before = baseline.seeds.find((entry) => entry.seed === seed)?.arms;
    // A divergence's growth is what was seen before it, not part of what happened; older baselines are not recalibrated.
    const without = JSON.stringify(before ?? null).includes('"recalibrated"') ? ["growth"] : ["growth", "recalibrated"];
    return same(withoutKeys(before, without), withoutKeys(finalsOf(result, seed), without));
  });
  const curves = same(baseline.costs, curvesOf(result));
  const layers = Object.keys(result.arms).length;
  const states =
    Object.keys(baseline.digests).length === 0
      ? digests === undefined
      : digests !== undefined && locate(baseline, digests, layers) === undefined;
  return finals && curves && states && sameTensors(baseline, digests);
}

function sameTensors({ digests }: Baseline, current: RunDigests = {}): boolean {
  return Object.entries(digests).every(
    ([arm, { tensors }]) => JSON.stringify(tensors) === JSON.stringify(ownEntry(current, arm)?.tensors),
  );
}

function withoutKeys(arms: object | undefined, keys: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(arms ?? null, (key, value) => (keys.includes(key) ? undefined : value)));
}

/** The standard deviation that rounding alone gives a quantity of the first seed, in the quantity's unit. */
function roundingSpread(quantity: Quantity, probe: RoundingProbe | undefined, [first]: readonly Finals[]): number {
  if (probe === undefined || first === undefined) return 0;
  const values = Array.from({ length: probe.repeats }, (_, i) => {
    const finals = Object.entries(probe.arms).map(([arm, { finals }]) => {
      const final = finals[i];
      return [arm, final === undefined ? ownEntry(first.current, arm) : { status: "trained" as const, final }];
    });
    return measure(quantity, Object.fromEntries(finals));
  }).flatMap((measured) => ("value" in measured ? [measured.value] : []));
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1));
}
