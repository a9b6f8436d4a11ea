import { join } from "node:path";
import { EXIT, ExpectedError } from "../../build/errors.js";
import { writeFileSet } from "../../build/files/file-set.js";
import { writeWholeFile } from "../../build/files/whole-file.js";
import { checkRunFolder, REPORT_SET, writeRunFolder } from "../../build/output/run-folder.js";
import { readRun } from "../../build/output/run-reader.js";
import { runOf } from "./small-run.mjs";

// What the commands write with, without what they compute: `node functions.mjs KIND PLACE SEED`.
const [kind, place, seed] = process.argv.slice(2);
const kinds = {
  run: async () => {
    checkRunFolder(join(place, "o"));
    return writeRunFolder(join(place, "o"), runOf(seed));
  },
  report: async () => {
    try {
      readRun(join(place, "o"));
    } catch {
      // Only the recovery matters: these results are no results.
    }
    const pictures = [...runOf(seed)].filter(([name]) => /\.(svg|html)$/.test(name));
    return writeFileSet(join(place, "o"), REPORT_SET, new Map(pictures));
  },
  file: async () => writeWholeFile(join(place, "page.html"), `page ${seed}`) ?? [],
};
try {
  for (const notice of await kinds[kind]()) console.error(notice);
} catch (error) {
  console.error(error instanceof ExpectedError ? error.message : error);
  process.exitCode = error instanceof ExpectedError ? error.exitCode : EXIT.bug;
}
