import { join, relative } from "node:path";
import type { Settings } from "../config/keys.js";
import { loadConfiguration, loadPoint } from "../config/load.js";
import type { Configuration } from "../config/merge.js";
import type { EngineInfo } from "../engines/engine.js";
import { usageError } from "../errors.js";
import { determining, identityOf } from "../experiment/identity.js";
import { type Experiment, prepareExperiment, trainingsPerArm } from "../experiment/prepare.js";
import { type FinishedRun, runExperiment } from "../experiment/run.js";
import { type Workers, withWorkers } from "../experiment/workers.js";
import { formatJson } from "../files/json.js";
import { loadFormats, recordFiles, runFiles } from "../output/artifacts.js";
import { REPORT_FILE } from "../output/formats/report.js";
import { openInBrowser } from "../output/open-in-browser.js";
import { RUNS } from "../output/recorded-runs.js";
import { printResult } from "../output/result-text.js";
import { checkRunFolder, writeRunFolder } from "../output/run-folder.js";
import type { Io } from "../output/terminal.js";
import { t } from "../text/language.js";

/** Flags of `run` that are no keys. */
interface RunFlags {
  readonly cell?: string;
  readonly store?: string;
}

/** `bn-compare run`: options → experiment → workers → record → artifacts → report. */
export async function run(
  name: string | undefined,
  { cell: start, store, ...flags }: RunFlags & Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const { terminal, signal } = io;
  const clock = startClock();
  const cell = start === undefined ? undefined : await cellFor(name, start, store);
  const configuration = cell === undefined ? loadConfiguration(name, flags) : loadPoint(cell, flags);
  const { settings } = configuration;
  const experiment = prepareExperiment(configuration);
  const formats = await loadFormats(settings);
  // Vega takes as long to load as a short run to train.
  const charts = import("../charts/picture.js").catch(() => {});
  const detail = (line: string) => void (settings.verbose && terminal.note(line));

  const { finished, folder } = await withWorkers(
    experiment,
    { ...settings, notice: terminal.note, signal },
    async (workers) => {
      cell?.check(configuration, workers.info);
      const folder = settings.out ?? cell?.folder ?? defaultFolder(experiment, workers.info);
      if (!settings.quiet) for (const notice of [...experiment.notices, ...workers.notices]) terminal.note(notice);
      detail(t`configuration: ${JSON.stringify(experiment.config)}`);
      detail(t`engine: ${JSON.stringify(workers.info)}`);
      detail(t`run folder: ${folder}`);
      checkRunFolder(folder);
      clock.phase("load");
      const finished = await train(experiment, workers, settings, io);
      clock.phase("train");
      return { finished, folder };
    },
  );

  const { result } = finished;
  const { milliseconds } = clock;
  await charts;
  const shown = await recordFiles(result, formats, settings);
  clock.phase("draw");
  for (const [phase, ms] of Object.entries(milliseconds)) detail(t`${PHASES[phase] ?? phase}: ${ms.toFixed(0)} ms`);
  signal.throwIfAborted();
  const files = new Map([...shown, ...runFiles({ finished, experiment, milliseconds }, formats)]);
  for (const notice of await writeRunFolder(folder, files, io)) terminal.note(notice);
  await cell?.link();

  const place = relative(process.cwd(), folder) || ".";
  if (settings.json) terminal.product(formatJson(result));
  else
    printResult(
      result,
      [...shown.keys()].map((file) => join(place, file)),
      terminal,
    );
  if (settings.open) await openInBrowser(join(folder, REPORT_FILE), join(place, REPORT_FILE), terminal);
}

/** The cell of a sweep to run in full. */
async function cellFor(name: string | undefined, start: string, store: string | undefined) {
  if (name !== undefined) throw usageError(t`--cell determines what is run; leave out ${name}`);
  const [{ checkCell, findCell }, { writeSweepFiles }, { cellFolder, storedSweep }] = await Promise.all([
    import("../sweep/find-cell.js"),
    import("../output/sweep-files.js"),
    import("../sweep/outline.js"),
  ]);
  const found = findCell(start, store);
  return {
    ...found,
    folder: cellFolder(found.store, found.name),
    check: (configuration: Configuration, engine: EngineInfo) => checkCell(found, configuration, engine),
    /** The sweep's page leads to the run from now on. */
    async link() {
      const sweep = storedSweep(found.store);
      if (sweep !== undefined) await writeSweepFiles(found.store, sweep);
    },
  };
}

const PHASES: Readonly<Record<string, string>> = { load: t`load`, train: t`train`, draw: t`draw` };

/** How long each phase took, ms, by its name. */
function startClock() {
  const milliseconds: Record<string, number> = {};
  let last = performance.now();
  return {
    milliseconds,
    phase(name: string): void {
      const now = performance.now();
      milliseconds[name] = now - last;
      last = now;
    },
  };
}

async function train(experiment: Experiment, workers: Workers, { quiet }: Settings, io: Io): Promise<FinishedRun> {
  const { signal, terminal } = io;
  if (quiet) return runExperiment(experiment, workers, { signal });
  const updates = experiment.schedule.updates * trainingsPerArm(experiment);
  const { showProgress } = await import("../output/progress.js");
  const progress = showProgress(Object.keys(experiment.arms), updates, terminal.progress);
  try {
    return await runExperiment(experiment, workers, { signal, progress: progress.update });
  } finally {
    progress.stop();
  }
}

/** `runs/NAME-HASH8`: the hash is that of what determines the numbers, so the same experiment has the same folder. */
function defaultFolder({ name, config }: Experiment, engine: Pick<EngineInfo, "name" | "backend">): string {
  const identity = identityOf({ ...determining(config), engine: engine.name, backend: engine.backend });
  return join(RUNS, `${name}-${identity.slice(0, 8)}`);
}
