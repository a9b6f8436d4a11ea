// Many seeds on the command's own pool: 30 seeds × both arms × 250 updates with everything that a run records, from
// the start of the pool to the last result.
import { openWorkers } from "../build/experiment/workers.js";
import { digits, heading, note, ratios, table } from "./report.mjs";
import { measureRounds, ratio, summary } from "./rounds.mjs";
import { trainExperiment, tutorialExperiment, UPDATES } from "./tutorial.mjs";

const WORKERS = [1, 2];
const FULL = 30;
const ACTIVATION = "relu";

async function trainSeeds(activation, seeds, workers) {
  const start = performance.now();
  const pool = await openWorkers({ engine: "fused", jobs: 2 * seeds, workers });
  const experiments = Array.from({ length: seeds }, (_, i) => tutorialExperiment(activation, i + 1));
  await Promise.all(experiments.map((experiment) => trainExperiment(experiment, pool)));
  const ms = performance.now() - start;
  await pool.close();
  return ms;
}

export async function seeds({ seconds, quick }) {
  const count = quick ? 4 : FULL;
  const contestants = WORKERS.map((workers) => () => trainSeeds(ACTIVATION, count, workers));
  const samples = await measureRounds(contestants, { seconds: seconds(40, 3), least: 2 });
  const rows = WORKERS.map((workers, i) => ({
    activation: ACTIVATION,
    seeds: count,
    workers,
    ms: summary(samples[i]),
    speedup: ratio(samples[0], samples[i]),
  }));
  heading(`seeds: ${count} seeds × both arms × ${UPDATES} updates, recorded as a run records`);
  table(
    ["", "workers", "s", "median", "updates/s", "against one worker"],
    rows.map(({ activation, workers, ms, speedup }) => [
      activation,
      workers,
      digits(ms.best / 1000),
      digits(ms.median / 1000),
      Math.round((count * 2 * UPDATES) / (ms.best / 1000)),
      ratios(speedup),
    ]),
  );
  if (quick) note(`${FULL} seeds without --quick`);
  return { rows };
}
