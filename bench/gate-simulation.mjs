// What `npm run gate:rates` does: recorded finals of one experiment, and the gate's own decisions between draws from them.
import { fileURLToPath } from "node:url";
import { gatesOf } from "../build/check/gates.js";
import { plannedLooks } from "../build/check/interval.js";
import { decideGates, lookInTurn } from "../build/check/looks.js";
import { prepareCheck } from "../build/check/prepare-check.js";
import { toleranceText } from "../build/check/tolerance.js";
import { randomStream } from "../build/data/streams.js";
import { nudged } from "../build/experiment/rounding-probe.js";
import { openWorkers } from "../build/experiment/workers.js";
import { wilsonInterval } from "../build/metrics/proportion.js";

/**
 * Trains both arms of an experiment for `seeds` seeds, `repeats` times each with its initial kernels nudged, as a check
 * would: `finals[i][repeat]` is what a run says of the arms of seed `from` + i.
 */
export async function recordPool(name, { seeds, repeats, from = 1 }) {
  const folder = fileURLToPath(new URL(`../experiments/${name}`, import.meta.url));
  const { experiment, settings } = prepareCheck({ name, folder }, {});
  const { batchSize, schedule, engine } = experiment;
  const arms = Object.entries(experiment.arms);
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
              const { costs } = await workers.run(job(from + i, repeat + 1, arm), () => {});
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
 * The gate's answers over `decisions` comparisons of two draws: `seeds` of the recorded seeds (with `most`, up to that
 * many) in random order, and of each two different repeats. `increase` is how much the quantities of the kinds `raised`
 * truly grew, in tolerances. Also the answers of each gate by itself, at the last look.
 */
export async function simulate(
  { experiment, settings, finals },
  { decisions, seeds = experiment.seeds.length, most = seeds, tolerance, increase, raised },
) {
  const arms = Object.keys(experiment.arms);
  const { looks, confidence } = plannedLooks(seeds, most);
  const stream = randomStream(1, `gate rates/${looks}/${tolerance}/${increase}/${raised}`);
  const below = (n) => Math.floor(stream.uniform() * n);
  const baseline = { seeds: finals.map(([one], i) => ({ seed: experiment.seeds[0] + i, arms: one })) };
  const gates = gatesOf({ ...settings, ...(tolerance && { maxIncrease: tolerance }) }, experiment, baseline);
  const worse = (arm, end) => {
    if (end.status !== "trained") return end;
    const final = { ...end.final };
    for (const { quantity, tolerance } of gates) {
      const { kind } = quantity;
      if (quantity.arm === arm && raised.includes(kind)) final[kind] *= 1 + increase * tolerance.share;
    }
    return { ...end, final };
  };
  const answers = {
    whole: tally(),
    ...Object.fromEntries(gates.map(({ quantity: q }) => [`${q.arm}.${q.kind}`, tally()])),
  };
  let used = 0;
  for (let decision = 0; decision < decisions; decision++) {
    const drawn = Array.from(stream.permutation(finals.length).subarray(0, looks.at(-1)), (i) => {
      const one = below(finals[i].length);
      const other = (one + 1 + below(finals[i].length - 1)) % finals[i].length;
      const current = Object.entries(finals[i][other]).map(([arm, end]) => [arm, worse(arm, end)]);
      return { seed: experiment.seeds[0] + i, baseline: finals[i][one], current: Object.fromEntries(current) };
    });
    const last = await lookInTurn(looks, (count) => decideGates(arms, gates, drawn.slice(0, count), { confidence }));
    answers.whole[last.outcome] += 1;
    for (const { quantity, outcome } of last.decisions) if (quantity in answers) answers[quantity][outcome] += 1;
    used += last.seeds;
  }
  const rates = Object.entries(answers).map(([name, counts]) => [name, sharesOf(counts, decisions)]);
  const tolerances = gates.map((gate) => toleranceText(gate.tolerance));
  return { looks, tolerances, increase, raised, seedsUsed: used / decisions, ...Object.fromEntries(rates) };
}

const tally = () => ({ regression: 0, inconclusive: 0, pass: 0 });

function sharesOf(counts, trials) {
  return Object.fromEntries(
    Object.entries(counts).map(([outcome, times]) => {
      const { share, low, high } = wilsonInterval(times, trials);
      return [outcome, { share, low, high }];
    }),
  );
}
