import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Chalk, supportsColor } from "chalk";
import { readBaseline } from "../check/baseline-files.js";
import { type CheckReport, checkExperiment } from "../check/check.js";
import { type Outcome, worstOf } from "../check/decide.js";
import { findExperiments } from "../check/find-experiments.js";
import { prepareCheck } from "../check/prepare-check.js";
import { checkedFlags } from "../config/load.js";
import { EXIT, fileError, usageError } from "../errors.js";
import type { Experiment } from "../experiment/prepare.js";
import type { FinishedRun } from "../experiment/run.js";
import { openWorkers, type Workers } from "../experiment/workers.js";
import { annotations, checkMarkdown } from "../output/check-markdown.js";
import { decisionRows, decisionText, findingLines, OUTCOME_TEXT } from "../output/check-text.js";
import { formatJson } from "../output/json.js";
import { junitOf } from "../output/junit.js";
import { fittingTable } from "../output/table.js";
import { writeWholeFile } from "../output/whole-file.js";
import { excerpt } from "../text/excerpt.js";
import { updateBaseline } from "./check-update.js";

/** Flags of `check`, as commander gives them. */
export interface CheckOptions {
  readonly engine?: string;
  readonly backend?: string;
  readonly workers?: string;
  readonly maxSeeds?: string;
  readonly inconclusive?: string;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly junit?: string;
  readonly markdown?: string;
  readonly artifacts?: string;
}

/** Where pictures of a check go when only a Markdown report was asked for. */
const ARTIFACTS = join("runs", "check");

const EXIT_OF = { pass: EXIT.success, regression: EXIT.regression, inconclusive: EXIT.inconclusive } as const;

/**
 * `bn-compare check [EXPERIMENT…]`: runs experiments and compares them with their baselines. Sets the exit code: 0 pass,
 * 1 regression, 3 inconclusive, of several the one that counts most. Throws where nothing could be compared.
 */
export async function check(patterns: readonly string[], options: CheckOptions, signal: AbortSignal): Promise<void> {
  const { inconclusive = "fail" } = options;
  if (inconclusive !== "fail" && inconclusive !== "warn") {
    throw usageError(`--inconclusive: "${excerpt(inconclusive)}" is not one of fail, warn`);
  }
  const maxSeeds = wholeNumber("--max-seeds", options.maxSeeds);
  const flags = engineFlags(options);
  const found = findExperiments(patterns);
  if (options.update && options.json) {
    throw usageError("check --update says in words what changes; --json is for a check without it");
  }
  if (options.update) {
    for (const experiment of found) await updateBaseline(experiment, flags, { force: options.force ?? false, signal });
    return;
  }

  // All are read before the first is run: what is wrong with the last one should not take the time of the others.
  const prepared = found.map((entry) => ({
    entry,
    ...prepareCheck(entry, flags),
    read: readBaseline(entry.folder),
  }));
  const reports: CheckReport[] = [];
  const say = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`);
  };
  const finishedRuns = new Map<CheckReport, FinishedRun>();
  const pictures = options.artifacts ?? (wantsMarkdown(options) ? ARTIFACTS : undefined);
  for (const { entry, experiment, settings, workers: count, read } of prepared) {
    if (!options.quiet) process.stderr.write(`${entry.name}: running ${experiment.seeds.length} seeds\n`);
    const workers = await workersFor(experiment, count);
    try {
      const checked = {
        ...entry,
        experiment,
        read,
        settings,
        ...(maxSeeds === undefined ? {} : { maxSeeds }),
      };
      const { report, finished } = await checkExperiment(checked, workers, { signal });
      reports.push(report);
      show(report, say);
      if (pictures !== undefined) finishedRuns.set(report, finished);
    } finally {
      await workers.close();
    }
  }
  // Nothing is written before all is known: an interrupted check leaves nothing behind.
  const artefacts = new Map<CheckReport, string[]>();
  for (const [report, finished] of finishedRuns) {
    artefacts.set(report, await drawArtefacts(report, finished, join(pictures ?? ARTIFACTS, report.experiment)));
  }
  await writeReports(reports, options, inconclusive === "warn", (report) => artefacts.get(report) ?? []);
  const outcome = worstOf(reports.map((report) => report.outcome));
  process.exitCode = outcome === "inconclusive" && inconclusive === "warn" ? EXIT.success : EXIT_OF[outcome];
}

function engineFlags({ engine, backend, workers }: CheckOptions): Record<string, unknown> {
  const flags = Object.fromEntries(
    Object.entries({ engine, backend, workers }).filter(([, value]) => value !== undefined),
  );
  checkedFlags(flags);
  return flags;
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw usageError(`${flag}: "${excerpt(text)}" is not a whole number ≥ 1`);
  return number;
}

/** A pool for an experiment's arms. */
export function workersFor({ arms, seeds, engine }: Experiment, workers: number | undefined): Promise<Workers> {
  return openWorkers({
    engine: engine.name,
    jobs: Object.keys(arms).length * seeds.length,
    ...(engine.backend === undefined ? {} : { backend: engine.backend }),
    ...(workers === undefined ? {} : { workers }),
  });
}

function show(report: CheckReport, say: (text: string) => void): void {
  const colours = new Chalk({ level: process.env["NO_COLOR"] || !supportsColor ? 0 : supportsColor.level });
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const paint = { pass: colours.green, regression: colours.red, inconclusive: colours.yellow }[report.outcome];
  say(`${paint.bold(OUTCOME_TEXT[report.outcome])}  ${colours.bold(report.experiment)}\n`);
  say(`${fittingTable(decisionRows(report), columns, colours.bold)}\n`);
  for (const decision of report.decisions) if (decision.outcome !== "pass") say(decisionText(decision));
  for (const line of findingLines(report)) say(line);
  say("");
}

function wantsMarkdown({ markdown }: CheckOptions): boolean {
  return markdown !== undefined || stepSummary() !== undefined;
}

function stepSummary(): string | undefined {
  return process.env["GITHUB_STEP_SUMMARY"] || undefined;
}

async function writeReports(
  reports: readonly CheckReport[],
  options: CheckOptions,
  warns: boolean,
  artefacts: (report: CheckReport) => readonly string[],
): Promise<void> {
  const outcome: Outcome = worstOf(reports.map((report) => report.outcome));
  if (options.json) process.stdout.write(formatJson({ outcome, reports: reports.map(withoutFolders) }));
  if (options.junit !== undefined) await writeWholeFile(options.junit, junitOf(reports, warns));
  const markdown = wantsMarkdown(options) ? checkMarkdown(reports, artefacts).text : "";
  if (options.markdown !== undefined) await writeWholeFile(options.markdown, markdown);
  const summary = stepSummary();
  if (summary !== undefined) {
    try {
      appendFileSync(summary, markdown);
    } catch (error) {
      throw fileError("write", summary, error);
    }
  }
  // Read by GitHub from the log, so beside data that goes elsewhere.
  if (process.env["GITHUB_ACTIONS"] === "true") {
    const stream = options.json ? process.stderr : process.stdout;
    for (const line of annotations(reports, warns)) stream.write(`${line.text}\n`);
  }
}

function withoutFolders({ folder: _, ...report }: CheckReport): object {
  return report;
}

/** The cost curves of baseline and now, as an SVG; returns the files' paths. */
async function drawArtefacts(report: CheckReport, { result }: FinishedRun, folder: string): Promise<string[]> {
  const { drawAgainstBaseline } = await import("../charts/baseline-chart.js");
  const file = join(folder, "costs-against-baseline.svg");
  await writeWholeFile(file, await drawAgainstBaseline(result, report.costs.baseline), { makeFolder: true });
  return [file];
}
