import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseline } from "../check/baseline-files.js";
import { type CheckReport, checkExperiment } from "../check/check.js";
import { type Outcome, worstOf } from "../check/decide.js";
import { findExperiments } from "../check/find-experiments.js";
import { prepareCheck } from "../check/prepare-check.js";
import { checkedFlags } from "../config/load.js";
import { EXIT, type ExitCode, fileError, usageError } from "../errors.js";
import type { FinishedRun } from "../experiment/run.js";
import { withWorkers } from "../experiment/workers.js";
import { formatJson } from "../files/json.js";
import { writeWholeFile } from "../files/whole-file.js";
import { annotations } from "../output/annotations.js";
import { decisionRows, decisionText, findingLines, OUTCOME_TEXT } from "../output/check-text.js";
import { CHECK_FORMATS } from "../output/formats/check-formats.js";
import type { Checks } from "../output/formats/format.js";
import { markdownReport } from "../output/formats/markdown.js";
import type { Io, Terminal } from "../output/terminal.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { bold, green, red, screen, yellow } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";
import { updateBaseline } from "./check-update.js";

/** Flags of `check`, as commander gives them; those of its formats are among them. */
export interface CheckOptions {
  readonly [flag: string]: string | boolean | undefined;
  readonly engine?: string;
  readonly backend?: string;
  readonly workers?: string;
  readonly maxSeeds?: string;
  readonly inconclusive?: string;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly markdown?: string;
  readonly artifacts?: string;
}

/** Where pictures of a check go when only a Markdown report was asked for. */
const ARTIFACTS = join("runs", "check");

const EXIT_OF = { pass: EXIT.success, regression: EXIT.regression, inconclusive: EXIT.inconclusive } as const;

/**
 * `bn-compare check [EXPERIMENT…]`: runs experiments and compares them with their baselines. Returns the exit code: 0 pass,
 * 1 regression, 3 inconclusive, of several the one that counts most. Throws where nothing could be compared.
 */
export async function check(patterns: readonly string[], options: CheckOptions, io: Io): Promise<ExitCode> {
  const { terminal, signal } = io;
  const { inconclusive = "fail" } = options;
  if (inconclusive !== "fail" && inconclusive !== "warn") {
    throw usageError(t`--inconclusive: "${excerpt(inconclusive)}" is not one of fail, warn`);
  }
  const maxSeeds = wholeNumber("--max-seeds", options.maxSeeds);
  const flags = engineFlags(options);
  const found = findExperiments(patterns);
  if (options.update && options.json) {
    throw usageError(t`check --update reports changes in words; use --json without --update`);
  }
  if (options.update) {
    for (const experiment of found) await updateBaseline(experiment, flags, options.force ?? false, io);
    return EXIT.success;
  }

  // All are read before the first is run: what is wrong with the last one should not take the time of the others.
  const prepared = found.map((entry) => ({ ...prepareCheck(entry, flags), read: readBaseline(entry.folder) }));
  const folder = options.artifacts ?? (wantsMarkdown(options, io) ? ARTIFACTS : undefined);
  const finishedRuns = new Map<CheckReport, FinishedRun>();
  for (const each of prepared) {
    const { name, experiment, workers: count } = each;
    if (!options.quiet) terminal.note(t`${name}: running ${experiment.seeds.length} seeds`);
    const checked = maxSeeds === undefined ? each : { ...each, maxSeeds };
    const { report, finished } = await withWorkers(
      experiment,
      { workers: count, notice: terminal.note, signal },
      (workers) => checkExperiment(checked, workers, { signal }),
    );
    finishedRuns.set(report, finished);
    if (!options.json) show(report, terminal);
  }
  // Nothing is written before all is known: an interrupted check leaves nothing behind.
  const reports = [...finishedRuns.keys()];
  const pictures = new Map<CheckReport, string[]>();
  for (const [report, finished] of folder === undefined ? [] : finishedRuns) {
    pictures.set(report, await drawArtifacts(report, finished, join(folder ?? "", report.experiment)));
  }
  const checks = { reports, warns: inconclusive === "warn", pictures };
  await writeReports(checks, options, io);
  const outcome = outcomeOf(checks);
  return outcome === "inconclusive" && checks.warns ? EXIT.success : EXIT_OF[outcome];
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
    throw usageError(t`${flag}: "${excerpt(text)}" is not a whole number ≥ 1`);
  return number;
}

function show(report: CheckReport, { say, columns }: Terminal): void {
  const paint = { pass: green, regression: red, inconclusive: yellow }[report.outcome];
  say(screen`${bold(paint(OUTCOME_TEXT[report.outcome]))}  ${bold(report.experiment)}\n`);
  say(screen`${fittingTable(decisionRows(report), columns)}\n`);
  for (const decision of report.decisions) if (decision.outcome !== "pass") say(decisionText(decision));
  for (const line of findingLines(report)) say(line);
  say("");
}

function wantsMarkdown({ markdown }: CheckOptions, { env }: Io): boolean {
  return markdown !== undefined || stepSummary(env) !== undefined;
}

function stepSummary(env: Io["env"]): string | undefined {
  return env["GITHUB_STEP_SUMMARY"] || undefined;
}

async function writeReports(checks: Checks, options: CheckOptions, { terminal, env }: Io): Promise<void> {
  for (const { flag, content } of CHECK_FORMATS) {
    const file = options[flag];
    if (typeof file === "string") writeWholeFile(file, await content(checks));
  }
  const summary = stepSummary(env);
  if (summary !== undefined) append(summary, await markdownReport.content(checks));
  // Read by GitHub from the log, so beside data that goes elsewhere.
  if (env["GITHUB_ACTIONS"] === "true") {
    const speak = options.json ? terminal.note : terminal.say;
    for (const line of annotations(checks)) speak(line);
  }
  const { reports } = checks;
  if (options.json) terminal.product(formatJson({ outcome: outcomeOf(checks), reports: reports.map(withoutFolders) }));
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw fileError("write", file, error);
  }
}

function outcomeOf({ reports }: Pick<Checks, "reports">): Outcome {
  return worstOf(reports.map(({ outcome }) => outcome));
}

function withoutFolders({ folder: _, ...report }: CheckReport): object {
  return report;
}

/** The cost curves of baseline and now, as an SVG; returns the files' paths. */
async function drawArtifacts(report: CheckReport, { result }: FinishedRun, folder: string): Promise<string[]> {
  const { drawAgainstBaseline } = await import("../charts/against-baseline.js");
  const file = join(folder, "costs-against-baseline.svg");
  writeWholeFile(file, await drawAgainstBaseline(result, report.costs.baseline), { makeFolder: true });
  return [file];
}
