import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PACKAGED } from "../config/load.js";
import { formatJson } from "../files/json.js";
import { readInputText } from "../input-file.js";
import { type RunPlace, runPlaces } from "../output/recorded-runs.js";
import { readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { titleOf } from "../report/setup-words.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { heading, screen } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";

/** An experiment that `run` and `check` know by its name. */
interface ListedExperiment {
  readonly name: string;
  readonly hasBaseline: boolean;
  /** The first paragraph of its README. */
  readonly about: string;
}

/** A run in `runs/`; `problem` says why a result cannot be read. */
type ListedRun = { readonly folder: string; readonly written: string } & (
  | { readonly title: string; readonly arms: Readonly<Record<string, string>> }
  | { readonly problem: string }
);

/** `bn-compare list`: the experiments that can be run by name, and the runs that there are, the newest first. */
export function list({ json = false }: { readonly json?: boolean }, { terminal }: Io): void {
  const [experiments, runs] = [listedExperiments(), runPlaces().map(listedRun)];
  if (json) {
    terminal.product(formatJson({ experiments, runs }));
    return;
  }
  const table = (title: string, rows: Rows, none: string) => {
    const content = rows.rows.length === 0 ? screen`${none}` : fittingTable(rows, terminal.columns);
    terminal.product(screen`${heading(title)}\n\n${content}\n\n`);
  };
  table(t`Experiments`, experimentRows(experiments), t`none here`);
  table(t`Runs, newest first`, runRows(runs), t`none in runs/ yet; bn-compare run creates one`);
}

/** Those of `experiments/` here, and those that come with the package. */
function listedExperiments(): ListedExperiment[] {
  const found = new Map<string, ListedExperiment>();
  for (const root of ["experiments", PACKAGED]) {
    for (const name of existsSync(root) ? readdirSync(root).sort() : []) {
      const folder = join(root, name);
      if (found.has(name) || !existsSync(join(folder, "experiment.yaml"))) continue;
      found.set(name, { name, hasBaseline: existsSync(join(folder, "baseline.json")), about: firstParagraph(folder) });
    }
  }
  return [...found.values()];
}

function firstParagraph(folder: string): string {
  const file = join(folder, "README.md");
  if (!existsSync(file)) return "";
  const paragraphs = readInputText(file, "experiment").split(/\n\s*\n/);
  const first = paragraphs.find((text) => !text.startsWith("#")) ?? "";
  // Of a link its text.
  return first
    .replaceAll("\n", " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim();
}

function listedRun({ folder, written }: RunPlace): ListedRun {
  const about = { folder, written: new Date(written).toISOString() };
  try {
    const { result } = readRun(folder);
    return { ...about, title: titleOf(result), arms: endsOf(result) };
  } catch (error) {
    return { ...about, problem: error instanceof Error ? error.message : String(error) };
  }
}

function endsOf({ arms }: Result): Record<string, string> {
  return Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, endOf(arm)]));
}

function endOf(arm: ArmResult): string {
  return arm.status === "diverged"
    ? divergedText(arm.divergence.update)
    : t`ends at ${numberText(arm.final.inference)}`;
}

function experimentRows(experiments: readonly ListedExperiment[]): Rows {
  return {
    head: [t`experiment`, t`baseline`, t`what it is`],
    rows: experiments.map(({ name, hasBaseline, about }) => [name, hasBaseline ? t`yes` : "–", about]),
    left: 3,
  };
}

function runRows(runs: readonly ListedRun[]): Rows {
  return {
    head: [t`run`, t`written (UTC)`, t`what it is`, t`how it ended, in inference mode`],
    rows: runs.map((run) => {
      const when = run.written.slice(0, 16).replace("T", " ");
      if ("problem" in run) return [run.folder, when, t`cannot be read`, run.problem.split("\n")[0] ?? ""];
      const ends = Object.entries(run.arms).map(([name, end]) => `${name} ${end}`);
      return [run.folder, when, run.title, ends.join("; ")];
    }),
    left: 4,
  };
}
