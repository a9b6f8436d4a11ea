import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bnCompare, emptyFolder, meddling, QUICK, shellCode, startCommand } from "./command.js";
import { contentsOf } from "./random-moments.js";

const TANH = ["run", "--activation", "tanh", "--out", "out", ...QUICK];
const LONG = [...TANH, "--updates", "1000000", "--cost-every", "500", "--histogram-every", "100000"];

/** The whole command, with something done to it. */
async function meddled(deed: string, args: readonly string[], nodeOptions = "") {
  const cwd = emptyFolder();
  const { child } = startCommand(cwd, args, meddling(deed, nodeOptions));
  const { exitCode, stdout, stderr } = await child;
  return { cwd, exitCode, stdout, stderr };
}

describe("a command that goes on longer than what it waits for", () => {
  test.each(["fused", "tfjs"])(
    "keeps its run when drawing blocks the loop while workers of %s could end",
    async (engine) => {
      const args = [...TANH, "--engine", engine, "--quiet", ...(engine === "tfjs" ? ["--backend", "cpu"] : [])];
      const { cwd, exitCode, stderr } = await meddled("drawing is slow", args);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(readdirSync(cwd)).toEqual(["out"]);
      expect(readdirSync(join(cwd, "out"))).toContain("result.json");
    },
  );

  test.each([
    ["drawing never settles", /the command ended before it was done, with nothing left to wait for/],
    ["drawing throws later", /Error: thrown where nobody catches\n {4}at /],
    ["a promise is rejected", /Error: rejected where nobody waits\n {4}at /],
  ])("is a bug, with exit code 70 and a message: %s", async (deed, says) => {
    const { cwd, exitCode, stdout, stderr } = await meddled(deed, [...TANH, "--quiet"]);
    expect(stderr).toMatch(/^This is a bug in bn-compare:/);
    expect(stderr).toMatch(says);
    expect([exitCode, stdout]).toEqual([70, ""]);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe("a worker that is lost", () => {
  const ends = /^error: arm (plain|bn), seed 5: its worker /;

  test.each([
    ["the arm's thread ends", "", /its worker ended with exit code 7 before it was done/],
    [
      "the arm's heap is full",
      "--max-old-space-size=100",
      /arm (plain|bn), seed 5 needs more memory than Node\.js allows/,
    ],
  ])("is reported with its arm and seed: %s", async (deed, nodeOptions, says) => {
    const { cwd, exitCode, stdout, stderr } = await meddled(deed, [...LONG, "--seed", "5", "--quiet"], nodeOptions);
    expect(stderr).toMatch(says);
    expect([exitCode, stdout]).toEqual([4, ""]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")("is reported when it is a process that is killed", async () => {
    const cwd = emptyFolder();
    const { child, said } = startCommand(cwd, [...LONG, "--engine", "tfjs", "--backend", "cpu", "--seed", "5"]);
    await said(/bn: update 0 /);
    const workers = childrenOf(child.pid as number);
    expect(workers).toHaveLength(2);
    process.kill(workers[1] as number, "SIGKILL");
    const { exitCode, stderr } = await child;
    const [error] = stderr.split("\n").filter((line) => line.startsWith("error: ")) as [string];
    expect(error).toMatch(ends);
    expect(error).toMatch(/was killed \(SIGKILL\) before it was done/);
    expect(exitCode).toBe(4);
    expect(readdirSync(cwd)).toEqual([]);
    expect(workers.filter(isThere)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")("is mentioned while it is stopped, and waited for", async () => {
    const cwd = emptyFolder();
    const args = [...TANH, "--engine", "tfjs", "--backend", "cpu", "--updates", "400", "--quiet"];
    const { child, said } = startCommand(cwd, [...args.filter((arg) => arg !== "--quiet")]);
    await said(/(bn|plain): update 0 /);
    const [worker] = childrenOf(child.pid as number) as [number];
    process.kill(worker, "SIGSTOP");
    await said(new RegExp(`arm (plain|bn), seed 1.*: worker process ${worker} is stopped.*kill -CONT ${worker}`));
    process.kill(worker, "SIGCONT");
    const { exitCode } = await child;
    expect(exitCode).toBe(0);
    expect(readdirSync(join(cwd, "out"))).toContain("result.json");
  });
});

describe.skipIf(process.platform !== "linux")("a worker process of a command that computes again", () => {
  const CPU = ["--engine", "tfjs", "--backend", "cpu"];
  const COMMANDS = [
    ["check", "e"],
    // In CI an update has to be forced.
    ["check", "e", "--update", "--force"],
    ["verify", "run"],
    ["verify", "run", "--engine", "reference"],
    ["reproduce", "learning-rate", "--quiet", ...CPU],
  ].map((args) => [args.join(" "), args] as const);
  /** With a run and a baseline of it. */
  const start = mkdtempSync(join(tmpdir(), "bn-compare-endings-"));
  afterAll(() => rmSync(start, { recursive: true, force: true }));
  beforeAll(async () => {
    const cwd = start;
    mkdirSync(join(cwd, "e"));
    const settings = { engine: "tfjs", backend: "cpu", activation: "tanh", samples: 20, width: 3, hiddenLayers: 1 };
    writeFileSync(join(cwd, "e", "experiment.yaml"), JSON.stringify({ ...settings, updates: 40, seeds: 2 }));
    for (const args of [
      ["check", "e", "--update", "--force"],
      ["run", "e/experiment.yaml", "--quiet", "--out", "run"],
    ]) {
      expect((await bnCompare(cwd, ...args)).exitCode).toBe(0);
    }
  });
  const prepared = () => {
    const cwd = emptyFolder();
    cpSync(start, cwd, { recursive: true });
    return cwd;
  };
  /**
   * Signals each worker that there is, again and again: one that is lost before its task is replaced. A child that is still
   * a copy of the command is none yet: the command waits for it in a system call until it is another program.
   */
  const toWorkers = (child: { pid?: number | undefined }, signal: "SIGKILL" | "SIGSTOP") => {
    const timer = setInterval(() => {
      for (const worker of childrenOf(child.pid as number).filter(isWorker)) process.kill(worker, signal);
    }, 100);
    return () => clearInterval(timer);
  };

  test.each(COMMANDS)("that is killed is reported: %s", async (_, args) => {
    const cwd = prepared();
    const before = contentsOf(cwd);
    const { child } = startCommand(cwd, args);
    const stop = toWorkers(child, "SIGKILL");
    const { exitCode, stderr } = await child;
    stop();
    expect(stderr).toMatch(/^error: .*: its worker was killed \(SIGKILL\) before it was done/m);
    expect(exitCode).toBe(4);
    expect(contentsOf(cwd)).toEqual(before);
  });

  test.each(COMMANDS)("that is stopped is mentioned, and can be interrupted: %s", async (_, args) => {
    const cwd = prepared();
    const before = contentsOf(cwd);
    const { child, said } = startCommand(cwd, args);
    const stop = toWorkers(child, "SIGSTOP");
    await said(/worker process \d+ is stopped, and the command waits for it; "kill -CONT \d+" lets it go on/);
    const workers = childrenOf(child.pid as number);
    expect(workers.length).toBeGreaterThan(0);
    stop();
    child.kill("SIGINT");
    const { stderr, ...ended } = await child;
    expect(stderr.endsWith("interrupted; nothing unfinished was written\n")).toBe(true);
    expect(shellCode(ended)).toBe(130);
    expect(contentsOf(cwd)).toEqual(before);
    expect(workers.filter(isThere)).toEqual([]);
  });
});

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (signal) => {
  const interrupted = "interrupted; nothing unfinished was written\n";

  test("ends a command whose loop never turns again", async () => {
    const cwd = emptyFolder();
    const { child, said } = startCommand(cwd, [...TANH, "--quiet"], meddling("drawing never ends"));
    await said(/drawing/);
    child.kill(signal);
    const { stderr, ...ended } = await child;
    expect([shellCode(ended), stderr]).toEqual([130, `drawing\n${interrupted}`]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("ends a training whose worker processes are stopped, and the processes", async () => {
    const cwd = emptyFolder();
    const { child, said } = startCommand(cwd, [...LONG, "--engine", "tfjs", "--backend", "cpu"]);
    await said(/bn: update 0 /);
    const workers = childrenOf(child.pid as number);
    for (const worker of workers) process.kill(worker, "SIGSTOP");
    child.kill(signal);
    const { stderr, ...ended } = await child;
    expect(stderr.endsWith(interrupted)).toBe(true);
    expect(shellCode(ended)).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
    expect(workers.filter(isThere)).toEqual([]);
  });
});

test.skipIf(process.platform === "win32")(
  "Ctrl-C, which a terminal also sends to worker processes, is an interruption",
  async () => {
    const cwd = emptyFolder();
    for (let i = 0; i < 3; i++) {
      const { child, said } = startCommand(
        cwd,
        [...LONG, "--engine", "tfjs", "--backend", "cpu"],
        {},
        { detached: true },
      );
      await said(i === 0 ? /bn: update 0 / : /./);
      process.kill(-(child.pid as number), "SIGINT");
      const { exitCode, stderr } = await child;
      expect(stderr).toMatch(/interrupted; nothing unfinished was written\n$/);
      expect(stderr).not.toContain("error");
      expect(exitCode).toBe(130);
    }
  },
);

test("worker processes do not outlive a command that was killed", async () => {
  const { child, said } = startCommand(emptyFolder(), [...LONG, "--engine", "tfjs", "--backend", "cpu"]);
  await said(/bn: update 0 /);
  const workers = childrenOf(child.pid as number);
  child.kill("SIGKILL");
  await child;
  // They hear of it when their loop turns, between two updates.
  while (workers.some(isThere)) await new Promise((resolve) => setTimeout(resolve, 20));
});

/** Processes that a process has started, over all its threads; Linux only. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

function isWorker(pid: number): boolean {
  try {
    return isThere(pid) && /-worker\.js/.test(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
  } catch {
    return false;
  }
}

function isThere(pid: number): boolean {
  try {
    // One that has ended and that its parent has not asked after is gone.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
