import { Command, Option } from "commander";
import type { CheckOptions } from "./commands/check.js";
import type { SweepFlags } from "./commands/sweep.js";
import { hintFor } from "./config/aliases.js";
import { flagOf, GROUPS, HEADINGS, type KeyName, keyNames, keyOf } from "./config/keys.js";
import { presets } from "./config/presets.js";
import type { ExitCode } from "./errors.js";
import { CHECK_FORMATS } from "./output/formats/check-formats.js";
import type { Io } from "./output/terminal.js";
import { named } from "./text/excerpt.js";
import { t } from "./text/language.js";
import { type ScreenText, screen } from "./text/screen.js";
import { VERSION } from "./version.js";

const EXAMPLES = t`Examples:
  bn-compare run --activation relu                  the tutorial: 500 points, 7 layers of 30 units
  bn-compare run --activation tanh --epochs 250     the same with tanh
  bn-compare run --preset tutorial-minibatch        batches of 10, costs on separate test points
  bn-compare run experiments/tutorial-tanh          an experiment from a folder; flags override it
  bn-compare run --data points.csv --width 16       your own data: columns of numbers, the target last
  bn-compare report runs/tutorial-relu-…            redraw the charts of a run
`;

/** Where help is not read on a terminal. */
const HELP_COLUMNS = 80;

/** Headings of Commander's. */
const HELP_TITLES: Readonly<Record<string, string>> = {
  "Usage:": t`Usage:`,
  "Arguments:": t`Arguments:`,
  "Options:": t`Options:`,
  "Commands:": t`Commands:`,
};

/** What Commander says is wrong. */
const MISUSES: readonly (readonly [pattern: RegExp, sentence: (...typed: string[]) => string])[] = [
  [/^error: unknown command '(.*)'$/s, (name) => t`error: unknown command '${name}'`],
  [/^error: unknown option '(.*)'$/s, (flag) => t`error: unknown option '${flag}'`],
  [/^error: option '(.*)' argument missing$/s, (flags) => t`error: option '${flags}' argument missing`],
  [/^error: required option '(.*)' not specified$/s, (flags) => t`error: required option '${flags}' not specified`],
  [/^error: missing required argument '(.*)'$/s, (name) => t`error: missing required argument '${name}'`],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/s,
    (command, most, given) =>
      most === "1"
        ? t`error: too many arguments for '${command}'. Expected 1 argument but got ${given}.`
        : t`error: too many arguments for '${command}'. Expected ${most} arguments but got ${given}.`,
  ],
  [/^\(Did you mean one of (.*)\?\)$/s, (words) => t`(Did you mean one of ${words}?)`],
  [/^\(Did you mean (.*)\?\)$/s, (word) => t`(Did you mean ${word}?)`],
];

/** The program; each command loads its module when it is used. `decide` receives an exit code that is no error's. */
export function program(io: Io, decide: (code: ExitCode) => void): Command {
  const root = new Command("bn-compare")
    .description(t`Trains the same network with and without batch normalization and shows what changes in every layer.`)
    .version(VERSION, "-V, --version", t`output the version number`)
    .helpOption("-h, --help", t`display help for command`)
    .helpCommand("help [command]", t`display help for command`)
    .configureHelp({
      styleTitle: (title) => HELP_TITLES[title] ?? title,
      styleOptionDescription: (text) => text.replace(/\(default: (".*")\)$/, (_, value) => t`(default: ${value})`),
    })
    .configureOutput({
      writeOut: (text) => io.terminal.product(linesOf(text)),
      writeErr: (text) => io.terminal.note(linesOf(text.replace(/\n$/, ""))),
      outputError: (text, write) => write(misuse(text)),
      getOutHelpWidth: () => (Number.isFinite(io.terminal.columns) ? io.terminal.columns : HELP_COLUMNS),
      getErrHelpWidth: () => io.terminal.progress.columns ?? HELP_COLUMNS,
    })
    .showHelpAfterError(t`(see bn-compare --help)`)
    .addHelpText("before", EXAMPLES);
  addRun(root, io);
  addReport(root, io);
  root
    .command("inspect")
    .description(
      t`print what a run found, and the proof that its arms are comparable: verdicts, moving averages, effects, pairing`,
    )
    .argument("<run>", t`a run folder, its result.json, or latest`)
    .option("--json", t`print the pairing certificate as JSON`)
    .action(async (run: string, options: { json?: boolean }) =>
      (await import("./commands/inspect.js")).inspect(run, options, io),
    );
  addExplain(root, io);
  addVerify(root, io);
  addRecalibrate(root, io);
  addReproduce(root, io);
  addCheck(root, io, decide);
  addSweep(root, io);
  root
    .command("playground")
    .description(
      t`write a page that trains both arms while you change settings; it works offline and needs no installation`,
    )
    .option("--out <FILE.html>", t`the page`, "playground.html")
    .option("--open", t`open the page when done`)
    .action(async (options: { out: string; open?: boolean }) =>
      (await import("./commands/playground.js")).playground(options, io),
    );
  root
    .command("doctor")
    .description(
      t`show what this machine has and lacks: engines, backends, fonts, browser; with --fix, install what is missing`,
    )
    .argument("[part...]", t`parts to check; exit code 4 if one of them is missing`)
    .option("--fix <part>", t`tensorflow: install native TensorFlow from the Python package index (Linux)`)
    .option("--json", t`print the parts as JSON`)
    .action(async (parts: string[], options: { fix?: string; json?: boolean }) =>
      (await import("./commands/doctor.js")).doctor(parts, options, io),
    );
  root
    .command("list")
    .description(t`list the experiments that can be run by name, and the runs in runs/, newest first`)
    .option("--json", t`print both as JSON`)
    .action(async (options: { json?: boolean }) => (await import("./commands/list.js")).list(options, io));
  root
    .command("completion")
    .description(t`print a completion script for bash, zsh or fish`)
    .argument("<shell>", t`bash, zsh or fish`)
    .action(async (shell: string) => (await import("./commands/completion.js")).completion(shell, root, io));
  for (const command of root.commands) {
    command.showHelpAfterError(t`(see bn-compare ${command.name()} --help)`);
  }
  return root;
}

/** What commander says is wrong: one line, which repeats what was typed, and perhaps a hint. */
function misuse(text: string): string {
  const [what = "", ...near] = text.trimEnd().split(/\n(?=\(Did you mean [^\n]+\?\)$)/);
  const hint = hintFor(/^error: unknown option '-*([^'=]+)/.exec(what)?.[1] ?? "");
  const hints = hint === undefined ? near : [/^--[a-z-]+$/.test(hint) ? t`(Did you mean ${hint}?)` : `(${hint})`];
  return [what, ...hints].map((line) => `${named(spoken(line))}\n`).join("");
}

/** A line of Commander's in the language spoken. */
function spoken(line: string): string {
  for (const [pattern, sentence] of MISUSES) {
    const match = pattern.exec(line);
    if (match !== null) return sentence(...match.slice(1));
  }
  return line;
}

/** Commander's texts: help, in our words, and what is wrong, in which no line break is left but its own. */
function linesOf(text: string): ScreenText {
  return screen.joined(text.split("\n"), "\n");
}

function addReport(root: Command, io: Io): void {
  const report = root
    .command("report")
    .description(t`write the charts, the summary and the report of a run again, from its result.json alone`)
    .argument("<run>", t`a run folder, a result.json, or latest`);
  for (const name of ["csv", "png", "animation", "chartFormat", "open"] as const) {
    for (const option of optionsFor(name)) report.addOption(option);
  }
  report.option("--embed", t`print HTML that embeds the report in another page`);
  report.action(async (run: string, flags: Record<string, unknown>) =>
    (await import("./commands/report.js")).report(run, flags, io),
  );
  root
    .command("compare")
    .description(
      t`put several recorded runs on one page: what differs, their costs in one chart, their charts side by side`,
    )
    .argument("<run...>", t`2 to 12 run folders, result.json files, or latest`)
    .option("--out <FILE.html>", t`the page`, "compare.html")
    .option("--open", t`open the page when done`)
    .action(async (runs: string[], options: { out: string; open?: boolean }) =>
      (await import("./commands/compare.js")).compare(runs, options, io),
    );
}

function addExplain(root: Command, io: Io): void {
  const explain = root
    .command("explain")
    .description(t`name the likely causes if BN gave no improvement in a run, each with the number its rule used`)
    .argument("<run>", t`a run folder, its result.json, or latest`)
    .option(
      "--probe",
      t`train the first seed of both arms at learning rates half a decade and a decade below and above their own`,
    )
    .option("--json", t`print the causes as JSON`);
  for (const option of optionsFor("workers")) explain.addOption(option);
  explain.action(async (run: string, { probe, json, ...flags }: Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { explain: action } = await import("./commands/explain.js");
    await action(run, { ...checkedFlags(flags), probe: probe === true, json: json === true }, io);
  });
}

function addVerify(root: Command, io: Io): void {
  const verify = root
    .command("verify")
    .description(
      t`repeat a recorded run and compare the bytes; with --engine, compare two engines from the same states`,
    )
    .argument("<run>", t`a run folder, its result.json, or latest`);
  for (const name of ["engine", "backend", "workers"] as const) {
    for (const option of optionsFor(name)) verify.addOption(option);
  }
  verify.action(async (run: string, flags: Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { verify: action } = await import("./commands/verify.js");
    await action(run, checkedFlags(flags), io);
  });
}

function addRecalibrate(root: Command, io: Io): void {
  const recalibrate = root
    .command("recalibrate")
    .description(t`write a run's final weights with the moving averages replaced by the training set's statistics`)
    .argument("<run>", t`a run folder, its result.json, or latest`)
    .option(
      "--out <DIR>",
      t`folder of the files ARM@UPDATE-recalibrated.safetensors (default: weights/ in the run folder)`,
    );
  for (const option of optionsFor("workers")) recalibrate.addOption(option);
  recalibrate.action(async (run: string, { out, ...flags }: Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { recalibrate: action } = await import("./commands/recalibrate.js");
    await action(run, { ...checkedFlags(flags), ...(out === undefined ? {} : { out: String(out) }) }, io);
  });
}

function addCheck(root: Command, io: Io, decide: (code: ExitCode) => void): void {
  const check = root
    .command("check")
    .description(t`run experiments and compare them with their baselines: pass 0, regression 1, inconclusive 3`)
    .argument("[experiment...]", t`folders, files or globs; without one, all of experiments/`)
    .option("--max-seeds <N>", t`while a gate is undecided, run more seeds, up to N`)
    .option("--inconclusive <fail|warn>", t`effect of an undecided gate on the exit code (fail: 3, warn: 0)`)
    .option("--update", t`record new baselines and report what changed; refused in CI`)
    .option("--force", t`allow --update in CI`)
    .option("--json", t`print the reports as JSON`);
  for (const { flag, help } of CHECK_FORMATS) check.option(`--${flag} <FILE>`, help);
  check
    .option("--artifacts <DIR>", t`write charts of the cost curves, baseline and now`)
    .option("--quiet", t`show no progress`);
  for (const name of ["engine", "backend", "workers"] as const) {
    for (const option of optionsFor(name)) check.addOption(option);
  }
  check.action(async (experiments: string[], flags: CheckOptions) =>
    decide(await (await import("./commands/check.js")).check(experiments, flags, io)),
  );
}

function addSweep(root: Command, io: Io): void {
  const sweep = root
    .command("sweep")
    .description(t`train a grid of configurations and compare the arms, each at its own best`)
    .argument("<experiment>", t`a folder whose experiment.yaml has a sweep section, or a YAML file`)
    .option("--out <STORE>", t`folder of the cells; an existing one is continued (default: sweeps/NAME)`)
    .option("--plan", t`report how many cells there are and how much time and disk space they need; write nothing`)
    .option("--shard <I/N>", t`train only part I of N of the grid; bn-compare merge combines the parts`)
    .option(
      "--queue [URL]",
      t`let workers on other machines train: redis:// or postgres:// (without URL: $BN_COMPARE_QUEUE)`,
    )
    .option("--json", t`print sweep.json`)
    .option("--quiet", t`show no progress`);
  for (const group of GROUPS.filter((name) => name !== "Output" && name !== "Recording")) {
    for (const name of keyNames.filter((key) => keyOf(key).group === group)) {
      for (const option of optionsFor(name)) sweep.addOption(option.helpGroup(`${HEADINGS[group]}:`));
    }
  }
  sweep.action(async (experiment: string, { plan, shard, queue, ...flags }: SweepFlags & Record<string, unknown>) => {
    const own = {
      ...(plan === undefined ? {} : { plan }),
      ...(shard === undefined ? {} : { shard }),
      ...(queue === undefined ? {} : { queue }),
    };
    await (await import("./commands/sweep.js")).sweep(experiment, own, flags, io);
  });
  const worker = root
    .command("worker")
    .description(t`train the cells that sweeps with the same --queue send, until stopped`)
    .option("--queue <URL>", t`redis:// or postgres:// (default: $BN_COMPARE_QUEUE)`)
    .option("--out <STORE>", t`also write the cells into this folder, which a sweep may share`)
    .option("--idle <SECONDS>", t`exit after this long without a cell`)
    .option("--quiet", t`print nothing`);
  for (const name of ["engine", "backend", "workers"] as const) {
    for (const option of optionsFor(name)) worker.addOption(option);
  }
  worker.action(async ({ queue, idle, ...flags }: { queue?: string; idle?: string } & Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { worker: action } = await import("./commands/worker.js");
    const own = { ...(queue === undefined ? {} : { queue }), ...(idle === undefined ? {} : { idle }) };
    await action(own, checkedFlags(flags), io);
  });
  root
    .command("merge")
    .description(t`combine the cells of a sweep's parts in one store; exit code 1 if cells are missing or conflict`)
    .argument("<store...>", t`stores that sweep wrote`)
    .requiredOption("--out <STORE>", t`the folder of all cells`)
    .option("--json", t`print sweep.json`)
    .action(async (stores: string[], options: { out: string; json?: boolean }) =>
      (await import("./commands/sweep.js")).merge(stores, options, io),
    );
}

function addReproduce(root: Command, io: Io): void {
  const reproduce = root
    .command("reproduce")
    .description(t`measure published claims about batch normalization and compare; exit code 1 if a result differs`)
    .argument("[claim...]", t`names of claims, or folders with a claim.yaml; without one, all that --list shows`)
    .option("--list", t`list the claims without measuring anything`)
    .option("--json", t`print the numbers as JSON`)
    .option("--quiet", t`show no progress`);
  for (const name of ["engine", "backend", "workers"] as const) {
    for (const option of optionsFor(name)) reproduce.addOption(option);
  }
  reproduce.action(async (claims: string[], { list, ...flags }: Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { reproduce: action } = await import("./commands/reproduce.js");
    await action(claims, { ...checkedFlags(flags), list: list === true }, io);
  });
}

function addRun(root: Command, io: Io): void {
  const run = root
    .command("run")
    .description(t`train both arms and write numbers, charts and a report`)
    .argument("[experiment]", t`a folder with experiment.yaml, or a YAML file; without one, the tutorial`)
    .addHelpText("before", EXAMPLES);
  for (const group of GROUPS) {
    for (const name of keyNames.filter((key) => keyOf(key).group === group)) {
      for (const option of optionsFor(name)) run.addOption(option.helpGroup(`${HEADINGS[group]}:`));
    }
  }
  run
    .option(
      "--cell <NAME>",
      t`run a cell of a sweep with full recording: the first characters of its name, from sweep.html or cells.csv`,
    )
    .option("--store <STORE>", t`the cell's sweep (default: those in sweeps/)`);
  run.action(async (experiment: string | undefined, flags: Record<string, unknown>) =>
    (await import("./commands/run.js")).run(experiment, flags, io),
  );
}

/** The flag of a key; a switch has a second one to turn it off, shown where it is on in some preset. */
function optionsFor(name: KeyName): Option[] {
  const key = keyOf(name);
  const flag = flagOf(name);
  const preset = presets.tutorial[name];
  const standard = name === "preset" || preset === undefined || key.type === "switch" ? "" : ` (${preset})`;
  if (key.type !== "switch") {
    const list = key.type === "choice" ? `: ${key.choices.join(", ")}` : "";
    return [new Option(`${flag} <${metavar(name)}>`, `${key.help}${list}${standard}`)];
  }
  const off = new Option(flag.replace("--", "--no-"), key.off ?? "").hideHelp(key.off === undefined);
  return [new Option(flag, key.help), off];
}

function metavar(name: KeyName): string {
  const key = keyOf(name);
  switch (key.type) {
    case "path":
      return key.metavar;
    case "integer":
      return "N";
    case "number":
      return "X";
    case "batch":
      return "N|full";
    case "seeds":
      return "N|LIST";
    case "column":
      return "NAME";
    case "columns":
      return "NAME,NAME";
    case "choice":
      return "NAME";
    case "text":
      return "NAME";
    default:
      return "VALUE";
  }
}
