import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { t } from "../text/language.js";
import { syncFolder } from "./durable.js";
import { ownerText, releaseOwner } from "./owner.js";
import { discardWork, enterPhase, type FoundWork, openWork, tryToDiscard, type Work, worksOf } from "./work-folders.js";

/** How something is put in place of what a target holds. */
export interface Replacement {
  /** Beside it the work is done. */
  readonly target: string;
  /** Its name in messages. */
  readonly shown: string;
  /** Fills the work folder; all of it must be on the disk when this returns. */
  stage(work: string): void;
  /** Puts it in place, or leaves everything as it was and throws. */
  commit(work: string): void;
  /** Removes what the new state makes needless, still in turn. */
  afterwards?(): void;
  readonly signal?: AbortSignal | undefined;
}

/** Brings a commit to its end whose process ended in the midst of it. Where it is at its end, it does nothing. */
export type Finish = (work: string) => void;

/** Thrown by a commit that can neither be undone nor brought to its end now; the next command there does the latter. */
export class HalfDone extends Error {}

/** For how long another process's commit, a handful of renames, is waited for, in ms. */
const PATIENCE = 10_000;
/** Readers block while they wait. */
const READERS_PATIENCE = 500;
const POLL = 10;

/**
 * Replaces what a target holds, in turn with every other process that does, after bringing to its end what one of them
 * left. Throws an expected error where it did not happen; returns what went wrong once it had.
 */
export async function replaceInTurn(replacement: Replacement, finish: Finish): Promise<string[]> {
  const { target, shown, signal } = replacement;
  let work: Work | undefined;
  try {
    work = openWork(target);
    replacement.stage(work.path);
    await takeTurn(work, shown, signal);
    finishOthers(work, finish);
    replacement.commit(work.path);
  } catch (error) {
    const halfDone = error instanceof HalfDone;
    const isGone = work !== undefined && !existsSync(work.path);
    // Half done, the work holds all that is needed to bring it to its end.
    if (halfDone && work !== undefined) releaseOwner(work.owner);
    else if (work !== undefined) tryToDiscard(work);
    if (error instanceof ExpectedError || signal?.aborted) throw error;
    if (isGone) throw new ExpectedError(EXIT.file, t`cannot write ${shown}: it was replaced or removed meanwhile`);
    throw fileError("write", shown, halfDone ? error.cause : error);
  }
  return tidy(work, replacement);
}

/** From here on the new state is in place, and what fails is no failure of writing it. */
function tidy(work: Work, { shown, afterwards }: Replacement): string[] {
  const notices: string[] = [];
  const attempt = (notice: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      notices.push(t`${shown} is written, but ${notice}: ${(error as Error).message}`);
    }
  };
  attempt(t`the disk does not confirm it`, () => syncFolder(dirname(work.target)));
  attempt(t`what it replaced could not be removed; the next command there tries again`, () => {
    afterwards?.();
    // Others need not wait for the removal.
    enterPhase(work, "writing");
    discardWork(work);
    for (const other of worksOf(work.target)) if (!other.live && other.phase === "writing") discardWork(other);
  });
  releaseOwner(work.owner);
  return notices;
}

/**
 * Before a target is read: removes what processes left there that have ended, and brings to its end what one of them had
 * begun to commit. Where that cannot be done (on a disk that is read-only, say), what is there is read as it is.
 */
export function settle(target: string, finish: Finish, isThere: () => boolean): void {
  const until = Date.now() + READERS_PATIENCE;
  try {
    do {
      const works = worksOf(target);
      const left = works.filter(({ live }) => !live);
      const rival = works.some(({ live, phase }) => live && phase === "committing");
      for (const work of left) if (work.phase === "writing") tryToDiscard(work);
      if (!left.some(({ phase }) => phase === "committing")) {
        if (!rival || isThere()) return;
      } else if (!rival && finishLeft(target, finish)) return;
      block(POLL);
    } while (Date.now() < until);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Whether it was this process's turn. */
function finishLeft(target: string, finish: Finish): boolean {
  const work = openWork(target);
  try {
    const isOurs = askForTurn(work) === undefined;
    if (isOurs) finishOthers(work, finish);
    return isOurs;
  } finally {
    tryToDiscard(work);
  }
}

async function takeTurn(work: Work, shown: string, signal?: AbortSignal): Promise<void> {
  const until = Date.now() + PATIENCE;
  for (let rival = askForTurn(work); rival !== undefined; rival = askForTurn(work)) {
    if (Date.now() > until) {
      throw new ExpectedError(
        EXIT.file,
        t`cannot write ${shown}: ${ownerText(rival.owner)} is still writing there; stop it, or try again later`,
      );
    }
    await wait(POLL, undefined, { signal });
  }
}

/**
 * Announces the work, then looks whom else it meets: of two that announce themselves at least one sees the other, so never
 * do both commit. Of two that wait for each other the one with the lower name stays announced, the other withdraws. A
 * process that was killed needs nobody to take its turn away: it is not at work any more. Returns who is met.
 */
function askForTurn(work: Work): FoundWork | undefined {
  if (work.phase === "writing") enterPhase(work, "committing");
  const rivals = worksOf(work.target).filter(
    ({ live, phase, owner }) => live && phase === "committing" && owner !== work.owner,
  );
  if (rivals.some(({ owner }) => owner < work.owner)) enterPhase(work, "writing");
  return rivals[0];
}

/** To be called in turn. */
function finishOthers(work: Work, finish: Finish): void {
  for (const other of worksOf(work.target)) {
    if (other.live || other.phase !== "committing") continue;
    finish(other.path);
    // First it is made worth nothing: half removed it must not be taken for something to finish.
    enterPhase(other, "writing");
    tryToDiscard(other);
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
