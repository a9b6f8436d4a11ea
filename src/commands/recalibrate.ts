import { join } from "node:path";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { replayed } from "../experiment/replay.js";
import { basicJob } from "../experiment/run.js";
import { withWorkers } from "../experiment/workers.js";
import { writeWholeFile } from "../files/whole-file.js";
import { hasMovingAverages } from "../model/network.js";
import { writeSafetensors } from "../model/safetensors.js";
import { readRun } from "../output/run-reader.js";
import type { Io } from "../output/terminal.js";
import { ownEntry } from "../record/own-entry.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";

/** Flags of `recalibrate`. */
export interface RecalibrateOptions {
  readonly out?: string;
  readonly workers?: number;
}

/**
 * `bn-compare recalibrate RUN`: trains a recorded run's first seed again, and writes the final weights of every arm that
 * has moving averages with the training set's statistics in their place. Throws with exit code 1 where the arm does not
 * end as recorded.
 */
export async function recalibrate(run: string, options: RecalibrateOptions, { terminal, signal }: Io): Promise<void> {
  const { result, folder } = readRun(run);
  const experiment = replayed(result, folder);
  const plans = Object.entries(experiment.arms).filter(
    ([name, { spec }]) => hasMovingAverages(spec) && ownEntry(result.arms, name)?.status === "trained",
  );
  if (plans.length === 0)
    throw usageError(t`${run}: no arm with moving averages was trained to the end, so there is nothing to recalibrate`);
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const { workers: count } = options;
  const done = await withWorkers(
    experiment,
    { workers: count, verbose: false, notice: terminal.note, signal },
    (workers) =>
      Promise.all(
        plans.map(async ([name, plan]) => {
          const job = { ...basicJob(experiment, drawn, name, plan), recalibrate: true };
          return { name, outcome: await workers.run(job, () => {}, signal) };
        }),
      ),
  );
  const files = new Map<string, Uint8Array>();
  for (const { name, outcome } of done) {
    const { recalibrated, costs } = outcome;
    const recorded = ownEntry(result.arms, name)?.costs.at(-1);
    const again = costs.costs.at(-1);
    if (recalibrated === undefined || recorded?.train !== again?.train) {
      throw new ExpectedError(
        EXIT.regression,
        t`${name} does not end at the recorded cost when trained again; bn-compare verify ${run} finds where it departs from the record`,
      );
    }
    files.set(
      join(options.out ?? join(folder, "weights"), `${name}@${recalibrated.update}-recalibrated.safetensors`),
      writeSafetensors(recalibrated.tensors, { arm: name, update: String(recalibrated.update), recalibrated: "true" }),
    );
    const before = recorded?.inference ?? "NaN";
    terminal.note(
      t`${name}: ${numberText(before)} in inference mode, ${numberText(again?.recalibrated ?? "NaN")} recalibrated`,
    );
  }
  for (const [file, content] of files) {
    writeWholeFile(file, content, { makeFolder: true });
    terminal.say(file);
  }
}
