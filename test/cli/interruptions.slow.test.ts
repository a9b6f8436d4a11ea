import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bnCompare, emptyFolder, QUICK, startCommand } from "./command.js";
import { contentsOf, emptied, happening, randomFrom } from "./random-moments.js";

/** More are drawn with SIGNALS=1000 PIPES=100 SEED=7 npx vitest run test/cli/interruptions.slow.test.ts. */
const SIGNALS = Number(process.env["SIGNALS"] ?? 24);
const PIPES = Number(process.env["PIPES"] ?? 12);
const SEED = Number(process.env["SEED"] ?? 1);
const HOUR = 3_600_000;

const RUN = ["run", "--activation", "tanh", "--out", "out", ...QUICK];
const NEW = [...RUN, "--seed", "2"];

/** A run with another one in its place, both whole, and how long it took. */
async function oldAndNew() {
  const [old, anew] = [emptyFolder(), emptyFolder()];
  await bnCompare(old, ...RUN);
  const started = performance.now();
  await bnCompare(anew, ...NEW);
  return {
    old,
    before: contentsOf(join(old, "out")),
    after: contentsOf(join(anew, "out")),
    ms: performance.now() - started,
  };
}

test(
  `${SIGNALS} signals at random moments (seed ${SEED}): exit code 130, and the old run or the new one, whole`,
  async () => {
    const random = randomFrom(SEED);
    const { old, before, after, ms } = await oldAndNew();
    const whole = [before, after].map((contents) => JSON.stringify(Object.values(contents)));
    const cwd = emptyFolder();
    const seen = { interrupted: 0, finished: 0, early: 0, replaced: 0, bySignal: 0 };
    const latencies: number[] = [];
    for (let i = 0; i < SIGNALS; i++) {
      emptied(cwd);
      cpSync(join(old, "out"), join(cwd, "out"), { recursive: true });
      const signal = random() < 0.5 ? "SIGINT" : "SIGTERM";
      const delay = random() * 1.1 * ms;
      const ended = await happening(cwd, NEW, { after: delay, what: (child) => child.kill(signal) });
      const about = `signal ${i}, ${signal} after ${delay.toFixed(0)} ms: ${JSON.stringify(ended)}`;
      const now = JSON.stringify(Object.values(contentsOf(join(cwd, "out"))));
      expect(whole, about).toContain(now);
      if (now === whole[1]) seen.replaced++;
      const said = ended.stderr.includes("interrupted; ");
      if (ended.signal === signal && !said) {
        // Node was not yet up, so the system ended it; it had done nothing.
        expect([now === whole[0], readdirSync(cwd)], about).toEqual([true, ["out"]]);
        seen.early++;
      } else if (!ended.happened) {
        expect([ended.exitCode, now === whole[1]], about).toEqual([0, true]);
        seen.finished++;
      } else if (ended.exitCode === 0) {
        // The command had ended and said so; the process was on its way out.
        expect(now === whole[1], about).toBe(true);
        seen.finished++;
      } else {
        // A thread that cannot be stopped in time makes the process end by SIGINT, which a shell shows as 130.
        if (ended.signal === "SIGINT") seen.bySignal++;
        else expect(ended.exitCode, about).toBe(130);
        latencies.push(ended.took);
        seen.interrupted++;
        // What is left beside the run, if anything, goes with the next run that succeeds.
      }
    }
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))]?.toFixed(0);
    console.log(
      `${JSON.stringify(seen)}; from signal to end: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, most ${at(1)} ms`,
    );
    expect(seen.interrupted).toBeGreaterThan(0);
    await bnCompare(cwd, ...NEW);
    expect(readdirSync(cwd)).toEqual(["out"]);
  },
  HOUR,
);

test(
  `${SIGNALS} signals when all is said and the process is on its way out (seed ${SEED}): exit code 0 or 130`,
  async () => {
    const random = randomFrom(SEED);
    const ends = new Set<number | undefined>();
    for (let i = 0; i < SIGNALS; i++) {
      const signal = random() < 0.5 ? "SIGINT" : "SIGTERM";
      const delay = random() * 8;
      const { child } = startCommand(emptyFolder(), ["--version"]);
      child.stdout.once("data", () => setTimeout(() => child.kill(signal), delay));
      const ended = await child;
      expect([0, 130], `signal ${i}, ${signal} after ${delay.toFixed(1)} ms: ended by ${ended.signal}`).toContain(
        ended.exitCode,
      );
      ends.add(ended.exitCode);
    }
    expect(ends).toContain(0);
  },
  HOUR,
);

test.each([
  ["stderr", []],
  ["stdout", ["--json"]],
  ["stdout", []],
  ["both", ["--json"]],
] as const)(
  `a reader who closes %s of run %s at ${PIPES / 4} random moments costs nothing (seed ${SEED})`,
  async (which, flags) => {
    const random = randomFrom(SEED);
    const { after, ms } = await oldAndNew();
    const cwd = emptyFolder();
    for (let i = 0; i < PIPES / 4; i++) {
      emptied(cwd);
      const delay = random() * 1.1 * ms;
      const ended = await happening(cwd, [...NEW, ...flags], {
        after: delay,
        what(child) {
          if (which !== "stderr") child.stdout.destroy();
          if (which !== "stdout") child.stderr.destroy();
        },
      });
      const about = `pipe ${i}, ${which} after ${delay.toFixed(0)} ms`;
      expect([ended.exitCode, ended.signal], about).toEqual([0, undefined]);
      expect(readdirSync(cwd), about).toEqual(["out"]);
      expect(Object.values(contentsOf(join(cwd, "out"))), about).toEqual(Object.values(after));
    }
  },
  HOUR,
);
