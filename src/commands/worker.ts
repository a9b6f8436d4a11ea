import type { Settings } from "../config/keys.js";
import { ENGINES } from "../engines/names.js";
import { usageError } from "../errors.js";
import { openWorkers } from "../experiment/workers.js";
import type { Io } from "../output/terminal.js";
import { openServer, queueUrl } from "../sweep/queue/server.js";
import { workOn } from "../sweep/queue/work.js";
import { openStore } from "../sweep/store.js";
import { t } from "../text/language.js";
import { countedText } from "../text/numbers.js";

/** `bn-compare worker --queue URL`: trains cells that sweeps send there, until it is stopped. */
export async function worker(
  { queue, idle }: { readonly queue?: string; readonly idle?: string },
  { engine = ENGINES[0], backend, workers: count, out, quiet }: Settings,
  { terminal, signal, env }: Io,
): Promise<void> {
  const seconds = idle === undefined ? undefined : Number(idle);
  if (seconds !== undefined && !(seconds > 0)) throw usageError(t`--idle ${idle} is not a number of seconds above 0`);
  const server = await openServer(queueUrl(queue, env));
  try {
    const workers = await openWorkers({
      engine,
      ...(backend === undefined ? {} : { backend }),
      ...(count === undefined ? {} : { workers: count }),
      jobs: Number.POSITIVE_INFINITY,
      notice: terminal.note,
      signal,
    });
    const store = out === undefined ? undefined : openStore(out);
    let done = 0;
    try {
      if (!quiet) terminal.note(t`waiting for cells at ${server.shown}, ${workers.slots} at once; Ctrl-C ends`);
      await workOn(server, workers, {
        ...(store === undefined ? {} : { store }),
        ...(seconds === undefined ? {} : { idleMs: 1000 * seconds }),
        done() {
          done += 1;
        },
        signal,
      });
    } finally {
      if (!quiet) terminal.note(t`${countedText(done, "cell")} trained`);
      store?.close();
      await workers.close();
    }
  } finally {
    server.close();
  }
}
