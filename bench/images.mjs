// The preset of images: the fused engine against TensorFlow.js, per update, and a run of many updates with everything that it
// records.
import { openWorkers } from "../build/experiment/workers.js";
import { openPeers } from "./peers.mjs";
import { digits, heading, note, ratios, table } from "./report.mjs";
import { measureRounds, ratio, summary } from "./rounds.mjs";
import { imageExperiment, trainExperiment } from "./tutorial.mjs";

const ENGINES = [
  { name: "fused", engine: "fused" },
  { name: "tfjs tensorflow", engine: "tfjs", backend: "tensorflow" },
  { name: "tfjs wasm", engine: "tfjs", backend: "wasm" },
];
const ARMS = ["plain", "bn"];
const WORKERS = 2;
/** Of 23 updates. */
const [EPOCHS, QUICK_EPOCHS] = [66, 10];

export async function images({ seconds, quick }) {
  const { loaded, missing } = await openPeers(ENGINES);
  const contestants = [];
  for (const peer of loaded) {
    for (const arm of ARMS) contestants.push({ peer, arm, measure: await peer.openArm({ images: arm }) });
  }
  const samples = await measureRounds(
    contestants.map(({ measure }) => measure),
    { seconds: seconds(20, 4), least: 2 },
  );
  for (const peer of loaded) peer.close();
  const at = (peer, arm) => samples[contestants.findIndex((one) => one.peer === peer && one.arm === arm)];
  const rows = loaded.flatMap((peer) =>
    ARMS.map((arm) => ({
      name: peer.name,
      arm,
      ms: summary(at(peer, arm)),
      ratio: ratio(at(peer, arm), at(loaded[0], arm)),
    })),
  );
  heading("images: the preset's nets, batches of 64, Adam");
  table(
    ["", "arm", "ms/update", "times the fused engine"],
    rows.map(({ name, arm, ms, ratio }) => [name, arm, digits(ms.best), ratios(ratio)]),
  );
  for (const { name, failed } of missing) note(`${name} is not measured: ${failed}`);

  const experiment = imageExperiment({ epochs: quick ? QUICK_EPOCHS : EPOCHS });
  const { updates } = experiment.schedule;
  const start = performance.now();
  const pool = await openWorkers({ engine: "fused", jobs: ARMS.length, workers: WORKERS });
  await trainExperiment(experiment, pool);
  await pool.close();
  const run = { updates, workers: WORKERS, ms: performance.now() - start };
  note(`${updates} updates of both arms, recorded as a run records, on ${WORKERS} workers: ${digits(run.ms / 1000)} s`);
  return { rows, run };
}
