// What `npm run gate:rates` does: recorded finals of one experiment, and the gate's own decisions between draws from them.
import { fileURLToPath } from "node:url";
import { gatesOf } from "../dist/check/gates.js";
import { plannedLooks } from "../dist/check/interval.js";
import { decideGates, lookInTurn } from "../dist/check/looks.js";
import { prepareCheck } from "../dist/check/prepare-check.js";
import { randomStream } from "../dist/data/streams.js";
import { nudged } from "../dist/experiment/rounding-probe.js";
import { openWorkers } from "../dist/experiment/workers.js";
import { wilsonInterval } from "../dist/metrics/proportion.js";

/**
 * Trains both arms of an experiment for `seeds` seeds, `repeats` times each with its initial kernels nudged, as a check
 * would: `finals[i][repeat]` is what a run says of seed i's arms.
 */
export async function recordPool(name, { seeds, repeats }) {
  const folder = fileURLToPath(new URL(`../experiments/${name}`, import.meta.url));
  const { experiment, settings } = prepareCheck({ name, folder }, {});
  const { batchSize, schedule, engine } = experiment;
  const arms = Object.entries(experiment.arms);
  const first = experiment.seeds[0];
  const workers = await openWorkers({ engine: engine.name, jobs: seeds * repeats * arms.length });
  // Costs at the end are enough; measuring one never changes what is trained.
  const job = (seed, repeat, [arm, plan]) => {
    const drawn = experiment.draw(seed);
    const { training, evaluation } = drawn.dataset;
    const weights = nudged(drawn.weightsOf(plan), seed, repeat);
    const sparse = { ...schedule, costEvery: schedule.updates };
    return { name: arm, spec: plan.spec, weights, training, evaluation, batchSize, schedule: sparse };
  };
  try {
    const finals = await Promise.all(
      Array.from({ length: seeds }, (_, i) =>
        Promise.all(
          Array.from({ length: repeats }, async (_, repeat) => {
            const ends = arms.map(async (arm) => {
              const { costs } = await workers.run(job(first + i, repeat + 1, arm), () => {});
              const { status, final, divergence } = costs;
              return [arm[0], status === "trained" ? { status, final } : { status, divergence }];
            });
            return Object.fromEntries(await Promise.all(ends));
          }),
        ),
      ),
    );
    return { experiment, settings, finals };
  } finally {
    await workers.close();
  }
}

/**
 * The gate's answers over `decisions` comparisons of two draws: the experiment's number of seeds (with `most`, up to that
 * many) in random order, and of each two different repeats. `increase` is what the gated arms' costs truly grew by, in
 * tolerances.
 */
export async function simulate({ experiment, settings, finals }, { decisions, most, increase }) {
  const arms = Object.keys(experiment.arms);
  const { looks, confidence } = plannedLooks(experiment.seeds.length, most ?? experiment.seeds.length);
  const stream = randomStream(1, `gate rates, up to ${looks.at(-1)} seeds, increase ${increase}`);
  const below = (n) => Math.floor(stream.uniform() * n);
  const baseline = { seeds: finals.map(([one], i) => ({ seed: experiment.seeds[0] + i, arms: one })) };
  const gates = gatesOf(settings, experiment, baseline);
  const worse = (final, arm) => {
    const gate = gates.find(({ quantity }) => quantity.arm === arm);
    if (gate === undefined || final.status !== "trained") return final;
    const factor = 1 + increase * gate.tolerance.share;
    return { ...final, final: { train: factor * final.final.train, inference: factor * final.final.inference } };
  };
  const count = { regression: 0, inconclusive: 0, pass: 0 };
  let used = 0;
  for (let decision = 0; decision < decisions; decision++) {
    const drawn = Array.from(stream.permutation(finals.length).subarray(0, looks.at(-1)), (i) => {
      const one = below(finals[i].length);
      const other = (one + 1 + below(finals[i].length - 1)) % finals[i].length;
      const current = Object.entries(finals[i][other]).map(([arm, final]) => [arm, worse(final, arm)]);
      return { seed: experiment.seeds[0] + i, baseline: finals[i][one], current: Object.fromEntries(current) };
    });
    const { outcome, seeds } = await lookInTurn(looks, (seeds) =>
      decideGates(arms, gates, drawn.slice(0, seeds), { confidence }),
    );
    count[outcome] += 1;
    used += seeds;
  }
  const shares = Object.entries(count).map(([outcome, times]) => {
    const { share, low, high } = wilsonInterval(times, decisions);
    return [outcome, { share, low, high }];
  });
  return { looks, seedsUsed: used / decisions, ...Object.fromEntries(shares) };
}
