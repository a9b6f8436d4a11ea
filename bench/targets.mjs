// The targets that the project set itself, and whether this run meets them. Sections that were not run are left out.
import { digits, heading, percent, table, times } from "./report.mjs";

const ms = (value) => `${digits(value)} ms`;
const find = (rows, wanted) => rows.find((row) => Object.entries(wanted).every(([key, value]) => row[key] === value));
const relu = { bn: false, activation: "relu" };

/** `value` undefined: nothing was measured that could answer. */
const atLeast = (name, bound, value, show) => ({ name, target: `≥ ${show(bound)}`, bound, value, show, sign: 1 });
const atMost = (name, bound, value, show) => ({ name, target: `≤ ${show(bound)}`, bound, value, show, sign: -1 });

/** The largest ratio of those that are compared; CPU times have no interruptions, so the median says more than the best. */
const most = (rows, isMeant) => rows && Math.max(...rows.filter(isMeant).map(({ ratio }) => ratio.median));

/** An engine's smaller ratio to the fused one, where it was measured. */
const least = (images, engine) => {
  const rows = images?.rows.filter(({ name }) => name === engine) ?? [];
  return rows.length === 0 ? undefined : Math.min(...rows.map(({ ratio }) => ratio.best));
};

function targetsOf({ kernel, definitions, engines, images, sizes, training, seeds, sweep, command }) {
  const native = engines?.engines.find(({ name }) => name === "tfjs tensorflow");
  const updates = training && find(training.rows, { what: "updates", activation: "relu" });
  const commandRow = (name) => command?.rows.find((row) => row.name === name);
  const run = commandRow("bn-compare run --activation relu");
  const tanh = commandRow("bn-compare run --activation tanh");
  const manySeeds = seeds && find(seeds.rows, { activation: "relu", workers: 2 });
  const stored = (workers) => sweep && find(sweep.rows, { name: "into a store", workers });
  const seconds = (value) => `${digits(value / 1000)} s`;
  return [
    atLeast("plain relu: share of the SIMD limit", 0.6, kernel && find(kernel.tutorial.rows, relu).share, percent),
    atMost("bn against plain, relu", 1.2, kernel?.ratios["bn against plain, relu"].best, times),
    atMost("bn against plain, tanh", 1.2, kernel?.ratios["bn against plain, tanh"].best, times),
    atMost("tanh against relu, plain", 1.3, kernel?.ratios["tanh against relu, plain"].best, times),
    atMost("tanh against relu, bn", 1.3, kernel?.ratios["tanh against relu, bn"].best, times),
    atMost(
      "the slowest normalizer, times BN",
      1.3,
      most(definitions?.normalizers, () => true),
      times,
    ),
    atMost(
      "adam, times sgd",
      1.15,
      most(definitions?.optimizers, ({ name }) => name === "adam"),
      times,
    ),
    atLeast("faster than tfjs tensorflow, both arms, relu", 25, native?.both[0].ratio.best, times),
    atLeast("images, faster than tfjs wasm", 8, least(images, "tfjs wasm"), times),
    atLeast("images, faster than tfjs tensorflow", 1, least(images, "tfjs tensorflow"), times),
    atMost(
      "1500 updates of both arms on images",
      20_000,
      images?.run.updates > 1500 ? images.run.ms : undefined,
      seconds,
    ),
    atMost("250 updates of both arms, relu, cold, at 50 GFLOP/s", 330, updates?.nominal.cold, ms),
    atMost("250 updates of both arms, relu, warm, at 50 GFLOP/s", 190, updates?.nominal.warm, ms),
    atLeast("throughput at N = 50 000, plain relu", 0.8, sizes?.samples[0].throughput.best, percent),
    atLeast("throughput at N = 50 000, bn relu", 0.8, sizes?.samples[1].throughput.best, percent),
    atLeast("two workers against one, many seeds", 1.85, manySeeds?.speedup.best, times),
    // A quick run trains fewer seeds, which says nothing about this bound.
    atMost(
      "30 seeds × both arms × 250 updates",
      8000,
      manySeeds?.seeds === 30 ? manySeeds.ms.best : undefined,
      seconds,
    ),
    atMost("a sweep's own time, a cell", 5, stored(1)?.overhead.wall, ms),
    atLeast("a sweep on two workers against one", 1.8, stored(2)?.speedup.best, times),
    atMost("run --activation relu against an empty Node, wall", 30, run?.times.wall.best, times),
    atMost("run --activation relu against an empty Node, CPU", 50, run?.times.cpu.best, times),
    atMost("run --activation tanh against relu, wall", 1.25, run && tanh.ms.best / run.ms.best, times),
    atMost("run --activation relu, peak memory", 150, run?.peakMB, (value) => `${Math.round(value)} MB`),
    atMost("--help against an empty Node, wall", 2.3, commandRow("bn-compare --help")?.times.wall.best, times),
  ];
}

export function checkTargets(found) {
  const rows = targetsOf(found)
    .filter(({ value }) => value !== undefined)
    .map(({ name, target, bound, value, show, sign }) => ({
      name,
      target,
      value,
      shown: show(value),
      met: sign * (value - bound) >= 0,
    }));
  if (rows.length === 0) return rows;
  heading("targets");
  table(
    ["", "target", "here", "met"],
    rows.map(({ name, target, shown, met }) => [name, target, shown, met ? "yes" : "no"]),
  );
  return rows.map(({ shown: _, ...row }) => row);
}
