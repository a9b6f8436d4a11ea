import type { BackendName, EngineName } from "../engines/names.js";
import { EXIT, ExpectedError } from "../errors.js";
import type { CrossCheck } from "../experiment/cross-check.js";
import { crossCheckInWorker } from "../experiment/cross-check-run.js";
import { firstJsonDifference } from "../experiment/differences.js";
import { firstParting } from "../experiment/digests.js";
import { replayed } from "../experiment/replay.js";
import { runExperiment } from "../experiment/run.js";
import { withWorkers } from "../experiment/workers.js";
import { formatJson } from "../files/json.js";
import { type RecordedRun, readDigests, readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import { t } from "../text/language.js";
import { digitsText } from "../text/numbers.js";
import { tensorPlace } from "../text/places.js";
import { type ScreenText, screen } from "../text/screen.js";
import { plainTable } from "../text/screen-table.js";

/** Flags of `verify`. */
export interface VerifyOptions {
  readonly engine?: EngineName;
  readonly backend?: BackendName;
  readonly workers?: number;
}

/**
 * `bn-compare verify RUN`: runs a recorded run again and compares the bytes; with `--engine`, compares that engine with
 * the recorded one, both starting from the same states. Throws with exit code 1 where bytes differ.
 */
export async function verify(run: string, options: VerifyOptions, io: Io): Promise<void> {
  const recorded = readRun(run);
  if (options.engine !== undefined || options.backend !== undefined) await compareEngines(recorded, options, io);
  else await compareBytes(recorded, options, io);
}

async function compareBytes(recorded: RecordedRun, options: VerifyOptions, { terminal, signal }: Io): Promise<void> {
  const experiment = replayed(recorded.result, recorded.folder);
  const digests = readDigests(recorded);
  const again = await withWorkers(experiment, { ...options, notice: terminal.note, signal }, (workers) =>
    runExperiment(experiment, workers, { signal }),
  );
  const json = formatJson(again.result);
  if (json === recorded.json) {
    terminal.say(t`identical: the same ${Buffer.byteLength(json)} bytes of result.json`);
    return;
  }
  const lines = [t`the run's bytes differ from the recorded ones:`];
  const parting = digests && again.digests && firstParting(digests, again.digests);
  if (parting !== undefined) {
    const layers = recorded.result.config.sizes.length - 1;
    lines.push(
      t`  first different state: arm ${parting.arm}, update ${parting.update}, ${tensorPlace(parting.tensor, layers)}, ${parting.tensor}`,
    );
  } else if (digests !== undefined) {
    lines.push(t`  every recorded state is the same; the difference is in what was computed from them`);
  }
  const difference = firstJsonDifference(recorded.result, JSON.parse(json));
  if (difference === undefined) lines.push(t`  result.json differs only in formatting; its values are the same`);
  else
    lines.push(
      t`  first different value: ${difference.path}: recorded ${difference.recorded}, now ${difference.again}`,
    );
  const made = JSON.stringify(recorded.result.engine);
  const now = JSON.stringify(again.result.engine);
  if (made !== now) lines.push(t`  recorded with ${made}`, t`  now          ${now}`);
  throw new ExpectedError(EXIT.regression, lines);
}

async function compareEngines(
  { result, folder }: RecordedRun,
  { engine = "tfjs", backend }: VerifyOptions,
  { terminal, signal }: Io,
): Promise<void> {
  const task = { result, folder, engine, ...(backend === undefined ? {} : { backend }) };
  const { engines, rows } = await crossCheckInWorker(task, { notice: terminal.note, signal });
  const [of, against] = engines;
  const heading = t`${of} against ${against}: largest relative differences, both from the same states`;
  terminal.product(screen`${heading}\n\n${crossCheckTable(rows)}\n`);
}

function crossCheckTable(rows: readonly CrossCheck[]): ScreenText {
  const shown = (value: number) => (Number.isNaN(value) ? "–" : digitsText(value, 2));
  const head = [t`arm`, t`update`, t`cost, train`, t`cost, inference`, t`gradients`, t`in`, t`cost after one update`];
  return plainTable(
    head,
    rows.map((row) => [
      row.arm,
      String(row.update),
      shown(row.train),
      shown(row.inference),
      shown(row.gradient),
      row.tensor,
      shown(row.next),
    ]),
    ["left", "right", "right", "right", "right", "left", "right"],
  );
}
