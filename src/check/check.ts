import { join } from "node:path";
import type { CheckSettings } from "../config/keys.js";
import type { EngineInfo } from "../engines/engine.js";
import { usageError } from "../errors.js";
import type { ArmRunner } from "../experiment/arm.js";
import type { RunDigests } from "../experiment/digests.js";
import type { Experiment } from "../experiment/prepare.js";
import type { Result, RoundingProbe } from "../experiment/result.js";
import { type FinishedRun, type RunEvents, runExperiment } from "../experiment/run.js";
import { BASELINE_FILE, type Baseline, comparableConfig, configHash, differingKeys } from "./baseline.js";
import type { ReadBaseline } from "./baseline-files.js";
import { type Cause, causeOf, type Location, locate } from "./cause.js";
import { type Decision, decide, decideDivergence, decideSteps, type Finals, type Outcome, worstOf } from "./decide.js";
import { finalsOf } from "./finals.js";
import { type Gate, gatesOf } from "./gates.js";
import { plannedLooks } from "./interval.js";
import { measure } from "./quantities.js";

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
  /** What else a reader should know. */
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
  runner: ArmRunner,
  events: RunEvents = {},
): Promise<{ report: CheckReport; finished: FinishedRun }> {
  const { experiment, read, name, folder } = checked;
  const { baseline } = read;
  requireSameConfig(checked);
  const gates = gatesOf(checked.settings, experiment, baseline);
  const recorded = baseline.seeds.map(({ seed }) => seed);
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
  const decideAll = (seeds: readonly number[]): Decision[] => {
    const finals = compare(seeds);
    return [
      ...Object.keys(experiment.arms).map((arm) => decideDivergence(arm, finals)),
      ...gates.map(({ quantity, tolerance }) => {
        const rounding = widened ? roundingOf({ quantity, tolerance }, finished.result.roundingProbe, finals) : 0;
        return decide(quantity, tolerance, finals, { confidence, rounding });
      }),
    ];
  };

  let seeds = [...experiment.seeds];
  let decisions = identical ? identicalDecisions(experiment, gates, compare(seeds)) : decideAll(seeds);
  for (const look of looks.slice(1)) {
    if (identical || worstOf(decisions.map(({ outcome }) => outcome)) !== "inconclusive") break;
    const more = recorded.slice(seeds.length, look);
    results.push((await runExperiment({ ...experiment, seeds: more, roundingProbe: 0 }, runner, events)).result);
    seeds = [...seeds, ...more];
    decisions = decideAll(seeds);
  }
  if (widened && !identical) notes.push("intervals are widened by the spread that rounding alone gives on this engine");

  const layers = (Object.values(experiment.arms)[0]?.spec.sizes.length ?? 2) - 1;
  const location = identical ? undefined : locate(baseline, finished.digests as RunDigests | undefined, layers);
  const cause = identical ? undefined : (await causeOf(experiment, read, runner.info)).cause;
  if (checked.settings.steps !== "note") decisions = [...decisions, decideSteps(cause)];
  return {
    finished,
    report: {
      experiment: name,
      folder,
      outcome: worstOf(decisions.map(({ outcome }) => outcome)),
      identical,
      decisions,
      seeds: seeds.length,
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
    throw usageError(
      [
        `${read.file} is of another configuration:`,
        ...keys,
        `write a new one with: bn-compare check --update ${folder}`,
      ].join("\n"),
    );
  }
  const recorded = new Set(read.baseline.seeds.map(({ seed }) => seed));
  const missing = experiment.seeds.filter((seed) => !recorded.has(seed));
  if (missing.length > 0) {
    throw usageError(
      `${join(folder, BASELINE_FILE)} lacks seed ${missing.join(", ")}; write a new one with: bn-compare check --update ${folder}`,
    );
  }
}

function mostSeeds({ experiment, maxSeeds, folder }: Checked, recorded: number): number {
  if (maxSeeds === undefined || maxSeeds <= experiment.seeds.length) return experiment.seeds.length;
  if (maxSeeds <= recorded) return maxSeeds;
  throw usageError(
    `--max-seeds ${maxSeeds}: the baseline holds ${recorded} seeds; give at most that, or raise check.maxSeeds in the experiment and run: bn-compare check --update ${folder}`,
  );
}

/** The finals of every seed, the first seed's curves, and its state after every update. */
function isIdentical(baseline: Baseline, { result, digests }: FinishedRun, seeds: readonly number[]): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const finals = seeds.every((seed) =>
    same(
      withoutGrowth(baseline.seeds.find((entry) => entry.seed === seed)?.arms),
      withoutGrowth(finalsOf(result, seed)),
    ),
  );
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
    ([arm, { tensors }]) => JSON.stringify(tensors) === JSON.stringify(current[arm]?.tensors),
  );
}

/** A divergence's growth is what was seen before it, not part of what happened. */
function withoutGrowth(arms: object | undefined): unknown {
  return JSON.parse(JSON.stringify(arms ?? null, (key, value) => (key === "growth" ? undefined : value)));
}

/** Validity comes first: identical to a value that is none is no pass. */
function identicalDecisions(experiment: Experiment, gates: readonly Gate[], finals: readonly Finals[]): Decision[] {
  const divergences = Object.keys(experiment.arms).map((arm) => decideDivergence(arm, finals));
  const decisions = gates.map(({ quantity, tolerance }): Decision => {
    const decision = decide(quantity, tolerance, finals, { confidence: 0.95, rounding: 0 });
    const measured = finals.every(({ current }) => "value" in measure(quantity, current));
    return measured ? { ...decision, outcome: "pass", message: "identical" } : decision;
  });
  return [...divergences, ...decisions];
}

function curvesOf({ arms }: Result): Baseline["costs"] {
  return Object.fromEntries(Object.entries(arms).map(([name, { costs }]) => [name, costs]));
}

/** The standard deviation that rounding alone gives a quantity of the first seed, in the quantity's unit. */
function roundingOf({ quantity }: Gate, probe: RoundingProbe | undefined, [first]: readonly Finals[]): number {
  if (probe === undefined || first === undefined) return 0;
  const values = Array.from({ length: probe.repeats }, (_, i) => {
    const finals = Object.entries(probe.arms).map(([arm, { finals }]) => {
      const final = finals[i];
      return [arm, final === undefined ? first.current[arm] : { status: "trained" as const, final }];
    });
    return measure(quantity, Object.fromEntries(finals));
  }).flatMap((measured) => ("value" in measured ? [measured.value] : []));
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1));
}
