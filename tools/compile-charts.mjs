// Compiles the charts of a few runs from Vega-Lite to Vega, for dist/charts/compiled: what differs between records
// comes later, as rows and parameters. Specs that no run here has are compiled when they are drawn.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledSpecs } from "../build/charts/compile.js";
import { loadConfiguration } from "../build/config/load.js";
import { prepareExperiment } from "../build/experiment/prepare.js";
import { runExperiment } from "../build/experiment/run.js";
import { openWorkers } from "../build/experiment/workers.js";
import { loadFormats, recordFiles } from "../build/output/artifacts.js";

const RUNS = [{}, { activation: "tanh" }, { seeds: "3" }, { preset: "tutorial-minibatch" }];

const folder = fileURLToPath(new URL("../dist/charts/compiled/", import.meta.url));
rmSync(folder, { recursive: true, force: true });

const signal = new AbortController().signal;
for (const flags of RUNS) {
  const experiment = prepareExperiment(loadConfiguration(undefined, flags));
  const workers = await openWorkers({ engine: "fused", jobs: 2, workers: 1, verbose: false, notice() {}, signal });
  try {
    const { result } = await runExperiment(experiment, workers, { signal });
    await recordFiles(result, await loadFormats({}), {});
  } finally {
    await workers.close();
  }
}

mkdirSync(folder, { recursive: true });
for (const [key, spec] of compiledSpecs()) writeFileSync(join(folder, `${key}.json`), JSON.stringify(spec));
