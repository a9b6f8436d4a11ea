// What a normalizer costs beside BN, and an optimizer beside plain gradient descent: the fused engine, per update, in CPU time
// of this process: what else runs on the machine is in none of it.
import { loadFusedEngine } from "../build/engines/fused-node.js";
import { openArm } from "./arms.mjs";
import { digits, heading, ratios, table } from "./report.mjs";
import { measureRounds, ratio, summary } from "./rounds.mjs";

/** CPU time of this process, ms; of its user's part alone the system only knows what it saw at its ticks. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The first of each list is what the others are compared with. */
const NORMALIZERS = ["batch", "layer", "group 6", "rms", "weight", "renorm", "dyt"];
const OPTIMIZERS = ["sgd", "momentum", "adam"];
const BATCHES = [{}, { samples: 2500, batchSize: 10 }];

const batchName = ({ batchSize }) => (batchSize === undefined ? "full batch" : `batches of ${batchSize}`);

async function compared(title, key, names, shared, seconds) {
  const engine = loadFusedEngine();
  const found = [];
  for (const batch of BATCHES) {
    const arms = names.map((name) =>
      openArm(engine, { bn: true, activation: "relu", ...shared, ...batch, [key]: name }, cpu),
    );
    const samples = await measureRounds(
      arms.map(({ measure }) => measure),
      { seconds },
    );
    for (const arm of arms) arm.dispose();
    for (const [i, name] of names.entries())
      found.push({ name, batch: batchName(batch), ms: summary(samples[i]), ratio: ratio(samples[i], samples[0]) });
  }
  heading(title);
  table(
    ["", "batch", "ms/update", "times"],
    found.map(({ name, batch, ms, ratio }) => [name, batch, digits(ms.best), ratios(ratio)]),
  );
  return found;
}

export async function definitions({ seconds }) {
  const normalizers = await compared("normalizers, times BN", "normalizer", NORMALIZERS, {}, seconds(6, 2));
  // Adam's steps are as large as its rate, whatever the gradient is.
  const optimizers = await compared("optimizers, times SGD", "optimizer", OPTIMIZERS, { rate: 1e-9 }, seconds(4, 1));
  return { normalizers, optimizers };
}
