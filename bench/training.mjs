// 250 updates of both arms, each in a thread of its own: cold, in a fresh process from the start of its threads, with V8
// still compiling; and warm, the same threads again.
import { fork } from "node:child_process";
import { once } from "node:events";
import { openPeak } from "./peak.mjs";
import { digits, heading, note, table } from "./report.mjs";
import { measureRounds, summary } from "./rounds.mjs";

/** The targets speak of a machine whose limit is this, GFLOP/s. */
const NOMINAL = 50;

const CASES = ["updates", "recorded"].flatMap((what) => ["relu", "tanh"].map((activation) => ({ what, activation })));
const NAMES = { updates: "updates alone", recorded: "with the run's records" };

async function inFreshProcess({ what, activation }, warmRuns) {
  const child = fork(new URL("training-process.mjs", import.meta.url), [what, activation, String(warmRuns)]);
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`a training process ended with code ${code}`);
  });
  failed.catch(() => {});
  const [times] = await Promise.race([once(child, "message"), failed]);
  return times;
}

export async function training({ seconds, quick }) {
  const contestants = CASES.map((one) => () => inFreshProcess(one, quick ? 1 : 3));
  const [limits, ...samples] = await measureRounds([openPeak(), ...contestants], {
    seconds: seconds(35, 3),
    least: 2,
  });
  const limit = Math.max(...limits);
  // As it would be where the register-only loop reaches the nominal limit.
  const nominal = (ms) => (ms * limit) / NOMINAL;
  const rows = CASES.map((one, i) => {
    const cold = summary(samples[i].map((round) => round.cold));
    const warm = summary(samples[i].flatMap((round) => round.warm));
    return { ...one, cold, warm, nominal: { cold: nominal(cold.best), warm: nominal(warm.best) } };
  });

  heading(`training: 250 updates of both arms in two threads, ms (limit ${digits(limit)} GFLOP/s)`);
  const at = `at ${NOMINAL} GFLOP/s`;
  table(
    ["", "cold", "median", at, "warm", "median", at],
    rows.map(({ what, activation, cold, warm, nominal }) => [
      `${activation}, ${NAMES[what]}`,
      ...[cold.best, cold.median, nominal.cold, warm.best, warm.median, nominal.warm].map(digits),
    ]),
  );
  note("records: a cost every 5 updates, histograms every 50, and a digest of every tensor after each update");
  return { limit, rows };
}
