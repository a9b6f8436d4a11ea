import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { EXIT } from "../../src/errors.js";
import { type Case, COMMANDS, type Files, FOLDER, FUNCTIONS } from "./cases.js";
import { cannotTrace, FAULTS, type Fault, fits, type Point, type Program, pointsOf, withFault } from "./faults.js";

/*
 * Every command that writes is killed, and its calls of the operating system are made to fail, one after the other. After
 * each: old or new is whole once the next command has looked there, the exit code is right, and the next one that succeeds
 * leaves nothing beside what it wrote.
 *
 * DURABILITY=all tries every fault at every call (an hour of two cores; DURABILITY_PART=1/4 every fourth of them); else a sample that is spread evenly, from DURABILITY_SEED.
 */
const ALL = process.env["DURABILITY"] === "all";
const SEED = Number(process.env["DURABILITY_SEED"] ?? 20150211);
const [PART = 1, PARTS = 1] = (process.env["DURABILITY_PART"] ?? "1/1").split("/").map(Number);
const LIMIT_MS = ALL ? 14_400_000 : 600_000;

const reason = cannotTrace();
describe.skipIf(reason !== undefined)(`after a kill or a failed call${reason ?? ""}`, () => {
  for (const one of [...FUNCTIONS, ...COMMANDS]) {
    test(`${one.name}: old or new is whole, and the next one leaves nothing behind`, {
      timeout: LIMIT_MS,
    }, async () => {
      expect(await brokenBy(one)).toEqual([]);
    });
  }
});

/** The faults after which something is wrong, and what. */
async function brokenBy({ name, before, program, together, settle, again, tries }: Case): Promise<string[]> {
  // As the system names it: macOS keeps temporary files behind a link.
  const root = realpathSync(mkdtempSync(join(tmpdir(), "bn-compare-faults-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const place = join(root, "place");
  const start = join(root, "start");
  const log = join(root, "calls");
  mkdirSync(place);
  await before(place, execute);
  cpSync(place, start, { recursive: true });
  const old = filesIn(place);
  const restore = () => {
    rmSync(place, { recursive: true, force: true });
    cpSync(start, place, { recursive: true });
  };

  const points = await pointsOf(program(place), place, log);
  const written = filesIn(place);
  expect(written, "the command writes something else than what is there").not.toEqual(old);
  const all = points.flatMap((point) =>
    FAULTS.filter((fault) => fits(fault, point)).map((fault) => ({ point, fault })),
  );
  const chosen = ALL ? all.filter((_, place) => place % PARTS === PART - 1) : chooseFrom(all, tries);
  const ended = new Map<number | string, number>();
  const broken: string[] = [];
  let hits = 0;
  let steadyHits = 0;
  for (const { point, fault } of chosen) {
    const faulted = () => {
      restore();
      return withFault(program(place), point, fault, place, log);
    };
    let outcome = await faulted();
    // How often some calls are made varies, so a fault may miss: of the few that are tried each gets three chances.
    for (let miss = 0; miss < 2 && !outcome.hit && !ALL; miss++) outcome = await faulted();
    if (outcome.hit) hits++;
    if (outcome.hit && point.call !== "write") steadyHits++;
    ended.set(outcome.ended, (ended.get(outcome.ended) ?? 0) + 1);
    let wrong: string[];
    try {
      settle?.(place);
      wrong = [...wrongEnd(outcome, fault), ...wrongState(filesIn(place), { old, written, together }, outcome.ended)];
      await again(place, written);
      const stays = Object.keys(filesIn(place)).filter((path) => written[path] === undefined);
      const lacks = Object.keys(written).filter((path) => filesIn(place)[path] !== written[path]);
      wrong.push(...stays.map((path) => `${path} stays`), ...lacks.map((path) => `${path} is not the next one's`));
    } catch (error) {
      wrong = [String(error)];
    }
    if (wrong.length > 0) broken.push(`${textOf(point, fault)}: ${wrong.join("; ")} (${outcome.stderr.trim()})`);
  }
  const ends = [...ended].map(([end, count]) => `${count} × ${end}`).join(", ");
  const seeded = ALL ? "" : `, DURABILITY_SEED=${SEED}`;
  console.log(
    `${name}: ${points.length} calls, ${chosen.length} of ${all.length} faults${seeded}; ${hits} hit; ended ${ends}`,
  );
  // How often Node writes for itself varies, so of the writes some may hit another one.
  expect(steadyHits).toBeGreaterThan(0.5 * chosen.filter(({ point }) => point.call !== "write").length);
  return broken;
}

function wrongEnd({ ended, stderr, hit }: { ended: number | string; stderr: string; hit: boolean }, fault: Fault) {
  const right = fault === "KILL" ? ended === "SIGKILL" : ended === EXIT.success || ended === EXIT.file;
  // A fault elsewhere, in Node itself, has an end of Node's own.
  if (right || !hit) return [];
  return [`ended with ${ended}`, ...(stderr.includes("bug") ? ["says that it is a bug"] : [])];
}

interface States {
  readonly old: Files;
  readonly written: Files;
  readonly together: RegExp | undefined;
}

/** After success all is new; otherwise what belongs together is old or new, and so is each other file. */
function wrongState(found: Files, { old, written, together }: States, ended: number | string): string[] {
  const part = (files: Files) =>
    JSON.stringify(Object.entries(files).filter(([path]) => together?.test(path) && !path.includes("/.")));
  const now = part(found);
  const mixed = now !== part(written) && (ended === EXIT.success || now !== part(old));
  const alone = [...new Set([...Object.keys(old), ...Object.keys(written)])].filter((path) => !together?.test(path));
  const torn = alone.filter(
    (path) => found[path] !== written[path] && (ended === EXIT.success || found[path] !== old[path]),
  );
  return [...(mixed ? ["what belongs together is neither old nor new"] : []), ...torn.map((path) => `${path} is torn`)];
}

/** Kills at renames, where a state ends and the next begins, are up to half of the tries; the rest is spread evenly. */
function chooseFrom(all: readonly { point: Point; fault: Fault }[], tries: number) {
  const decisive = all.filter(({ point, fault }) => point.call === "rename" && fault === "KILL");
  const first = sample(decisive, tries / 2);
  const others = all.filter((one) => !first.includes(one));
  return [...first, ...sample(others, tries - first.length)];
}

/** As many of them as wanted, evenly spread. */
function sample<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const shift = fraction(SEED);
  return Array.from({ length: Math.floor(count) }, (_, i) => all[Math.floor(((i + shift) * all.length) / count)] as T);
}

/** A number in [0, 1) for each seed (the golden ratio's multiples, which spread evenly). */
function fraction(seed: number): number {
  return (seed * 0.6180339887498949) % 1;
}

async function execute(program: Program): Promise<void> {
  await execa(process.execPath, program, { stdin: "ignore", env: { CI: "" } });
}

/** Every file's bytes by its path, but for times, which no two runs share; folders too. */
function filesIn(place: string): Files {
  const paths = (readdirSync(place, { recursive: true }) as string[]).filter((path) => !path.endsWith("timing.json"));
  const content = (path: string) =>
    statSync(join(place, path)).isDirectory() ? FOLDER : readFileSync(join(place, path), "latin1");
  return Object.fromEntries(paths.sort().map((path) => [path, content(path)]));
}

function textOf({ call, nth }: Point, fault: Fault): string {
  return `${fault} at ${call} ${nth}`;
}
