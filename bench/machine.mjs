// What the numbers were measured on: enough to read them, nothing that names the machine.
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
  };
}

/** Runnable processes on average over the last minute; all zero on Windows. */
export const load = () => Math.round(loadavg()[0] * 100) / 100;

/** The bench itself loads one core, so only a load before it began tells of other work. */
export const isBusy = (loadBefore, { cores }) => loadBefore > cores / 4;
