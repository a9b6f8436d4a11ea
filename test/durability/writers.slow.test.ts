import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { EXIT } from "../../src/errors.js";
import { settleRunFolder } from "../../src/output/run-folder.js";
import { emptyFolder } from "../cli/command.js";
import { runOf } from "./small-run.mjs";

const writer = fileURLToPath(new URL("functions.mjs", import.meta.url));

/** Starts a process that writes a run with this seed into the place, or pictures with it into the run there. */
const write = (kind: "run" | "report" | "file", place: string, seed: number) =>
  execa(process.execPath, [writer, kind, place, String(seed)], { reject: false, stdin: "ignore" });

/** The seed that every file of the run folder has; throws where they are of two runs, or one is missing or torn. */
function seedOf(place: string, except: (name: string) => boolean = () => false): number {
  const { config } = JSON.parse(readFileSync(join(place, "o", "result.json"), "utf8"));
  const expected = [...runOf(config.seed)].filter(([name]) => !except(name));
  for (const [name, content] of expected) {
    expect(readFileSync(join(place, "o", name))).toEqual(Buffer.from(content));
  }
  return Number(config.seed);
}

test("processes that write one run folder do so in turn: all succeed, and one run is there, whole", async () => {
  const place = emptyFolder();
  const seeds = Array.from({ length: 8 }, (_, i) => i + 1);
  for (let round = 0; round < 3; round++) {
    const ends = await Promise.all(seeds.map((seed) => write("run", place, seed)));
    expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(seeds.map(() => [EXIT.success, ""]));
    expect(seeds).toContain(seedOf(place));
    expect(readdirSync(place)).toEqual(["o"]);
  }
});

test("processes that write one file do so in turn too", async () => {
  const place = emptyFolder();
  const ends = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => write("file", place, seed)));
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readFileSync(join(place, "page.html"), "utf8")).toMatch(/^page [1-6]$/);
  expect(readdirSync(place)).toEqual(["page.html"]);
});

test("pictures that are written while the run is replaced never come beside another run's result in part", async () => {
  const place = emptyFolder();
  await write("run", place, 1);
  for (let round = 0; round < 4; round++) {
    const [runs, pictures] = [
      [2, 3],
      [4, 5],
    ] as const;
    const ends = await Promise.all([
      ...runs.map((seed) => write("run", place, seed)),
      ...pictures.map((seed) => write("report", place, seed)),
    ]);
    expect(ends.slice(0, 2).map(({ exitCode }) => exitCode)).toEqual([EXIT.success, EXIT.success]);
    for (const { exitCode, stderr } of ends.slice(2)) {
      if (exitCode === EXIT.success) continue;
      // Only of the pictures: their folder went away under them, or was not there at the moment of an exchange.
      expect(exitCode).toBe(EXIT.file);
      expect(stderr).toMatch(/it was replaced or removed meanwhile|its folder is not there/);
    }
    const picture = /\.(svg|html)$/;
    // The run's own files are of one run; the pictures are all of that run, or all of one report.
    seedOf(place, (name) => picture.test(name));
    const drawn = [...runOf(0).keys()].filter((name) => picture.test(name));
    const seeds = drawn.map((name) => /[1-5]/.exec(readFileSync(join(place, "o", name), "utf8"))?.[0]);
    expect(new Set(seeds).size).toBe(1);
    expect(readdirSync(place)).toEqual(["o"]);
  }
});

test("of processes that are killed at any moment among others that write, nothing is lost and nothing stays", async () => {
  const place = emptyFolder();
  await write("run", place, 1);
  for (let round = 0; round < 12; round++) {
    const running = [2, 3, 4, 5].map((seed) => write("run", place, seed));
    // Spread over the time that a process takes to start and to write, whatever this machine needs for it.
    await Promise.race([running[0], wait(40 + 25 * round)]);
    for (const process of running.slice(0, 2)) process.kill("SIGKILL");
    const ends = await Promise.all(running);
    expect(ends.slice(2).map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    settleRunFolder(join(place, "o"));
    expect([1, 2, 3, 4, 5]).toContain(seedOf(place));
    await write("run", place, 1);
    expect(readdirSync(place)).toEqual(["o"]);
  }
});
