import { readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { bnCompare, emptyFolder, startCommand } from "../cli/command.js";
import { contentsOf, randomFrom } from "../cli/random-moments.js";

/** More with KILLS=100 CELLS=2000 SEED=7 npx vitest run test/sweep/killed. */
const KILLS = Number(process.env["KILLS"] ?? 12);
const CELLS = Number(process.env["CELLS"] ?? 240);
const SEED = Number(process.env["SEED"] ?? 1);

const EXPERIMENT = `name: rates
samples: 60
hiddenLayers: 3
width: 8
updates: 60
seeds: ${Math.ceil(CELLS / 6)}
sweep:
  learningRate: [0.001, 0.01, 0.1]
`;

const SWEEP = ["sweep", "e.yaml", "--quiet", "--out"];

const textsOf = (folder: string) =>
  Object.fromEntries(Object.entries(contentsOf(folder)).map(([file, text]) => [relative(folder, file), text]));

test(`${KILLS} kills at random moments of a sweep of ${CELLS} cells (seed ${SEED}), two at work at once: the store has the bytes of one that was left alone`, async () => {
  const random = randomFrom(SEED);
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "e.yaml"), EXPERIMENT);
  const started = performance.now();
  expect((await bnCompare(cwd, ...SWEEP, "whole")).exitCode).toBe(0);
  const took = performance.now() - started;
  for (let kill = 0; kill < KILLS; kill++) {
    const others = [0, 1].map(() => startCommand(cwd, [...SWEEP, "store"]).child);
    await new Promise((resolve) => setTimeout(resolve, 300 + random() * Math.min(4000, took / 2)));
    for (const child of others) child.kill("SIGKILL");
    await Promise.all(others);
  }
  const { exitCode, stderr } = await bnCompare(cwd, ...SWEEP, "store");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(readdirSync(join(cwd, "store"))).toEqual(readdirSync(join(cwd, "whole")));
  expect(textsOf(join(cwd, "store"))).toEqual(textsOf(join(cwd, "whole")));
}, 3_600_000);
