import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import { comparisonOf as comparisonPage, htmlReportOf } from "../../src/output/html-report.js";
import type { Result } from "../../src/record/result.js";
import { namedRuns } from "../../src/report/named-runs.js";

/** A run's page; each is drawn once for all test files. */
export function reportOf(result: Result): Promise<string> {
  return remembered(["report", result], () => htmlReportOf(result));
}

export function comparisonOf(runs: Readonly<Record<string, Result>>): Promise<string> {
  const named = namedRuns(Object.entries(runs).map(([name, result]) => ({ name, result })));
  return remembered(["comparison", runs], () => comparisonPage(named));
}

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/pages", import.meta.url));
let sources: string | undefined;

/** The page of the same input by the same sources: a change of either makes another one. */
async function remembered(input: unknown, make: () => Promise<string>): Promise<string> {
  sources ??= sourcesDigest();
  const folder = join(CACHE, sources);
  const file = join(folder, `${digestOf(JSON.stringify(input))}.html`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const page = await make();
    mkdirSync(folder, { recursive: true });
    for (const other of readdirSync(CACHE))
      if (other !== sources) rmSync(join(CACHE, other), { recursive: true, force: true });
    // Test files run side by side: a page appears whole or not at all.
    const unfinished = mkdtempSync(`${file}-`);
    writeFileSync(join(unfinished, "page"), page);
    renameSync(join(unfinished, "page"), file);
    rmSync(unfinished, { recursive: true, force: true });
    return page;
  }
}

/** Of everything that a page may depend on: the sources, and the script and style as they were built. */
function sourcesDigest(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const files = ["src/**/*.ts", "dist/report/runtime.js", "dist/report/page.css", "package-lock.json"];
  const all = globSync(files, { cwd: root }).sort();
  return digestOf(all.map((file) => `${file}\n${readFileSync(join(root, file), "utf8")}`).join("\n"));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
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
