import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comparisonOf as comparisonPage, htmlReportOf } from "../../src/output/html-report.js";
import type { Result } from "../../src/record/result.js";
import { namedRuns } from "../../src/report/named-runs.js";
import { once } from "../once.js";
import { withFrames } from "./frames-fixture.js";

/** A run's page; each page is drawn once for all test files, and each run has a frame for each checkpoint. */
export function reportOf(run: Result): Promise<string> {
  const result = withFrames(run);
  return remembered(["report", result], () => htmlReportOf(result));
}

export function comparisonOf(runs: Readonly<Record<string, Result>>): Promise<string> {
  const named = namedRuns(Object.entries(runs).map(([name, result]) => ({ name, result: withFrames(result) })));
  return remembered(["comparison", named], () => comparisonPage(named));
}

/** The page of this input, made once for all test files. */
async function remembered(input: unknown, make: () => Promise<string>): Promise<string> {
  const folder = await once(input, async (place) => writeFileSync(join(place, "page.html"), await make()));
  return readFileSync(join(folder, "page.html"), "utf8");
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
