import { MultiBar, SingleBar } from "cli-progress";
import stringWidth from "fast-string-width";
import type { ArmStep } from "../experiment/run.js";
import { divergedText } from "../text/endings.js";
import { named } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { shown } from "../text/screen.js";
import type { ProgressStream } from "./terminal.js";

/** Shows how far each arm is. */
export interface Progress {
  update(step: ArmStep): void;
  stop(): void;
}

/** A line at about this many points of a run, where no bar can be drawn. */
const LINES = 10;

/** Bars on a terminal, plain lines elsewhere. `updates` are those of one arm over all its trainings. */
export function showProgress(arms: readonly string[], updates: number, stream: ProgressStream): Progress {
  return stream.isTTY ? bars(arms, updates, stream) : lines(stream);
}

function bars(arms: readonly string[], updates: number, stream: ProgressStream): Progress {
  const label = Math.max(...arms.map((arm) => stringWidth(named(arm))));
  const width = Math.max(6, Math.min(30, (stream.columns ?? 80) - label - 46));
  const multi = new MultiBar({
    stream: stream as unknown as NodeJS.WritableStream,
    format: t`{arm} {bar} {value}/{total}  {state}  {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: width,
    hideCursor: true,
    gracefulExit: false,
  });
  const byArm = new Map<string, SingleBar>(
    arms.map((arm) => [
      arm,
      multi.create(updates, 0, { arm: named(arm) + " ".repeat(label - stringWidth(named(arm))), state: t`cost –` }),
    ]),
  );
  return {
    update(step) {
      const bar = byArm.get(step.arm);
      bar?.setTotal(step.updates);
      bar?.update(step.done, { state: stateOf(step) ?? t`cost –` });
    },
    stop: () => multi.stop(),
  };
}

function lines(stream: ProgressStream): Progress {
  const next = new Map<string, number>();
  return {
    update(step) {
      const { arm, done, updates } = step;
      // An arm that is done has done all, also where a divergence at update 0 left nothing to do.
      const share = done === updates ? 1 : done / updates;
      if (share < (next.get(arm) ?? 0)) return;
      next.set(arm, share === 1 ? Number.POSITIVE_INFINITY : (Math.floor(share * LINES) + 1) / LINES);
      const state = stateOf(step);
      const only = step.trainings === 1 && step.divergedAt.length === 1;
      const line = `${arm}: ${only ? state : t`update ${done} of ${updates}${state === undefined ? "" : `, ${state}`}`}`;
      stream.write(`${shown(line, { colors: false })}\n`);
    },
    stop() {},
  };
}

/** The cost, and which trainings have none any more. */
function stateOf({ cost, trainings, divergedAt }: ArmStep): string | undefined {
  const parts = [
    ...(cost === undefined ? [] : [t`cost ${numberText(cost)}`]),
    ...(divergedAt.length === 0 ? [] : [divergenceOf(trainings, divergedAt)]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

function divergenceOf(trainings: number, [first = 0, ...more]: readonly number[]): string {
  return trainings === 1 ? divergedText(first) : t`${1 + more.length} of ${trainings} trainings diverged`;
}

/** Shows how many of many equal things are done, and how long the rest takes. */
export interface CountProgress {
  add(): void;
  stop(): void;
}

/** A bar on a terminal, elsewhere a line at every tenth. */
export function showCount(what: string, total: number, stream: ProgressStream): CountProgress {
  let done = 0;
  if (!stream.isTTY) {
    return {
      add() {
        done += 1;
        const tenth = Math.floor((done * LINES) / total);
        if (tenth > Math.floor(((done - 1) * LINES) / total)) stream.write(t`${what}: ${done} of ${total}\n`);
      },
      stop() {},
    };
  }
  const bar = new SingleBar({
    stream: stream as unknown as NodeJS.WritableStream,
    format: t`{what} {bar} {value}/{total}  {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: Math.max(6, Math.min(30, (stream.columns ?? 80) - what.length - 30)),
    hideCursor: true,
    gracefulExit: false,
  });
  bar.start(total, 0, { what });
  return { add: () => bar.increment(), stop: () => bar.stop() };
}
