import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** A call of the operating system that writes, in a traced program: the n-th of its name. */
export interface Point {
  readonly call: string;
  readonly nth: number;
}

/** What happens at a point: the process is killed, the call fails, or it and every later one of its name do. */
export const FAULTS = ["KILL", "ENOSPC", "EIO", "EROFS", "EDQUOT", "EMFILE", "EROFS+", "ENOSPC+"] as const;
export type Fault = (typeof FAULTS)[number];

/** Calls that only what we write makes, in the place: they may go on to fail. Others would fail for Node itself too. */
const MAY_GO_ON = new Set(["mkdir", "rename", "fsync", "unlink", "rmdir"]);

const CALLS = "openat,mkdir,write,pwrite64,fsync,close,rename,unlink,rmdir,chmod,fchmod,chown,fchown";

/** A program of Node and its arguments. */
export type Program = readonly string[];

export interface Outcome {
  /** The exit code, or the signal. */
  readonly ended: number | string;
  readonly stderr: string;
  /** Whether the fault hit a call in the place: the counts of some calls vary a little between runs. */
  readonly hit: boolean;
}

/** Why nothing can be traced here; undefined where it can. */
export function cannotTrace(): string | undefined {
  if (process.env["CI"] === "true") return undefined;
  try {
    execFileSync("strace", ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return undefined;
  } catch {
    return " (strace is not here or may not trace)";
  }
}

/** Every call that writes into the place when the program runs, in order. */
export async function pointsOf(program: Program, place: string, log: string): Promise<Point[]> {
  await traced(["-e", `trace=${CALLS}`], program, log);
  const counts = new Map<string, number>();
  return callsIn(log).flatMap(({ call, line }) => {
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return writesInto(place, call, line) ? [{ call, nth }] : [];
  });
}

/** Runs the program with the fault at the point. */
export async function withFault(
  program: Program,
  { call, nth }: Point,
  fault: Fault,
  place: string,
  log: string,
): Promise<Outcome> {
  const [name, goesOn] = fault.split("+");
  const effect = name === "KILL" ? "signal=KILL" : `error=${name}`;
  const when = `${nth}${goesOn === undefined ? "" : "+"}`;
  const { exitCode, signal, stderr } = await traced(
    ["-e", `trace=${call}`, "-e", `inject=${call}:${effect}:when=${when}`],
    program,
    log,
  );
  const last = name === "KILL" ? callsIn(log).at(-1) : callsIn(log).find(({ line }) => line.includes("(INJECTED)"));
  return {
    ended: signal ?? exitCode ?? "nothing",
    stderr,
    hit: last !== undefined && writesInto(place, call, last.line),
  };
}

/** Whether a fault makes sense at a point. */
export function fits(fault: Fault, { call }: Point): boolean {
  return !fault.endsWith("+") || MAY_GO_ON.has(call);
}

/** Without its threads: the program's own thread does the writing. Paths stand beside file descriptors (-y). */
async function traced(how: readonly string[], program: Program, log: string) {
  return execa("strace", ["-o", log, "-y", "-s", "1", ...how, process.execPath, ...program], {
    reject: false,
    stdin: "ignore",
    env: { NO_COLOR: "1", CI: "", GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" },
  });
}

function callsIn(log: string): { call: string; line: string }[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, call] = /^(\w+)\(/.exec(line) ?? [];
      return call === undefined ? [] : [{ call, line }];
    });
}

function writesInto(place: string, call: string, line: string): boolean {
  if (!line.includes(join(place, "/"))) return call === "fsync" && line.includes(`${place}>`);
  if (call === "openat") return line.includes("O_CREAT");
  // What is only read is closed too.
  if (call === "close") return /\.(writing|committing)-/.test(line);
  return true;
}
