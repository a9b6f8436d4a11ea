import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawPictures } from "../../src/charts/index.js";
import type { Result } from "../../src/experiment/result.js";
import { htmlReportOf } from "../../src/output/html-report.js";
import { drawOverlays, drawRun } from "../../src/report/compare-drawing.js";
import { comparePage } from "../../src/report/compare-page.js";
import { namedRuns } from "../../src/report/named-runs.js";

export async function reportOf(result: Result): Promise<string> {
  return htmlReportOf(result, await drawPictures(result));
}

export async function comparisonOf(runs: Readonly<Record<string, Result>>): Promise<string> {
  const named = namedRuns(Object.entries(runs).map(([name, result]) => ({ name, result })));
  const drawn = [];
  for (const run of named) drawn.push(await drawRun(run));
  return comparePage(drawn, await drawOverlays(named));
}

/** A folder for pages of a whole test file. */
export function pageFolder(): { write: (name: string, page: string) => string; remove: () => void } {
  // Made when it is needed: a file whose tests are skipped leaves nothing behind.
  let folder = "";
  return {
    write(name, page) {
      if (folder === "") folder = mkdtempSync(join(tmpdir(), "bn-compare-report-"));
      const file = join(folder, `${name.replace(/\W+/g, "-")}.html`);
      writeFileSync(file, page);
      return file;
    },
    remove() {
      if (folder !== "") rmSync(folder, { recursive: true, force: true });
    },
  };
}
