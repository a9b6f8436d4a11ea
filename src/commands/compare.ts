import { realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import { byteDigest } from "../data/digest.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { writeWholeFile } from "../files/whole-file.js";
import { comparisonOf } from "../output/html-report.js";
import { openInBrowser } from "../output/open-in-browser.js";
import { type RecordedRun, readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import { refuseForeign } from "../report/document.js";
import { namedRuns } from "../report/named-runs.js";
import { t } from "../text/language.js";

/** More lines than these no chart keeps apart. */
const MOST_RUNS = 12;

/** `bn-compare compare RUN RUN…`: several recorded runs on one page. */
export async function compare(
  paths: readonly string[],
  options: { readonly out: string; readonly open?: boolean },
  { terminal }: Io,
): Promise<void> {
  if (paths.length < 2) throw usageError(t`compare needs at least two runs; ${paths[0]} is one`);
  if (paths.length > MOST_RUNS) throw usageError(t`compare takes at most ${MOST_RUNS} runs; these are ${paths.length}`);
  const out = resolve(options.out);
  refuseForeign(options.out);
  const runs = readRuns(paths);
  const named = namedRuns(runs.map(({ folder, result }) => ({ name: basename(resolve(folder)), result })));
  writeWholeFile(out, await comparisonOf(named), { shown: options.out });
  terminal.say(options.out);
  if (options.open) await openInBrowser(out, options.out, terminal);
}

/** Reads all runs and reports every problem at once. A run given twice is no fault of the disk. */
function readRuns(paths: readonly string[]): RecordedRun[] {
  const problems: (readonly string[])[] = [];
  let allRead = true;
  const runs: RecordedRun[] = [];
  const seen = new Map<string, string>();
  for (const path of paths) {
    try {
      const run = readRun(path);
      const digest = byteDigest(run.json);
      const twin = seen.get(digest);
      if (twin === undefined) {
        seen.set(digest, path);
        runs.push(run);
      } else {
        const same = realpathSync(path) === realpathSync(twin);
        problems.push([same ? t`${path} is given twice` : t`${path} holds the same result as ${twin}, byte for byte`]);
      }
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      problems.push(error.lines);
      allRead = false;
    }
  }
  if (problems.length === 0) return runs;
  const lines = problems.flat();
  const message =
    problems.length === 1
      ? lines
      : [t`${problems.length} runs cannot be compared:`, ...lines.map((line) => `  ${line}`)];
  throw new ExpectedError(allRead ? EXIT.usage : EXIT.file, message);
}
