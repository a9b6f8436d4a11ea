import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCommand } from "../cli/command.js";
import { randomFrom } from "../cli/random-moments.js";
import { KINDS, missing, reason, startServer } from "./servers.js";
import { FULL, fill, smallDisk } from "./small-disk.js";
import { sweepFolder, textsOf, wholeStore } from "./store-bytes.js";

/** More with ROUNDS=200 SEED=7 npx vitest run test/sweep/chaos. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 2);
const SEED = Number(process.env["SEED"] ?? 1);

/** Past the lock of a worker, ms. */
const STOPPED = 7000;

/** A command that is started again where its server is away at the start, as whoever runs it would. */
function supervised(cwd: string, args: readonly string[]) {
  let isKilled = false;
  let child = startCommand(cwd, args).child;
  const follow = async (): Promise<Awaited<typeof child>> => {
    const result = await child;
    if (isKilled || result.exitCode !== 4) return result;
    await delay(300);
    if (!isKilled) child = startCommand(cwd, args).child;
    return follow();
  };
  const ended = follow();
  return {
    ended,
    signal: (name: "SIGSTOP" | "SIGCONT") => child.kill(name),
    async kill() {
      isKilled = true;
      child.kill("SIGKILL");
      await ended;
    },
  };
}
type Command = ReturnType<typeof supervised>;

describe.skipIf(missing).each(KINDS)(`a sweep through %s${reason}`, (kind) => {
  test(
    `has the bytes of one machine after ${ROUNDS} rounds of faults (seed ${SEED})`,
    async () => {
      const random = randomFrom(SEED);
      const cwd = sweepFolder({ updates: 600, seeds: 8 });
      const whole = await wholeStore(cwd);
      const disk = await smallDisk(join(cwd, "disk"));
      const server = await startServer(kind);
      onTestFinished(() => server.close());
      const worker = (...flags: string[]) =>
        supervised(cwd, ["worker", "--queue", server.url, "--workers", "1", "--quiet", ...flags]);
      const sender = (out: string) =>
        supervised(cwd, ["sweep", "e.yaml", "--queue", server.url, "--quiet", "--out", out]);
      const killed = (commands: Iterable<Command>) => Promise.all([...commands].map((command) => command.kill()));

      for (let round = 0; round < ROUNDS; round++) {
        await server.empty();
        for (const store of ["a", "b", "disk/own", "disk/collected"])
          rmSync(join(cwd, store), { recursive: true, force: true });
        // One sends its cells back, one puts them into the first sender's store.
        let workers = [worker(), worker("--out", "a")];
        let senders = new Map([["a", sender("a")]]);
        const restarted = (place: number) => worker(...(place === 1 ? ["--out", "a"] : []));

        const FAULTS = {
          async "a worker is killed"() {
            const place = random() < 0.5 ? 0 : 1;
            await killed([workers[place] as Command]);
            workers[place] = restarted(place);
          },
          async "a worker stops past its lock and goes on"() {
            const child = workers[random() < 0.5 ? 0 : 1] as Command;
            child.signal("SIGSTOP");
            await delay(STOPPED);
            child.signal("SIGCONT");
          },
          async "the server is killed and starts again"() {
            await server.kill();
            await delay(1000 * random());
            await server.start();
          },
          async "all is killed and starts again"() {
            await killed([...workers, ...senders.values()]);
            await server.kill();
            await server.start();
            workers = [restarted(0), restarted(1)];
            senders = new Map([...senders.keys()].map((store) => [store, sender(store)]));
          },
          async "the disk of a store is full"() {
            if (disk === undefined) return;
            const filler = fill(disk);
            // Alone, so that it gets a cell if one is left.
            await killed(workers);
            const unfit = worker("--out", "disk/own");
            const over = Promise.all([...senders.values()].map(({ ended }) => ended)).then(() => undefined);
            const ended = await Promise.race([unfit.ended, over]);
            if (ended !== undefined) expect([ended.exitCode, ended.stderr]).toEqual([5, expect.stringMatching(FULL)]);
            await unfit.kill();
            workers = [restarted(0), restarted(1)];
            const { exitCode, stderr } = await sender("disk/collected").ended;
            expect([exitCode, stderr]).toEqual([5, expect.stringMatching(FULL)]);
            rmSync(filler);
            senders.set("disk/collected", sender("disk/collected"));
          },
          async "another sender sends the same cells"() {
            if (!senders.has("b")) senders.set("b", sender("b"));
          },
        };
        const names = Object.keys(FAULTS) as (keyof typeof FAULTS)[];
        // Every kind in its turn, of the second server from the middle on, and one more by chance.
        const faults = [
          names[(round + 3 * KINDS.indexOf(kind)) % names.length],
          names[Math.floor(random() * names.length)],
        ] as const;
        await delay(600 + 2000 * random());
        for (const fault of faults) {
          if (fault !== undefined) await FAULTS[fault]();
          await delay(1000 * random());
        }
        for (const [store, child] of senders) {
          const { exitCode, stderr } = await child.ended;
          expect([exitCode, stderr], `round ${round}: ${faults}`).toEqual([0, expect.any(String)]);
          expect(textsOf(join(cwd, store)), `round ${round}: ${faults}`).toEqual(whole);
        }
        await killed(workers);
      }
    },
    4 * 3_600_000,
  );
});
