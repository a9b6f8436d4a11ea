import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { byteDigest } from "../data/digest.js";
import { isAtWork, newOwner, OWNER, releaseOwner } from "./owner.js";

/**
 * A hidden place beside what is being written, `.NAME.PHASE-OWNER`. While `writing` it is filled, and worth nothing once
 * its owner has ended. While `committing` all of it is on the disk, its owner has its turn or waits for it, and whoever
 * finds it without an owner brings it to its end.
 */
export interface Work {
  readonly target: string;
  readonly owner: string;
  phase: Phase;
  /** Changes with the phase. */
  path: string;
}

type Phase = "writing" | "committing";

/** Another process's work. */
export interface FoundWork extends Work {
  readonly live: boolean;
}

/**
 * For how long work is believed to go on whose owner cannot be asked, in ms since it last changed: writing takes a while
 * on a slow disk, committing is a handful of renames.
 */
const BELIEVED: Readonly<Record<Phase, number>> = { writing: 3_600_000, committing: 60_000 };

/** File systems allow 255 bytes for a name; phase and owner need some of them. */
const LONGEST_STEM = 180;

export function openWork(target: string): Work {
  const work = nameWork(target);
  try {
    mkdirSync(work.path);
    return work;
  } catch (error) {
    releaseOwner(work.owner);
    throw error;
  }
}

/** A new place that is not there yet, for whoever puts a single file there. */
export function nameWork(target: string): Work {
  const owner = newOwner();
  return { path: workPath(target, "writing", owner), target, owner, phase: "writing" };
}

export function enterPhase(work: Work, phase: Phase): void {
  const path = workPath(work.target, phase, work.owner);
  renameSync(work.path, path);
  work.path = path;
  work.phase = phase;
}

/** Removes it with all that is in it. What cannot be removed is nobody's from now on, and removed by the next one there. */
export function discardWork({ path, owner }: Work): void {
  releaseOwner(owner);
  // Again where another process has just put a picture into a folder that was replaced under it.
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** The same, where there is already something more important to say. */
export function tryToDiscard(work: Work): void {
  try {
    discardWork(work);
  } catch {
    // The next one there removes it.
  }
}

/** Everything hidden beside a target that writes or wrote it. */
export function worksOf(target: string): FoundWork[] {
  const stem = stemOf(target);
  return namesIn(dirname(target)).flatMap((name) => {
    const parsed = parseWork(stem, name);
    if (parsed === undefined) return [];
    const work = { path: join(dirname(target), name), target, ...parsed };
    const live = isLive(work);
    return live === undefined ? [] : [{ ...work, live }];
  });
}

/** Whether a folder's entry is work on a target of that name, done or not. */
export function isWorkOn(stem: string, name: string): boolean {
  return parseWork(stem, name) !== undefined;
}

/** Undefined of what is gone by now. */
function isLive({ owner, path, phase }: Work): boolean | undefined {
  const atWork = isAtWork(owner);
  if (atWork !== "unknown") return atWork;
  const changed = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return changed === undefined ? undefined : Date.now() - changed < BELIEVED[phase];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

function workPath(target: string, phase: Phase, owner: string): string {
  return join(dirname(target), `.${stemOf(target)}.${phase}-${owner}`);
}

/** What follows the target's own name. */
const PHASE_AND_OWNER = new RegExp(`^(writing|committing)-(${OWNER})$`);

function parseWork(stem: string, name: string): { phase: Phase; owner: string } | undefined {
  const prefix = `.${stem}.`;
  if (!name.startsWith(prefix)) return undefined;
  const [, phase, owner] = PHASE_AND_OWNER.exec(name.slice(prefix.length)) ?? [];
  return phase === undefined || owner === undefined ? undefined : { phase: phase as Phase, owner };
}

function stemOf(target: string): string {
  const name = basename(target);
  return Buffer.byteLength(name) <= LONGEST_STEM ? name : byteDigest(name);
}
