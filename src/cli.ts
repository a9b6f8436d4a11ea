import { Command, Option } from "commander";
import type { CheckOptions } from "./commands/check.js";
import type { SweepFlags } from "./commands/sweep.js";
import { hintFor } from "./config/aliases.js";
import { expectation, flagOf, GROUPS, type KeyName, keyNames, keyOf } from "./config/keys.js";
import { presets } from "./config/presets.js";
import type { ExitCode } from "./errors.js";
import { CHECK_FORMATS } from "./output/formats/check-formats.js";
import type { Io } from "./output/terminal.js";
import { named } from "./text/excerpt.js";
import { type ScreenText, screen } from "./text/screen.js";
import { VERSION } from "./version.js";

const EXAMPLES = `Examples:
  bn-compare run --activation relu                  the tutorial: 500 points, 7 layers of 30 units
  bn-compare run --activation tanh --epochs 250     the same with tanh
  bn-compare run --preset tutorial-minibatch        batches of 10, costs on points of their own
  bn-compare run experiments/tutorial-tanh          an experiment from a folder; flags override it
  bn-compare run --data points.csv --width 16       your own points: columns of numbers, the target last
  bn-compare report runs/tutorial-relu-…            draw a run's pictures again
`;

/** Where help is not read on a terminal. */
const HELP_COLUMNS = 80;

/** The program; each command loads its module when it is used. `decide` receives an exit code that is no error's. */
export function program(io: Io, decide: (code: ExitCode) => void): Command {
  const root = new Command("bn-compare")
    .description("Trains the same network with and without batch normalization and shows what changed in every layer.")
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => io.terminal.product(linesOf(text)),
      writeErr: (text) => io.terminal.note(linesOf(text.replace(/\n$/, ""))),
      outputError: (text, write) => write(misuse(text)),
      getOutHelpWidth: () => (Number.isFinite(io.terminal.columns) ? io.terminal.columns : HELP_COLUMNS),
      getErrHelpWidth: () => io.terminal.progress.columns ?? HELP_COLUMNS,
    })
    .showHelpAfterError("(bn-compare --help shows what there is)")
    .addHelpText("before", EXAMPLES);
  addRun(root, io);
  addReport(root, io);
  root
    .command("inspect")
    .description("what a run proves and found: the pairing certificate, verdicts, the train/inference gap, effects")
    .argument("<run>", "a run folder, its result.json, or latest")
    .option("--json", "print the certificate as JSON")
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
    .description("write a page that trains both arms while you turn the settings: no network, no installation")
    .option("--out <FILE.html>", "the page", "playground.html")
    .option("--open", "open the page when done")
    .action(async (options: { out: string; open?: boolean }) =>
      (await import("./commands/playground.js")).playground(options, io),
    );
  root
    .command("doctor")
    .description(
      "what this machine has and lacks: engines, backends, fonts, browser; with --fix, install what is missing",
    )
    .argument("[part...]", "parts to look at; exit code 4 when one of them is missing")
    .option("--fix <part>", "tensorflow: install native TensorFlow from the Python package index (Linux)")
    .option("--json", "print the parts as JSON")
    .action(async (parts: string[], options: { fix?: string; json?: boolean }) =>
      (await import("./commands/doctor.js")).doctor(parts, options, io),
    );
  root
    .command("list")
    .description("the experiments that can be run by name, and the runs in runs/, the newest first")
    .option("--json", "print both as JSON")
    .action(async (options: { json?: boolean }) => (await import("./commands/list.js")).list(options, io));
  root
    .command("completion")
    .description("print a script that completes commands and flags: bash, zsh or fish")
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell: string) => (await import("./commands/completion.js")).completion(shell, root, io));
  for (const command of root.commands) {
    command.showHelpAfterError(`(bn-compare ${command.name()} --help shows what there is)`);
  }
  return root;
}

/** What commander says is wrong: one line, which repeats what was typed, and perhaps a hint. */
function misuse(text: string): string {
  const [what = "", ...near] = text.trimEnd().split(/\n(?=\(Did you mean [^\n]+\?\)$)/);
  const hint = hintFor(/^error: unknown option '-*([^'=]+)/.exec(what)?.[1] ?? "");
  const hints = hint === undefined ? near : [/^--[a-z-]+$/.test(hint) ? `(Did you mean ${hint}?)` : `(${hint})`];
  return [what, ...hints].map((line) => `${named(line)}\n`).join("");
}

/** Commander's texts: help, in our words, and what is wrong, in which no line break is left but its own. */
function linesOf(text: string): ScreenText {
  return screen.joined(text.split("\n"), "\n");
}

function addReport(root: Command, io: Io): void {
  const report = root
    .command("report")
    .description("draw the pictures, the summary and the report of a run again, from its result.json alone")
    .argument("<run>", "a run folder, a result.json, or latest");
  for (const name of ["csv", "png", "animation", "chartFormat", "open"] as const) {
    for (const option of optionsFor(name)) report.addOption(option);
  }
  report.option("--embed", "print HTML that shows the report in a frame of another page");
  report.action(async (run: string, flags: Record<string, unknown>) =>
    (await import("./commands/report.js")).report(run, flags, io),
  );
  root
    .command("compare")
    .description("several recorded runs on one page: what differs, costs over each other, charts beside each other")
    .argument("<run...>", "2 to 12 run folders, result.json files, or latest")
    .option("--out <FILE.html>", "the page", "compare.html")
    .option("--open", "open the page when done")
    .action(async (runs: string[], options: { out: string; open?: boolean }) =>
      (await import("./commands/compare.js")).compare(runs, options, io),
    );
}

function addExplain(root: Command, io: Io): void {
  const explain = root
    .command("explain")
    .description("name the causes of “BN gave no improvement” that hold in a run, each with the number its rule used")
    .argument("<run>", "a run folder, its result.json, or latest")
    .option("--probe", "train the first seed of both arms at rates a half-decade and a decade around theirs")
    .option("--json", "print the causes as JSON");
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
      "run a recorded run again and compare the bytes; with --engine, compare two engines from the same states",
    )
    .argument("<run>", "a run folder, its result.json, or latest");
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
    .description("write a run's final weights with the training set's statistics in the moving averages' place")
    .argument("<run>", "a run folder, its result.json, or latest")
    .option(
      "--out <DIR>",
      "folder of the files ARM@UPDATE-recalibrated.safetensors (default: weights/ in the run folder)",
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
    .description("run experiments and compare them with their baselines: pass 0, regression 1, inconclusive 3")
    .argument("[experiment...]", "folders, files or globs; without one, all of experiments/")
    .option("--max-seeds <N>", "while nothing is decided, run more seeds, up to that many")
    .option("--inconclusive <fail|warn>", "what an undecided gate does to the exit code (fail: 3, warn: 0)")
    .option("--update", "record the baselines again and report what changed; refused in CI")
    .option("--force", "with --update: also in CI")
    .option("--json", "print the reports as JSON");
  for (const { flag, help } of CHECK_FORMATS) check.option(`--${flag} <FILE>`, help);
  check
    .option("--artifacts <DIR>", "write the cost curves of baseline and now as pictures")
    .option("--quiet", "no progress");
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
    .description("train a grid of configurations, every cell once, and compare the arms each at its own best")
    .argument("<experiment>", "a folder with experiment.yaml that has a section sweep, or a YAML file")
    .option("--out <STORE>", "the folder of the cells, continued where it exists (default: sweeps/NAME)")
    .option("--plan", "say how many cells there are, how long they take and how large they are, and write nothing")
    .option("--shard <I/N>", "train only the I-th of N parts of the grid; merge puts the parts together")
    .option("--queue [URL]", "let workers elsewhere train: redis:// or postgres:// (default: as for worker)")
    .option("--json", "print sweep.json")
    .option("--quiet", "no progress");
  for (const group of GROUPS.filter((name) => name !== "Output" && name !== "Recording")) {
    for (const name of keyNames.filter((key) => keyOf(key).group === group)) {
      for (const option of optionsFor(name)) sweep.addOption(option.helpGroup(`${group}:`));
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
    .description("train cells that sweeps with the same --queue send, until it is stopped")
    .option("--queue <URL>", "redis:// or postgres:// (default: the environment's BN_COMPARE_QUEUE)")
    .option("--out <STORE>", "put cells into this folder as well, which a sweep may share")
    .option("--idle <SECONDS>", "end after so long without a cell")
    .option("--quiet", "say nothing");
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
    .description("put the cells of a sweep's parts into one store; exit code 1 where cells are missing or conflict")
    .argument("<store...>", "stores that sweep wrote")
    .requiredOption("--out <STORE>", "the folder of all cells")
    .option("--json", "print sweep.json")
    .action(async (stores: string[], options: { out: string; json?: boolean }) =>
      (await import("./commands/sweep.js")).merge(stores, options, io),
    );
}

function addReproduce(root: Command, io: Io): void {
  const reproduce = root
    .command("reproduce")
    .description("measure what has been published about batch normalization and compare; exit code 1 where it differs")
    .argument("[claim...]", "names of claims, or folders with a claim.yaml; without one, all that --list shows")
    .option("--list", "show the claims and measure nothing")
    .option("--json", "print the numbers as JSON")
    .option("--quiet", "no progress");
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
    .description("train both arms and write numbers, pictures and a summary")
    .argument("[experiment]", "a folder with experiment.yaml, or a YAML file; without one, the tutorial")
    .addHelpText("before", EXAMPLES);
  for (const group of GROUPS) {
    for (const name of keyNames.filter((key) => keyOf(key).group === group)) {
      for (const option of optionsFor(name)) run.addOption(option.helpGroup(`${group}:`));
    }
  }
  run
    .option("--cell <NAME>", "run a cell of a sweep in full: the beginning of its name, from sweep.html or cells.csv")
    .option("--store <STORE>", "the cell's sweep (default: those in sweeps/)");
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
  const off = new Option(flag.replace("--", "--no-"), `do not ${key.help}`);
  return [new Option(flag, key.help), name === "shuffle" || name === "affine" ? off : off.hideHelp()];
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
    default:
      return expectation(key).includes("text") ? "NAME" : "VALUE";
  }
}
