// A fresh process of training.mjs: trains both arms for 250 updates, first cold, then warm, and sends the times in ms.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { openWorkers } from "../build/experiment/workers.js";
import { trainExperiment, tutorialExperiment, UPDATES } from "./tutorial.mjs";

/** Two threads of our own, one an arm: the updates alone. */
function openThreads(activation) {
  const threads = [false, true].map(
    (bn) =>
      new Worker(new URL("training-thread.mjs", import.meta.url), {
        workerData: { options: { bn, activation }, updates: UPDATES },
      }),
  );
  return {
    train: () =>
      Promise.all(
        threads.map((thread) => {
          thread.postMessage("train");
          return once(thread, "message");
        }),
      ),
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}

/** The pool of the command: with costs, histograms and a digest of every state. */
async function openPool(activation) {
  const experiment = tutorialExperiment(activation);
  const workers = await openWorkers({ engine: "fused", jobs: 2 });
  return { train: () => trainExperiment(experiment, workers), close: () => workers.close() };
}

const [what, activation, warmRuns] = process.argv.slice(2);
const start = performance.now();
const { train, close } = await (what === "updates" ? openThreads(activation) : openPool(activation));
await train();
const cold = performance.now() - start;
const warm = [];
for (let i = 0; i < Number(warmRuns); i++) {
  const before = performance.now();
  await train();
  warm.push(performance.now() - before);
}
await close();
process.send({ cold, warm });
