import { usageError } from "../errors.js";
import { replayed } from "../experiment/replay.js";
import { withWorkers } from "../experiment/workers.js";
import { explanationOf, pairsOf } from "../explain/explain.js";
import { probeRates } from "../explain/probe.js";
import { formatJson } from "../files/json.js";
import { explanationText } from "../output/explanation-text.js";
import { type RecordedRun, readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { screen } from "../text/screen.js";

/** Flags of `explain`. */
export interface ExplainOptions {
  readonly probe?: boolean;
  readonly json?: boolean;
  readonly workers?: number;
}

/**
 * `bn-compare explain RUN`: which causes of "BN gave no improvement" hold in a recorded run, of its first seed; with
 * `probe`, also at other learning rates.
 */
export async function explain(run: string, options: ExplainOptions, io: Io): Promise<void> {
  const recorded = readRun(run);
  const { result, folder } = recorded;
  const recordedPairs = pairsOf(result, folder);
  if (recordedPairs.length === 0)
    throw usageError(t`${run}: no arm is normalized and has a control, so there is nothing to explain`);
  const names = [...new Set(recordedPairs.flatMap(({ name, control }) => [control.name, name]))];
  const probe = options.probe ? await probed(recorded, names, options, io) : undefined;
  const pairs = pairsOf(result, folder, probe);
  const { terminal } = io;
  if (options.json) terminal.product(formatJson(explanationOf(pairs, result, probe)));
  else terminal.product(screen`${screen.joined(pairs.map(explanationText), "\n\n\n")}\n`);
}

function probed(
  { result, folder }: RecordedRun,
  arms: readonly string[],
  { workers: count }: ExplainOptions,
  { terminal, signal }: Io,
) {
  const experiment = replayed(result, folder);
  return withWorkers(experiment, { workers: count, verbose: false, notice: terminal.note, signal }, (workers) =>
    probeRates(
      { result, experiment, arms },
      workers,
      (arm, { learningRate, inference }) =>
        terminal.note(
          t`${arm} at the learning rate ${numberText(learningRate)}: ${inference === undefined ? t`diverged` : numberText(inference)}`,
        ),
      signal,
    ),
  );
}
