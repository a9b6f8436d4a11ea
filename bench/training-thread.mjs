// The worker thread of training-process.mjs: one arm, 250 updates and nothing else, as often as asked.
import { parentPort, workerData } from "node:worker_threads";
import { loadFusedEngine } from "../build/engines/fused-node.js";
import { benchmarkTask } from "./task.mjs";

const { options, updates } = workerData;
const task = benchmarkTask(options);

function train() {
  const arm = loadFusedEngine().createArm(task);
  if (arm.advance(updates).status !== "reached") throw new Error("the benchmark's arm diverged");
  arm.dispose();
}

parentPort.on("message", () => {
  train();
  parentPort.postMessage("done");
});
