// The fused engine alone, in this thread, beside the machine's limit for wasm SIMD in the same rounds.
import { loadFusedEngine } from "../build/engines/fused-node.js";
import { ARMS, armName, flopOf, openArm } from "./arms.mjs";
import { openPeak } from "./peak.mjs";
import { digits, heading, note, percent, ratios, table } from "./report.mjs";
import { measureRounds, median, ratio, summary } from "./rounds.mjs";

/** Times of the fused engine in each case, GFLOP/s of its matrix products, and their share of the limit. */
export async function measureFused(cases, seconds) {
  const engine = loadFusedEngine();
  const arms = cases.map((options) => openArm(engine, options));
  const [limits, ...samples] = await measureRounds([openPeak(), ...arms.map(({ measure }) => measure)], { seconds });
  for (const arm of arms) arm.dispose();
  const limit = { best: Math.max(...limits), median: median(limits) };
  const rows = cases.map((options, i) => {
    const flop = flopOf(options);
    const ms = summary(samples[i]);
    const gflops = flop / ms.best / 1e6;
    // Best against best, and the median of what was reached within a round: the same on a quiet machine.
    const shares = samples[i].map((time, round) => flop / time / 1e6 / limits[round]);
    return { ...options, ms, gflops, share: gflops / limit.best, shareMedian: median(shares), times: samples[i] };
  });
  return { limit, rows };
}

const HEAD = ["", "ms/update", "median", "updates/s", "GFLOP/s", "of the limit", "median"];

export function printFused(title, name, { limit, rows }) {
  heading(`${title} (limit ${digits(limit.best)} GFLOP/s, median ${digits(limit.median)})`);
  table(
    HEAD,
    rows.map((row) => [
      name(row),
      digits(row.ms.best),
      digits(row.ms.median),
      Math.round(1000 / row.ms.best),
      digits(row.gflops),
      percent(row.share),
      percent(row.shareMedian),
    ]),
  );
}

/** What the JSON keeps: single samples only serve ratios. */
export const withoutTimes = ({ limit, rows }) => ({
  limit,
  rows: rows.map(({ times: _, ...row }) => row),
});

export async function kernel({ seconds }) {
  const tutorial = await measureFused(ARMS, seconds(12, 2));
  printFused("fused, one thread: the tutorial, 500 samples, 7 × 30", armName, tutorial);
  const find = (bn, activation) => tutorial.rows.find((row) => row.bn === bn && row.activation === activation).times;
  const compared = {
    "bn against plain, relu": ratio(find(true, "relu"), find(false, "relu")),
    "bn against plain, tanh": ratio(find(true, "tanh"), find(false, "tanh")),
    "tanh against relu, plain": ratio(find(false, "tanh"), find(false, "relu")),
    "tanh against relu, bn": ratio(find(true, "tanh"), find(true, "relu")),
  };
  for (const [name, value] of Object.entries(compared)) note(`${name}: ${ratios(value)}`);

  const others = ["leaky-relu", "elu", "selu", "gelu", "silu", "softplus", "sigmoid", "identity"];
  const activations = await measureFused(
    others.map((activation) => ({ bn: false, activation })),
    seconds(5, 1),
  );
  printFused("fused: the other activations", armName, activations);

  const batches = await measureFused(
    ARMS.map((arm) => ({ ...arm, samples: 2500, batchSize: 10 })),
    seconds(5, 1),
  );
  printFused("fused: mini-batches of 10, the tutorial's second part", armName, batches);
  return {
    tutorial: withoutTimes(tutorial),
    ratios: compared,
    activations: withoutTimes(activations),
    miniBatches: withoutTimes(batches),
  };
}
