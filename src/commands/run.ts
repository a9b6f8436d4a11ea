import { join, relative } from "node:path";
import type { Settings } from "../config/keys.js";
import { loadConfiguration } from "../config/load.js";
import { sentenceOf } from "../experiment/findings.js";
import { determining, identityOf } from "../experiment/identity.js";
import { type Experiment, prepareExperiment } from "../experiment/prepare.js";
import { type FinishedRun, runExperiment, trainingsPerArm } from "../experiment/run.js";
import { warningText } from "../experiment/warning-text.js";
import { openWorkers, type Workers } from "../experiment/workers.js";
import { writeSafetensors } from "../model/safetensors.js";
import { effectRows, roundingLines, seedRows } from "../output/evidence.js";
import { formatJson } from "../output/json.js";
import { openInBrowser } from "../output/open-in-browser.js";
import { loadPngRenderer, type PngRenderer } from "../output/png-export.js";
import { REPORT_NAME, SUMMARY_NAME } from "../output/presentation-names.js";
import { showProgress } from "../output/progress.js";
import { checkRunFolder, type RunFiles, writeRunFolder } from "../output/run-folder.js";
import { costTableRows, referenceLines } from "../output/table.js";
import type { Io, Terminal } from "../output/terminal.js";
import type { Result } from "../record/result.js";
import { bold, dim, screen, yellow } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";

/** What every step of a run needs. */
interface Running {
  readonly experiment: Experiment;
  readonly settings: Settings;
  readonly workers: Workers;
  readonly io: Io;
}

/** What was drawn and said about a result. */
interface Presented {
  readonly headline: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** `bn-compare run`: configuration → experiment → workers → record → files → report. */
export async function run(
  experimentName: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const clock = startClock();
  const configuration = loadConfiguration(experimentName, flags);
  const { settings } = configuration;
  const experiment = prepareExperiment(configuration);
  const renderPng = settings.png ? await loadPngRenderer() : undefined;
  const opening = workersFor(experiment, settings, io);
  // Vega takes as long to load as a short run to train: it loads while the workers start and train.
  const drawing = import("../output/presentation.js");
  // It is awaited where it is used; a failure before that is not lost, only not yet anybody's.
  drawing.catch(() => {});
  const workers = await opening;
  try {
    const running: Running = { experiment, settings, workers, io };
    const folder = settings.out ?? defaultFolder(experiment, workers.info);
    announce(running, folder);
    checkRunFolder(folder);
    clock.phase("load");
    const finished = await train(running);
    clock.phase("train");
    const presented = await present(finished.result, settings, renderPng, drawing);
    clock.phase("draw");
    for (const [phase, ms] of Object.entries(clock.milliseconds)) detail(running, `${phase}: ${ms.toFixed(0)} ms`);
    const json = formatJson(finished.result);
    const timing = formatJson({ node: process.version, milliseconds: clock.milliseconds });
    io.signal.throwIfAborted();
    const files = filesOf(finished, { json, timing, presented, inputs: experiment.inputs });
    for (const notice of await writeRunFolder(folder, files, io)) io.terminal.note(notice);
    const shown = relative(process.cwd(), folder) || ".";
    if (settings.json) io.terminal.product(json);
    else report(finished.result, presented, shown, io.terminal);
    if (settings.open) await openInBrowser(join(folder, REPORT_NAME), join(shown, REPORT_NAME), io.terminal);
  } finally {
    await workers.close();
  }
}

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

function workersFor(experiment: Experiment, settings: Settings, { terminal, signal }: Io): Promise<Workers> {
  const { engine } = experiment;
  return openWorkers({
    engine: engine.name,
    jobs: Object.keys(experiment.arms).length * trainingsPerArm(experiment),
    verbose: settings.verbose ?? false,
    notice: terminal.note,
    signal,
    ...(engine.backend === undefined ? {} : { backend: engine.backend }),
    ...(settings.workers === undefined ? {} : { workers: settings.workers }),
  });
}

function announce(running: Running, folder: string): void {
  const { experiment, settings, workers, io } = running;
  if (!settings.quiet) for (const notice of [...experiment.notices, ...workers.notices]) io.terminal.note(notice);
  detail(running, `configuration: ${JSON.stringify(experiment.config)}`);
  detail(running, `engine: ${JSON.stringify(workers.info)}`);
  detail(running, `run folder: ${folder}`);
}

/** With `--verbose` only. */
function detail({ settings, io }: Running, line: string): void {
  if (settings.verbose) io.terminal.note(line);
}

async function train({ experiment, settings, workers, io }: Running): Promise<FinishedRun> {
  const { signal, terminal } = io;
  if (settings.quiet) return runExperiment(experiment, workers, { signal });
  const updates = experiment.schedule.updates * trainingsPerArm(experiment);
  const progress = showProgress(Object.keys(experiment.arms), updates, terminal.progress);
  try {
    return await runExperiment(experiment, workers, { signal, progress: progress.update });
  } finally {
    progress.stop();
  }
}

async function present(
  result: Result,
  settings: Settings,
  renderPng: PngRenderer | undefined,
  drawing: Promise<typeof import("../output/presentation.js")>,
): Promise<Presented> {
  const { headlineOf, presentationOf } = await drawing;
  return { headline: headlineOf(result), files: await presentationOf(result, settings, renderPng) };
}

/** `runs/NAME-HASH8`: the hash is that of what determines the numbers, so the same experiment has the same folder. */
function defaultFolder(
  { name, config }: Experiment,
  engine: { readonly name: string; readonly backend: string },
): string {
  const identity = identityOf({ ...determining(config), engine: engine.name, backend: engine.backend });
  return join("runs", `${name}-${identity.slice(0, 8)}`);
}

/** The run folder's files by name. */
function filesOf(
  finished: FinishedRun,
  texts: { readonly json: string; readonly timing: string } & {
    readonly presented: Presented;
    readonly inputs: Experiment["inputs"];
  },
): RunFiles {
  return new Map<string, string | Uint8Array>([
    ["result.json", texts.json],
    ["timing.json", texts.timing],
    ...texts.presented.files,
    ...digestFiles(finished),
    ...texts.inputs,
    ...weightFiles(finished),
  ]);
}

function digestFiles({ digests }: FinishedRun): [string, string][] {
  return digests === undefined ? [] : [["digests.json", formatJson(digests)]];
}

function weightFiles({ saved }: FinishedRun): [string, Uint8Array][] {
  return saved.map(({ arm, update, tensors }) => [
    `weights/${arm}@${update}.safetensors`,
    writeSafetensors(tensors, { arm, update: String(update) }),
  ]);
}

/** What happened, on stdout: tables, the headline, the sentence, warnings, and the files that people open. */
function report(result: Result, { headline, files }: Presented, folder: string, terminal: Terminal): void {
  const { say, columns } = terminal;
  const tables = [costTableRows(result), seedRows(result), effectRows(result)].filter((rows) => rows !== undefined);
  for (const rows of tables) say(screen`${fittingTable(rows, columns)}\n`);
  for (const line of [...referenceLines(result), ...roundingLines(result)]) say(dim(line));
  say("");
  say(screen`${bold(headline)}
`);
  say(screen`${sentenceOf(result)}
`);
  for (const warning of result.warnings)
    say(screen`${yellow("warning:")} ${warningText(warning)}
`);
  for (const name of files.keys()) if (name !== SUMMARY_NAME) say(join(folder, name));
}
