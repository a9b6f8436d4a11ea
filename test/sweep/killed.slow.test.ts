import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { bnCompare, startCommand } from "../cli/command.js";
import { randomFrom } from "../cli/random-moments.js";
import { FULL, fill, smallDisk } from "./small-disk.js";
import { sweepFolder, textsOf, wholeStore } from "./store-bytes.js";

/** More with KILLS=100 CELLS=2000 SEED=7 npx vitest run test/sweep/killed. */
const KILLS = Number(process.env["KILLS"] ?? 12);
const CELLS = Number(process.env["CELLS"] ?? 240);
const SEED = Number(process.env["SEED"] ?? 1);

const cellsIn = (store: string) =>
  existsSync(join(store, "cells"))
    ? readdirSync(join(store, "cells"), { recursive: true }).filter((name) => String(name).endsWith(".json")).length
    : 0;

const SWEEP = ["sweep", "e.yaml", "--quiet", "--out", "store"];

test(`${KILLS} kills at random moments of a sweep of ${CELLS} cells (seed ${SEED}), two at work at once: the store has the bytes of one that was left alone`, async () => {
  const random = randomFrom(SEED);
  const cwd = sweepFolder({ updates: 60, seeds: Math.ceil(CELLS / 6) });
  const whole = await wholeStore(cwd);
  const count = () => cellsIn(join(cwd, "store"));
  /** Cells that were there at each kill. */
  const there = [0];
  for (let kill = 0; kill < KILLS; kill++) {
    const others = [0, 1].map(() => startCommand(cwd, SWEEP).child);
    // So many more each time that the last kill is still in the midst; every tenth is before the first cell.
    const enough = kill % 10 === 0 ? 0 : (there.at(-1) ?? 0) + 1 + random() * (CELLS / KILLS);
    const ended = Promise.race(others).then(() => true);
    while (count() < enough && !(await Promise.race([ended, delay(2)])));
    await delay(20 * random());
    for (const child of others) child.kill("SIGKILL");
    await Promise.all(others);
    there.push(count());
  }
  console.log(`cells at the kills: ${there.slice(1).join(", ")}`);
  expect(there.at(-1)).toBeLessThan(CELLS);
  // Then while it draws the conclusion.
  for (let kill = 0; kill < KILLS / 10; kill++) {
    const child = startCommand(cwd, SWEEP).child;
    while (count() < CELLS && child.exitCode === null) await delay(2);
    await delay(200 * random());
    child.kill("SIGKILL");
    await child;
  }
  const { exitCode, stderr } = await bnCompare(cwd, ...SWEEP);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(textsOf(join(cwd, "store"))).toEqual(whole);
  expect(readdirSync(join(cwd, "store"))).toEqual(readdirSync(join(cwd, "whole")));
}, 3_600_000);

test("Ctrl-C keeps the cells that are done, and the next sweep goes on with the others", async () => {
  const cwd = sweepFolder({ updates: 600, seeds: 10 });
  const whole = await wholeStore(cwd);
  const { child } = startCommand(cwd, SWEEP);
  while (cellsIn(join(cwd, "store")) < 5) await delay(2);
  child.kill("SIGINT");
  expect((await child).exitCode).toBe(130);
  const there = cellsIn(join(cwd, "store"));
  expect(there).toBeLessThan(60);
  const { stderr } = await bnCompare(cwd, ...SWEEP.filter((flag) => flag !== "--quiet"));
  expect(stderr).toContain(`${there} of 60 cells exist already`);
  expect(textsOf(join(cwd, "store"))).toEqual(whole);
}, 600_000);

test("a full disk ends a sweep with exit code 5, and with room on it the next one goes on", async ({ skip }) => {
  const cwd = sweepFolder({ updates: 600, seeds: 10 });
  const whole = await wholeStore(cwd);
  const disk = await smallDisk(join(cwd, "disk"));
  if (disk === undefined) return skip("no disk can be mounted here");
  const there = () => cellsIn(join(disk, "store"));
  const { child } = startCommand(cwd, ["sweep", "e.yaml", "--quiet", "--out", "disk/store"]);
  while (there() < 5) await delay(2);
  const filler = fill(disk);
  const { exitCode, stderr } = await child;
  expect([exitCode, stderr]).toEqual([5, expect.stringMatching(FULL)]);
  const kept = there();
  expect(kept).toBeLessThan(60);
  rmSync(filler);
  const next = await bnCompare(cwd, "sweep", "e.yaml", "--out", "disk/store");
  expect(next.stderr).toContain(`${kept} of 60 cells exist already`);
  expect(textsOf(join(disk, "store"))).toEqual(whole);
}, 600_000);
