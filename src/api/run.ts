import type { Settings } from "../config/keys.js";
import { configurationFrom } from "../config/load.js";
import { prepareExperiment } from "../experiment/prepare.js";
import { type ArmStep, runExperiment } from "../experiment/run.js";
import { withWorkers } from "../experiment/workers.js";
import { loadFormats, recordFiles, runFiles } from "../output/artifacts.js";
import { checkRunFolder, writeRunFolder } from "../output/run-folder.js";
import type { Result } from "../record/result.js";

/** Options of a run besides its settings. */
export interface RunOptions {
  /** Ends the run: its promise rejects with the signal's reason, and nothing is written. */
  readonly signal?: AbortSignal;
  /** Is called while arms train, some 25 times a second for each. */
  readonly progress?: (step: ArmStep) => void;
  /** Is called with a sentence about what a person should know: another engine is used, a worker does not answer. */
  readonly notice?: (sentence: string) => void;
}

/**
 * Trains the arms of an experiment in worker threads and returns its record, the content of `result.json`. The settings
 * are the keys of an experiment file (`{ activation: "tanh", seeds: 5, arms: { … } }`), on top of the preset `tutorial`
 * unless another is named. Nothing is written unless `out` names a run folder, which then gets the files that the command
 * writes. Keys about the terminal (`json`, `quiet`, `verbose`, `open`) have no effect. Rejects with an `ExpectedError`
 * whose `lines` name every wrong key.
 */
export async function run(settings: Settings = {}, options: RunOptions = {}): Promise<{ result: Result }> {
  const { signal, progress, notice = () => {} } = options;
  const events = { ...(signal === undefined ? {} : { signal }), ...(progress === undefined ? {} : { progress }) };
  signal?.throwIfAborted();
  const started = performance.now();
  const configuration = configurationFrom({ ...settings });
  const experiment = prepareExperiment(configuration);
  const { out: folder, workers } = configuration.settings;
  const formats = folder === undefined ? [] : await loadFormats(configuration.settings);
  if (folder !== undefined) checkRunFolder(folder);
  const finished = await withWorkers(experiment, { workers, notice, signal }, (opened) => {
    for (const sentence of [...experiment.notices, ...opened.notices]) notice(sentence);
    return runExperiment(experiment, opened, events);
  });
  const { result } = finished;
  if (folder === undefined) return { result };
  const milliseconds = { train: performance.now() - started };
  const files = [
    ...(await recordFiles(result, formats, configuration.settings)),
    ...runFiles({ finished, experiment, milliseconds }, formats),
  ];
  signal?.throwIfAborted();
  for (const sentence of await writeRunFolder(folder, new Map(files), events)) notice(sentence);
  return { result };
}
