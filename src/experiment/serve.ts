import { parentPort } from "node:worker_threads";

/** What a worker sends back: any number of messages, then the answer or what was thrown. */
export type FromWorker = { readonly message: unknown } | { readonly answer: unknown } | { readonly error: unknown };

/** Makes this module the worker of a pool: in a thread, or in a process of its own. */
export function serve<Task, Answer>(work: (task: Task, send: (message: unknown) => void) => Promise<Answer>): void {
  const port = parentPort;
  const reply = (reply: FromWorker) => void (port === null ? process.send?.(reply) : port.postMessage(reply));
  const receive = async (task: Task) => {
    try {
      reply({ answer: await work(task, (message) => reply({ message })) });
    } catch (error) {
      reply({ error });
    }
  };
  if (port === null) {
    followParent();
    process.on("message", receive);
  } else port.on("message", receive);
}

/**
 * Ctrl-C is for the process that started this one, which then ends its workers; and when that process is gone, however
 * it went, nobody wants the answer.
 */
function followParent(): void {
  process.on("SIGINT", () => {});
  process.once("disconnect", () => process.exit());
}
