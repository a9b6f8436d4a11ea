import { basename } from "node:path";
import type { Result } from "../record/result.js";
import { headlineOf } from "../report/headline.js";
import { sentenceOf } from "../text/findings.js";
import { t } from "../text/language.js";
import { recalibrationLines } from "../text/recalibration.js";
import { bold, dim, screen, yellow } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";
import { warningText } from "../text/warning-text.js";
import { effectRows, roundingLines, seedRows } from "./evidence.js";
import { SUMMARY_FILE } from "./formats/summary.js";
import { glanceRows } from "./glance.js";
import { costTableRows, referenceLines } from "./table.js";
import type { Terminal } from "./terminal.js";

/** What happened, on stdout: tables, the headline, the sentence, warnings, and the files that people open. */
export function printResult(result: Result, files: readonly string[], { say, columns }: Terminal): void {
  const tables = [costTableRows(result), seedRows(result), effectRows(result)].filter((rows) => rows !== undefined);
  for (const rows of tables) say(screen`${fittingTable(rows, columns)}\n`);
  for (const line of [...referenceLines(result), ...roundingLines(result), ...recalibrationLines(result)])
    say(dim(line));
  say("");
  if (Number.isFinite(columns)) say(screen`${fittingTable(glanceRows(result), columns)}\n`);
  say(screen`${bold(headlineOf(result))}\n`);
  say(screen`${sentenceOf(result)}\n`);
  for (const warning of result.warnings) say(screen`${yellow(t`warning:`)} ${warningText(warning, result.config)}\n`);
  sayFiles(files, { say });
}

/** The summary says what the report says. */
export function sayFiles(files: readonly string[], { say }: Pick<Terminal, "say">): void {
  for (const file of files) if (basename(file) !== SUMMARY_FILE) say(file);
}
