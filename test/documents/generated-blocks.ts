import type { Command } from "commander";
import type { Chart } from "../../src/charts/chart.js";
import { CHARTS } from "../../src/charts/index.js";
import { program } from "../../src/cli.js";
import { ARM_KEYS, expectation, GROUPS, type Key, type KeyName, keyNames, keyOf } from "../../src/config/keys.js";
import { presets } from "../../src/config/presets.js";
import { CAUSES } from "../../src/explain/causes.js";
import { VERDICT_RULES } from "../../src/metrics/verdict-rules.js";
import { type Activation, activations } from "../../src/model/activations.js";
import { NORMALIZER_FORMS, namedNormalizer, normalizerOf } from "../../src/model/normalizers/index.js";
import type { Normalizer } from "../../src/model/normalizers/normalizer.js";
import { optimizers } from "../../src/model/optimizers/index.js";
import type { Optimizer } from "../../src/model/optimizers/optimizer.js";
import { limit, limitRows } from "../../src/outcome/limits.js";
import { openTerminal } from "../../src/output/terminal.js";
import type { Warning } from "../../src/record/warnings.js";
import { apiReference } from "./api-reference.js";

const BLOCK = /^(<!-- generated: (.+) -->\n)[\s\S]*?(^<!-- end -->$)/gm;

/** The names of a page's generated blocks. */
export const blocksOf = (page: string) => [...page.matchAll(BLOCK)].map(([, , name]) => name as string);

/** The page with every generated block as the code says it now. */
export function regenerated(page: string): string {
  return page.replace(BLOCK, (_, begin: string, name: string, end: string) => {
    const block = BLOCKS[name];
    if (block === undefined) throw new Error(`no block is called ${name}: ${Object.keys(BLOCKS).join(", ")}`);
    return `${begin}${block()}\n${end}`;
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n").replace(/ {2,}\|/g, " |");
}

/** What `docs/output.md` lists of charts. */
export function chartTable(charts: readonly Pick<Chart, "name" | "subject" | "scope">[]): string {
  return table(
    ["file", "what it shows", "of several seeds"],
    charts.map(({ name, subject, scope }) => [
      `\`${name}.svg\``,
      subject,
      scope === "every seed" ? "all" : "the first",
    ]),
  );
}

const code = (text: string) => `\`${text}\``;
const percent = (share: number) => `${100 * share} %`;

function normalizersTable(): string {
  const dependence = (definition: Normalizer) =>
    definition.acts === "kernels"
      ? "the kernel"
      : definition.dependsOn === "nothing"
        ? "–"
        : `the ${definition.dependsOn}`;
  return table(
    ["", "output", "statistics of", "source"],
    NORMALIZER_FORMS.map((form) => {
      const definition = normalizerOf(namedNormalizer(form.replace(/ N$/, " 1")) ?? {});
      return [code(form), definition.formula, dependence(definition), definition.source];
    }),
  );
}

function optimizersTable(): string {
  const rows = Object.entries<Optimizer>(optimizers).map(([name, { formula, options, source }]) => [
    code(name),
    formula,
    options.map(code).join(", "),
    source,
  ]);
  return table(["", "an update makes of w", "keys", "source"], rows);
}

const silent = { write: (_: string, done: (failure?: undefined) => void) => done() };
const { commands } = program(
  { terminal: openTerminal(silent, silent, {}).terminal, env: {}, signal: new AbortController().signal },
  () => {},
);
const commandOf = (name: string) => commands.find((command) => command.name() === name) as Command;

/** A command's arguments and options in its help's words. */
function optionsTable(name: string): string {
  const { registeredArguments, options } = commandOf(name);
  const bracketed = (argument: string, required: boolean, variadic: boolean) => {
    const inner = `${argument.toUpperCase()}${variadic ? "…" : ""}`;
    return required ? inner : `[${inner}]`;
  };
  return table(
    ["", "meaning"],
    [
      ...registeredArguments.map((argument) => [
        code(bracketed(argument.name(), argument.required, argument.variadic)),
        argument.description,
      ]),
      ...options
        .filter(({ hidden }) => !hidden)
        .map(({ flags, description }) => [code(flags.replace(/[<>]/g, "")), description]),
    ],
  );
}

/** The flags of `run` in one of the help's groups. */
function flagsTable(group: (typeof GROUPS)[number]): string {
  const { options } = commandOf("run");
  const rows = keyNames
    .filter((name) => keyOf(name).group === group)
    .map((name) => {
      const flags = options
        .filter((option) => option.attributeName() === name && !option.hidden)
        .map((option) => code(option.flags.replace(/[<>]/g, "")));
      return [flags.join(", "), keyOf(name).help, valuesOf(keyOf(name)), presetText(name)];
    });
  return table(["flag", "meaning", "values", "preset"], rows);
}

function valuesOf(key: Key): string {
  switch (key.type) {
    case "choice":
      return key.choices.map(code).join(", ");
    case "path":
    case "switch":
    case "column":
      return "";
    default:
      return expectation(key);
  }
}

function presetText(name: KeyName): string {
  if (name === "preset") return "";
  const shown = (value: unknown) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? ""));
  const [tutorial, minibatch] = [shown(presets.tutorial[name]), shown(presets["tutorial-minibatch"][name])];
  return tutorial === minibatch ? tutorial : `${tutorial} (\`tutorial-minibatch\`: ${minibatch})`;
}

/** What each warning says; a code without a sentence is an error of types. */
const WARNINGS: Readonly<Record<Warning["code"], string>> = {
  "decay-too-slow": `the initial zero still weighs more than ${percent(limit("start-weight"))} in an arm's moving averages at the end`,
  "inference-gap": `an arm's final costs in the two modes differ by more than ${percent(limit("inference-gap"))}`,
  "input-scale": "an arm fails only because of its input's scale; names the column and the limit of the verdict's rule",
  "constant-column": "a column has one value on every training point",
  "batch-of-one": "an update, or a ghost batch, has a single point, so BN's input has no variance",
  "evaluation-of-one": "costs in training mode are measured on a single point",
  "zero-variance": "an arm diverged because its epsilon is 0 and a feature does not vary (0/0)",
  "large-targets": `an arm failed and the targets' root mean square exceeds ${limit("large-targets")}; says what was tried and trains it`,
  "float32-rounding": `float32 makes at least ${percent(limit("lost-values"))} of a column's different values equal, or its step exceeds ${limit("coarse-values")} of the column's range`,
  "float32-overflow": "a column's points add up to more than float32 holds",
};

/** Every generated block by its name, in Markdown. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  api: () => apiReference("index.ts"),
  "api browser": () => apiReference("browser.ts"),
  ...Object.fromEntries(GROUPS.map((group) => [`flags ${group}`, () => flagsTable(group)])),
  ...Object.fromEntries(
    commands
      .map((command) => command.name())
      .filter((name) => name !== "run")
      .map((name) => [`options ${name}`, () => optionsTable(name)]),
  ),
  charts: () => chartTable(CHARTS),
  "arm keys": () => ARM_KEYS.map(code).join(", "),
  normalizers: normalizersTable,
  optimizers: optimizersTable,
  activations: () =>
    table(
      ["activation", "f(z)"],
      Object.entries<Activation>(activations).map(([name, { formula }]) => [code(name), formula]),
    ),
  verdicts: () =>
    table(
      ["verdict", "a layer has it when"],
      VERDICT_RULES.map(({ verdict, when }) => [verdict, when]),
    ),
  causes: () =>
    table(
      ["code", "cause", "holds when"],
      CAUSES.map(({ code: name, title, when }) => [code(name), title, when]),
    ),
  endings: () =>
    table(
      ["ending", "when"],
      [
        ["learned", `below ${percent(limit("learned"))} of the cost of predicting the mean`],
        ["learned little", `below ${percent(limit("learned-little"))} of it`],
        ["did not learn", "otherwise"],
        ["diverged", "the cost exceeds float32's largest number, or something in the state is NaN"],
      ],
    ),
  limits: () =>
    table(
      ["threshold", "value", "what it says"],
      limitRows().map(({ name, limit, meaning }) => [code(name), String(limit), meaning]),
    ),
  warnings: () =>
    table(
      ["warning", "when"],
      Object.entries(WARNINGS).map(([name, when]) => [code(name), when]),
    ),
};
