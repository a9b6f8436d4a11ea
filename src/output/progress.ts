import { MultiBar, type SingleBar } from "cli-progress";
import { shortNumber } from "../experiment/findings.js";

/** Shows how far each arm is. */
export interface Progress {
  update(arm: string, update: number, cost: number | undefined): void;
  stop(): void;
}

/** A line at about this many points of a run, where no bar can be drawn. */
const LINES = 10;

/** Bars on a terminal, plain lines elsewhere, both on stderr. */
export function showProgress(arms: readonly string[], updates: number, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bars(arms, updates, stream) : lines(updates, stream);
}

function bars(arms: readonly string[], updates: number, stream: NodeJS.WriteStream): Progress {
  const label = Math.max(...arms.map((arm) => arm.length));
  const width = Math.max(6, Math.min(30, (stream.columns ?? 80) - label - 46));
  const multi = new MultiBar({
    stream,
    format: "{arm} {bar} {value}/{total}  cost {cost}  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: width,
    hideCursor: true,
    gracefulExit: false,
  });
  const byArm = new Map<string, SingleBar>(
    arms.map((arm) => [arm, multi.create(updates, 0, { arm: arm.padEnd(label), cost: "–" })]),
  );
  return {
    update: (arm, update, cost) =>
      byArm.get(arm)?.update(update, { cost: cost === undefined ? "–" : shortNumber(cost) }),
    stop: () => multi.stop(),
  };
}

function lines(updates: number, stream: NodeJS.WriteStream): Progress {
  const step = updates / LINES;
  const next = new Map<string, number>();
  return {
    update(arm, update, cost) {
      if (update < (next.get(arm) ?? 0)) return;
      const following = (Math.floor(update / step) + 1) * step;
      next.set(arm, update >= updates ? Number.POSITIVE_INFINITY : Math.min(updates, following));
      stream.write(
        `${arm}: update ${update} of ${updates}${cost === undefined ? "" : `, cost ${shortNumber(cost)}`}\n`,
      );
    },
    stop() {},
  };
}
