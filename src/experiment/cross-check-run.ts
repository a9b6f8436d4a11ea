import { ExpectedError } from "../errors.js";
import { t } from "../text/language.js";
import type { CrossCheck } from "./cross-check.js";
import type { CrossCheckAnswer, CrossCheckTask } from "./cross-check-worker.js";
import { openPool } from "./pool.js";

/** Compares two engines in a process of their own: native TensorFlow works in no thread. Throws what loading them throws. */
export async function crossCheckInWorker(
  task: CrossCheckTask,
  { notice, signal }: { readonly notice: (line: string) => void; readonly signal: AbortSignal },
): Promise<{ readonly engines: readonly string[]; readonly rows: readonly CrossCheck[] }> {
  const module = new URL("./cross-check-worker.js", import.meta.url);
  const pool = openPool({ module, processes: true, workers: 1, notice });
  try {
    const answer = await pool.run<CrossCheckAnswer>(task, { title: t`the comparison of two engines`, signal });
    if ("failed" in answer) throw new ExpectedError(answer.exitCode, answer.failed);
    return answer;
  } finally {
    await pool.close();
  }
}
