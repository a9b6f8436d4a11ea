import { Command, Option } from "commander";
import { expectation, flagOf, GROUPS, type KeyName, keyNames, keyOf } from "./config/keys.js";
import { presets } from "./config/presets.js";
import { VERSION } from "./version.js";

const EXAMPLES = `Examples:
  bn-compare run --activation relu                  the tutorial: 500 points, 7 layers of 30 units
  bn-compare run --activation tanh --epochs 250     the same with tanh
  bn-compare run --preset tutorial-minibatch        batches of 10, costs on points of their own
  bn-compare run experiments/tutorial-tanh          an experiment from a folder; flags override it
  bn-compare run --data points.csv --width 16       your own points: columns x,y or x1,x2,…,y
  bn-compare report runs/tutorial-relu-…            draw a run's pictures again
`;

/** The program; each command loads its module when it is used. */
export function program(signal: AbortSignal): Command {
  const root = new Command("bn-compare")
    .description("Trains the same network with and without batch normalization and shows what changed in every layer.")
    .version(VERSION)
    .showHelpAfterError("(bn-compare --help shows what there is)")
    .addHelpText("before", EXAMPLES);
  addRun(root, signal);
  root
    .command("report")
    .description("draw the pictures and the summary of a run again, from its result.json alone")
    .argument("<run>", "a run folder or a result.json")
    .action(async (run: string) => (await import("./commands/report.js")).report(run));
  root
    .command("inspect")
    .description("what a run proves and found: the pairing certificate, verdicts, the train/inference gap, effects")
    .argument("<run>", "a run folder or its result.json")
    .option("--json", "print the certificate as JSON")
    .action(async (run: string, options: { json?: boolean }) =>
      (await import("./commands/inspect.js")).inspect(run, options),
    );
  addVerify(root, signal);
  root
    .command("doctor")
    .description(
      "what this machine has and lacks: engines, backends, fonts, browser; with --fix, install what is missing",
    )
    .argument("[part...]", "parts to look at; exit code 4 when one of them is missing")
    .option("--fix <part>", "tensorflow: install native TensorFlow from the Python package index (Linux)")
    .option("--json", "print the parts as JSON")
    .action(async (parts: string[], options: { fix?: string; json?: boolean }) =>
      (await import("./commands/doctor.js")).doctor(parts, options, signal),
    );
  return root;
}

function addVerify(root: Command, signal: AbortSignal): void {
  const verify = root
    .command("verify")
    .description(
      "run a recorded run again and compare the bytes; with --engine, compare two engines from the same states",
    )
    .argument("<run>", "a run folder or its result.json");
  for (const name of ["engine", "backend", "workers"] as const) {
    for (const option of optionsFor(name)) verify.addOption(option);
  }
  verify.action(async (run: string, flags: Record<string, unknown>) => {
    const { checkedFlags } = await import("./config/load.js");
    const { verify: action } = await import("./commands/verify.js");
    await action(run, checkedFlags(flags), signal);
  });
}

function addRun(root: Command, signal: AbortSignal): void {
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
  run.action(async (experiment: string | undefined, flags: Record<string, unknown>) =>
    (await import("./commands/run.js")).run(experiment, flags, signal),
  );
}

/** The flag of a key; a switch has a second one to turn it off, shown where it is on in some preset. */
function optionsFor(name: KeyName): Option[] {
  const key = keyOf(name);
  const flag = flagOf(name);
  const preset = presets.tutorial[name];
  const standard = preset === undefined || key.type === "switch" ? "" : ` (${preset})`;
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
    case "choice":
      return "NAME";
    default:
      return expectation(key).includes("text") ? "NAME" : "VALUE";
  }
}
