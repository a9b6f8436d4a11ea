import { loadFusedEngine } from "../../src/engines/fused-node.js";
import { createSession, type Frame, type Rate } from "../../src/playground/session.js";
import { jobFor, readCommand } from "../../src/playground/state.js";

export const engine = loadFusedEngine();

export function jobOf(line: string) {
  const reading = readCommand(line);
  if ("problems" in reading) throw new Error(reading.problems.join("\n"));
  return jobFor(reading.state);
}

/** An arm's session in this process, as the page's worker has it. */
export function sessionOf(line: string, arm = "bn") {
  const job = jobOf(line);
  const session = createSession(engine, job, arm);
  const rates = [{ from: 0, rate: job.arms[arm]?.spec.learningRate ?? 0 }];
  return { job, session, show: (update: number, wanted: readonly Rate[] = rates) => session.show(update, wanted) };
}

/** Both arms after some updates, all of them by default. */
export function seenAt(line: string, update = jobOf(line).schedule.updates): { plain: Frame; bn: Frame } {
  return { plain: sessionOf(line, "plain").show(update), bn: sessionOf(line).show(update) };
}
