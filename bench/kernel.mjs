// Time of one update of the fused engine, beside the machine's own limit for wasm SIMD measured in the same run.
// Minima of many bursts: the machine is shared, so read the ratios.
import { readFileSync } from "node:fs";
import { loadFusedEngine } from "../dist/engines/fused-node.js";
import { benchmarkTask, flopPerUpdate } from "./task.mjs";

const PEAK_ROUNDS = 20_000;
const peakModule = new WebAssembly.Module(readFileSync(new URL("../dist/bench/peak.wasm", import.meta.url)));
const { peak, PEAK_FLOP } = new WebAssembly.Instance(peakModule).exports;
const engine = loadFusedEngine();

/** GFLOP/s of a loop whose operands all stay in registers. */
function measurePeak() {
  let best = Infinity;
  for (let i = 0; i < 40; i++) {
    const start = performance.now();
    peak(PEAK_ROUNDS, 0.999, 0.001);
    best = Math.min(best, performance.now() - start);
  }
  return (PEAK_ROUNDS * PEAK_FLOP.value) / best / 1e6;
}

/** Best ms per update of each case; bursts of the cases alternate, so that a slow phase meets all of them. */
function measure(cases, seconds) {
  const runs = cases.map((options) => {
    const task = benchmarkTask(options);
    const arm = engine.createArm(task);
    const flop = flopPerUpdate(task.spec.sizes, Math.min(task.batchSize, task.training.samples));
    const burst = Math.max(1, Math.round(20e6 / flop));
    const start = performance.now();
    let warm = 0;
    do {
      arm.advance(arm.update + burst);
      warm += 1;
    } while (performance.now() - start < 150 && warm < 1000);
    return { options, arm, flop, burst, best: Infinity };
  });
  let limit = 0;
  const end = performance.now() + seconds * 1000;
  do {
    limit = Math.max(limit, measurePeak());
    for (const run of runs) {
      const start = performance.now();
      const { status } = run.arm.advance(run.arm.update + run.burst);
      if (status !== "reached") throw new Error("a benchmark's arm diverged");
      run.best = Math.min(run.best, (performance.now() - start) / run.burst);
    }
  } while (performance.now() < end);
  return runs.map(({ options, flop, best }) => ({
    options,
    ms: best,
    gflops: flop / best / 1e6,
    share: flop / best / 1e6 / limit,
    limit,
  }));
}

function print(title, name, rows) {
  console.log(`\n${title} (limit ${rows[0].limit.toFixed(1)} GFLOP/s)`);
  for (const { options, ms, gflops, share } of rows)
    console.log(
      `  ${name(options).padEnd(28)} ${ms.toFixed(4).padStart(9)} ms/update ${gflops.toFixed(1).padStart(6)} GFLOP/s ` +
        `${(100 * share).toFixed(0).padStart(4)} % of the limit`,
    );
}

const seconds = Number(process.argv[2] ?? 4);
const armName = ({ bn, activation }) => `${bn ? "bn" : "plain"} ${activation}`;
const arms = [false, true].flatMap((bn) => ["relu", "tanh"].map((activation) => ({ bn, activation })));
const tutorial = measure(arms, seconds);
print("the tutorial: 500 samples, 7 × 30", armName, tutorial);
const [relu, tanh, bnRelu, bnTanh] = tutorial.map(({ ms }) => ms);
console.log(
  `  bn/plain relu ${(bnRelu / relu).toFixed(2)}, bn/plain tanh ${(bnTanh / tanh).toFixed(2)}, ` +
    `tanh/relu plain ${(tanh / relu).toFixed(2)}, tanh/relu bn ${(bnTanh / bnRelu).toFixed(2)}`,
);

const others = ["leaky-relu", "elu", "selu", "gelu", "silu", "softplus", "sigmoid", "identity"];
print(
  "activations, plain",
  armName,
  measure(
    others.map((activation) => ({ activation })),
    seconds / 2,
  ),
);
print(
  "mini-batches of 10",
  armName,
  measure(
    arms.map((arm) => ({ ...arm, samples: 2500, batchSize: 10 })),
    seconds / 2,
  ),
);
const sized = (arm) => `${armName(arm)}, N = ${arm.samples}`;
for (const bn of [false, true])
  print(
    "samples, relu",
    sized,
    measure(
      [10, 100, 500, 513, 2500, 10_000, 50_000].map((samples) => ({ bn, activation: "relu", samples })),
      seconds,
    ),
  );
const wide = (arm) => `${armName(arm)}, width ${arm.width}`;
for (const bn of [false, true])
  print(
    "width, 500 samples, relu",
    wide,
    measure(
      [30, 64, 128, 256].map((width) => ({ bn, activation: "relu", width })),
      seconds,
    ),
  );
