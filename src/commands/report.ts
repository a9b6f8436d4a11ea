import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkedFlags } from "../config/load.js";
import { EXIT, ExpectedError } from "../errors.js";
import { writeFileSet } from "../files/file-set.js";
import { readInputText } from "../input-file.js";
import { loadFormats, recordFiles } from "../output/artifacts.js";
import { REPORT_FILE } from "../output/formats/report.js";
import { openInBrowser } from "../output/open-in-browser.js";
import { sayFiles } from "../output/result-text.js";
import { REPORT_SET } from "../output/run-folder.js";
import { RESULT_FILE, readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import { isOwnPage } from "../report/document.js";
import { embedding } from "../report/embed.js";
import { t } from "../text/language.js";
import { screen } from "../text/screen.js";

/** `bn-compare report RUN`: draws the pictures, the summary and the report again from `result.json` alone. */
export async function report(
  run: string,
  { embed, ...flags }: Readonly<Record<string, unknown>>,
  { terminal, signal }: Io,
): Promise<void> {
  const settings = checkedFlags(flags);
  const formats = await loadFormats(settings);
  const { folder, result, json } = readRun(run);
  const files = await recordFiles(result, formats, settings);
  refuseForeign(folder, [...files.keys()]);
  const check = () => requireResult(folder, json);
  for (const notice of await writeFileSet(folder, REPORT_SET, files, { check, signal })) terminal.note(notice);
  const page = join(folder, REPORT_FILE);
  if (embed === true) terminal.product(screen.joined(embedding(result, page).split("\n"), "\n"));
  else
    sayFiles(
      [...files.keys()].map((name) => join(folder, name)),
      terminal,
    );
  if (settings.open) await openInBrowser(page, page, terminal);
}

/** Pictures of another run than the one beside them would be worse than none. */
function requireResult(folder: string, json: string): void {
  if (readInputText(join(folder, RESULT_FILE), "result") === json) return;
  throw new ExpectedError(
    EXIT.file,
    t`${folder} now holds another run: it was replaced while its report was being drawn; run the command again`,
  );
}

/** A run folder's pictures may be replaced, and those of an earlier report; what somebody else wrote beside a result not. */
function refuseForeign(folder: string, names: readonly string[]): void {
  const isRunFolder = existsSync(join(folder, "timing.json"));
  const there = names.find((name) => existsSync(join(folder, name)));
  if (isRunFolder || there === undefined || holdsReport(join(folder, REPORT_FILE))) return;
  throw new ExpectedError(
    EXIT.file,
    t`will not replace ${join(folder, there)}: there is no bn-compare report beside it, so it may be somebody else's; put result.json into its own folder`,
  );
}

function holdsReport(file: string): boolean {
  return existsSync(file) && isOwnPage(file);
}
