import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { byteDigest } from "../data/digest.js";
import { readStart } from "../input-file.js";
import { t } from "../text/language.js";

/*
 * Which process a hidden file or folder belongs to, as a part of its name: `MACHINE-PID-START-COUNT`. In the name, not in
 * a file, since a name appears in one step: nothing is ever there without its owner.
 */

/** Pattern of an owner in a name. */
export const OWNER = "[0-9a-f]{8}-\\d+-\\d+-\\d+";

/** Process ids mean something on one machine, and there in one container. */
const MACHINE = byteDigest(`${hostname()} ${pidNamespace()}`).slice(0, 8);
/** Where the system does not say when a process started. */
const UNKNOWN_START = "0";
const START = startOf(process.pid) ?? UNKNOWN_START;

/** Owners that this process uses now. */
const held = new Set<string>();
let count = 0;

export function newOwner(): string {
  const owner = `${MACHINE}-${process.pid}-${START}-${count++}`;
  held.add(owner);
  return owner;
}

/** From now on, what is left under this name is nobody's. */
export function releaseOwner(owner: string): void {
  held.delete(owner);
}

/** Whether the owner is at work; "unknown" of another machine's, and where the system does not say. */
export function isAtWork(owner: string): boolean | "unknown" {
  const [machine, digits, start] = owner.split("-") as [string, string, string];
  const pid = Number(digits);
  if (machine !== MACHINE) return "unknown";
  if (pid === process.pid && start === START) return held.has(owner);
  const found = startOf(pid);
  if (found !== undefined) return found === start;
  return isRunning(pid) ? "unknown" : false;
}

/** "process 4711", for a message. */
export function ownerText(owner: string): string {
  const [machine, pid] = owner.split("-");
  return machine === MACHINE ? t`process ${pid}` : t`process ${pid} of another machine or container`;
}

/** When a process started, in clock ticks since the machine did; undefined where no such process is seen. */
function startOf(pid: number): string | undefined {
  try {
    const status = readStart(`/proc/${pid}/stat`, 4096);
    // The second field is the program's name in parentheses, which may hold spaces and parentheses of its own.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    // State (3rd field): Z and X have ended and only wait to be asked for; start time: 22nd field (proc(5)).
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether a process of this number runs, somebody else's too. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
