import { isMainThread } from "node:worker_threads";

/**
 * For a worker that is a process of its own: Ctrl-C is for the process that started it, which then ends its workers; and
 * when that process is gone, however it went, nobody wants the answer.
 */
export function followParent(): void {
  if (!isMainThread) return;
  process.on("SIGINT", () => {});
  process.once("disconnect", () => process.exit());
}
