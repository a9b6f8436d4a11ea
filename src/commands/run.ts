import { join, relative } from "node:path";
import { Chalk, supportsColor } from "chalk";
import type { Settings } from "../config/keys.js";
import { loadConfiguration } from "../config/load.js";
import { byteDigest } from "../data/digest.js";
import { sentenceOf } from "../experiment/findings.js";
import { type Experiment, prepareExperiment } from "../experiment/prepare.js";
import type { Result } from "../experiment/result.js";
import { type FinishedRun, runExperiment, trainingsPerArm } from "../experiment/run.js";
import { openWorkers } from "../experiment/workers.js";
import { writeSafetensors } from "../model/safetensors.js";
import { effectRows, roundingLines, seedRows } from "../output/evidence.js";
import { formatJson } from "../output/json.js";
import { loadPngRenderer } from "../output/png-export.js";
import { REPORT_NAME, SUMMARY_NAME } from "../output/presentation-names.js";
import { type Progress, showProgress } from "../output/progress.js";
import { checkRunFolder, writeRunFolder } from "../output/run-folder.js";
import { anchorLines, costTableRows, fittingTable } from "../output/table.js";

/** Where a command speaks: data to stdout, the rest to stderr. */
interface Voice {
  readonly say: (line: string) => void;
  readonly note: (line: string) => void;
  /** With `--verbose` only. */
  readonly detail: (line: string) => void;
}

/** `bn-compare run`: configuration → training → run folder → what happened, on stdout. */
export async function run(
  experimentName: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const configuration = loadConfiguration(experimentName, flags);
  const { settings } = configuration;
  const experiment = prepareExperiment(configuration);
  const voice = voiceOf(settings);
  const renderPng = settings.png ? await loadPngRenderer() : undefined;
  const opening = openWorkers({
    engine: experiment.engine.name,
    jobs: Object.keys(experiment.arms).length * trainingsPerArm(experiment),
    verbose: settings.verbose ?? false,
    ...(experiment.engine.backend === undefined ? {} : { backend: experiment.engine.backend }),
    ...(settings.workers === undefined ? {} : { workers: settings.workers }),
  });
  // Vega takes as long to load as a short run to train: it loads while the workers start and train.
  const presentation = import("../output/presentation.js");
  const workers = await opening;
  let finished: FinishedRun;
  let folder: string;
  let progress: Progress | undefined;
  // Threads take a while to end, and nothing waits for them.
  let closing: Promise<void> | undefined;
  const loaded = performance.now();
  try {
    for (const notice of [...experiment.notices, ...workers.notices]) voice.note(notice);
    folder = settings.out ?? defaultFolder(experiment, workers.info);
    voice.detail(`configuration: ${JSON.stringify(experiment.config)}`);
    voice.detail(`engine: ${JSON.stringify(workers.info)}`);
    voice.detail(`run folder: ${folder}`);
    checkRunFolder(folder);
    if (!settings.quiet) {
      const updates = experiment.schedule.updates * trainingsPerArm(experiment);
      progress = showProgress(Object.keys(experiment.arms), updates, process.stderr);
    }
    finished = await runExperiment(experiment, workers, {
      signal,
      progress: (arm, update, cost) => progress?.update(arm, update, cost),
    });
  } finally {
    progress?.stop();
    closing = workers.close();
  }
  const { result } = finished;
  const trained = performance.now();
  const { headlineOf, presentationOf } = await presentation;
  const shows = await presentationOf(result, settings, renderPng);
  const drawn = performance.now();
  await closing;
  const timing = {
    node: process.version,
    milliseconds: { load: loaded - started, train: trained - loaded, draw: drawn - trained },
  };
  for (const [phase, ms] of Object.entries(timing.milliseconds)) voice.detail(`${phase}: ${ms.toFixed(0)} ms`);
  const json = formatJson(result);
  writeRunFolder(
    folder,
    new Map<string, string | Uint8Array>([
      ["result.json", json],
      ["timing.json", formatJson(timing)],
      ...shows,
      ...digestFiles(finished),
      ...experiment.inputs,
      ...weightFiles(finished),
    ]),
  );

  const shown = relative(process.cwd(), folder) || ".";
  if (settings.json) process.stdout.write(json);
  else
    report(
      result,
      headlineOf(result),
      [...shows.keys()].filter((file) => file !== SUMMARY_NAME).map((file) => join(shown, file)),
      voice,
    );
  if (settings.open) {
    const { default: open } = await import("open");
    await open(join(folder, REPORT_NAME)).catch(() => voice.note(`nothing here opens ${join(shown, REPORT_NAME)}`));
  }
}

function voiceOf(settings: Settings): Voice {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => {
      if (!settings.quiet) process.stderr.write(`${line}\n`);
    },
    detail: (line) => {
      if (settings.verbose) process.stderr.write(`${line}\n`);
    },
  };
}

/** `runs/NAME-HASH8`: the hash is that of what determines the numbers, so the same experiment has the same folder. */
function defaultFolder(
  { name, config }: Experiment,
  engine: { readonly name: string; readonly backend: string },
): string {
  const { preset: _, ...determining } = config;
  const identity = JSON.stringify({ ...determining, engine: engine.name, backend: engine.backend });
  return join("runs", `${name}-${byteDigest(identity).slice(0, 8)}`);
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

function report(result: Result, headline: string, pictures: readonly string[], { say }: Voice): void {
  const colours = new Chalk({ level: process.env["NO_COLOR"] || !supportsColor ? 0 : supportsColor.level });
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const tables = [costTableRows(result), seedRows(result), effectRows(result)].filter((rows) => rows !== undefined);
  for (const rows of tables) say(`${fittingTable(rows, columns, colours.bold)}\n`);
  for (const line of [...anchorLines(result), ...roundingLines(result)]) say(colours.dim(line));
  say("");
  say(`${colours.bold(headline)}\n`);
  say(`${sentenceOf(result)}\n`);
  for (const { text } of result.warnings) say(`${colours.yellow("warning:")} ${text}\n`);
  for (const picture of pictures) say(picture);
}
