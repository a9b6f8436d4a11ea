import { readFileSync } from "node:fs";
import { t } from "../text/language.js";

/** A worker that waits for work, by the title of its task, and since how many ticks it has not been heard. */
interface Awaited {
  silent: number;
  /** Ticks of silence at which it is mentioned next. */
  next: number;
}

/** Finds out who is silent for long. Time is counted in ticks, so that a machine that slept accuses nobody. */
export interface SilenceWatch {
  begin(title: string): void;
  heard(title: string): void;
  end(title: string): void;
  /** Called once a second with the processes that are stopped; returns what should be said now. */
  tick(stopped: readonly number[]): string[];
}

/** Ticks until a process that is stopped is mentioned: a moment's pause is nobody's business. */
export const STOPPED_TICKS = 5;
/** Ticks until a task that says nothing is mentioned, twice as many until the next time. */
export const SILENT_TICKS = 60;

export function watchSilence(): SilenceWatch {
  const tasks = new Map<string, Awaited>();
  const stoppedFor = new Map<number, number>();
  const begin = (title: string) => void tasks.set(title, { silent: 0, next: SILENT_TICKS });
  return {
    begin,
    heard: (title) => {
      if (tasks.has(title)) begin(title);
    },
    end: (title) => void tasks.delete(title),
    tick(stopped) {
      for (const task of tasks.values()) task.silent++;
      for (const pid of stoppedFor.keys()) if (!stopped.includes(pid)) stoppedFor.delete(pid);
      for (const pid of stopped) stoppedFor.set(pid, (stoppedFor.get(pid) ?? 0) + 1);
      const newly = [...stoppedFor].filter(([, ticks]) => ticks === STOPPED_TICKS).map(([pid]) => pid);
      const quiet = [...tasks].filter(([, { silent }]) => silent >= STOPPED_TICKS).map(([title]) => title);
      const lines = newly.map((pid) => {
        const who = quiet.length === 0 ? "" : `${quiet.join(t` and `)}: `;
        return t`${who}worker process ${pid} is stopped, and the command waits for it; "kill -CONT ${pid}" lets it go on, Ctrl-C ends the command`;
      });
      for (const [title, task] of tasks) {
        if (task.silent < task.next) continue;
        task.next *= 2;
        // Why this one is silent has been said.
        if (stoppedFor.size > 0) continue;
        lines.push(
          t`${title}: no update was reported for ${task.silent} s; a large network can take that long, and the command goes on waiting; Ctrl-C ends it`,
        );
      }
      return lines;
    },
  };
}

/** Whether a process is stopped (SIGSTOP, or a debugger); false where the system does not say. */
export function isStopped(pid: number): boolean {
  try {
    // `pid (name) state …`; a name may hold anything, parentheses too.
    const about = readFileSync(`/proc/${pid}/stat`, "latin1");
    return /^[Tt]/.test(about.slice(about.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
