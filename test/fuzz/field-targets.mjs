import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseline } from "../../build/check/baseline-files.js";
import { checkExperiment } from "../../build/check/check.js";
import { firstParting } from "../../build/experiment/digests.js";
import { runExperiment } from "../../build/experiment/run.js";
import { annotations } from "../../build/output/annotations.js";
import { junitOf } from "../../build/output/formats/junit.js";
import { checkMarkdown } from "../../build/output/formats/markdown.js";
import { readDigests, readRun } from "../../build/output/run-reader.js";
import { fieldChanged } from "./fields.mjs";
import { baselineIn, command, folderFor, quick, RUNNER } from "./targets.mjs";

/** @typedef {import("./targets.mjs").Target} Target */

/**
 * Files of which one field is changed, all fields in turn. A reader refuses with the exit code of its kind, or what is
 * read can be inspected, drawn, compared and checked.
 *
 * @type {Record<string, (folder: string, options: { drawings: number }) => Promise<Target>>}
 */
export const FIELD_TARGETS = {
  async "fields of result.json"(folder, { drawings }) {
    const [example, other] = [await smallResult("1"), await smallResult("3")];
    const there = folderFor(folder, "other");
    const page = join(folder, "page.html");
    writeFileSync(join(there, "result.json"), JSON.stringify(other));
    // Drawing takes longest: about one of so many that are read.
    const share = drawings / 1000;
    return {
      write: (random, number) => writeFileSync(join(folder, "result.json"), fieldChanged(example, random, number)),
      async read(random) {
        refusing(5, () => readRun(folder));
        await command("inspect", folder, ...(random.chance(0.3) ? ["--json"] : []));
        await command("explain", folder, ...(random.chance(0.3) ? ["--json"] : []));
        if (!random.chance(share)) return;
        for (const words of [
          ["report", folder, "--csv"],
          ["compare", folder, there, "--out", page],
        ]) {
          const code = await command(...words);
          if (code !== 0) throw new Error(`${words[0]} ends with ${code}`);
        }
      },
    };
  },

  async "fields of digests.json"(folder) {
    const { result, digests } = await runExperiment(quick({ seeds: "2" }), RUNNER);
    writeFileSync(join(folder, "result.json"), JSON.stringify(result));
    const recorded = readRun(folder);
    return {
      write: (random, number) => writeFileSync(join(folder, "digests.json"), fieldChanged(digests, random, number)),
      async read() {
        const read = refusing(5, () => readDigests(recorded));
        firstParting(read ?? {}, digests ?? {});
      },
    };
  },

  async "fields of baseline.json"(folder) {
    const { prepared, made } = await baselineIn(folder);
    writeFileSync(join(folder, made.baseline.recordedStates.file), made.recordedStates);
    const example = JSON.parse(JSON.stringify(made.baseline));
    return {
      write: (random, number) => writeFileSync(join(folder, "baseline.json"), fieldChanged(example, random, number)),
      async read() {
        const read = refusing(2, () => readBaseline(folder));
        const { report } = await checkExperiment(
          { name: "fields", folder, experiment: prepared, settings: {}, read },
          RUNNER,
        );
        checkMarkdown({ reports: [report], pictures: new Map() });
        annotations({ reports: [report], warns: false });
        junitOf({ reports: [report], warns: false });
      },
    };
  },
};

async function smallResult(/** @type {string} */ seed) {
  const experiment = quick({ seed, seeds: "2", activation: "tanh", roundingProbe: "2" });
  const { result } = await runExperiment(experiment, RUNNER);
  return JSON.parse(JSON.stringify(result));
}

/**
 * @template T
 * @param {number} code the only exit code with which it may refuse
 * @param {() => T} read
 */
function refusing(code, read) {
  try {
    return read();
  } catch (error) {
    const { exitCode, message } = /** @type {any} */ (error);
    if (exitCode === undefined || exitCode === code) throw error;
    throw new Error(`refused with exit code ${exitCode}, not ${code}: ${message}`);
  }
}
