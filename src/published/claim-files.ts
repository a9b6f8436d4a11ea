import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import { fits } from "../config/fits.js";
import { expectation, type KeyName, keyNames, keyOf, type Settings } from "../config/keys.js";
import { checkLayer, type Layer, type RawLayer, suggestion } from "../config/layers.js";
import { PACKAGED } from "../config/load.js";
import { mergeLayers } from "../config/merge.js";
import { presets } from "../config/presets.js";
import { readYaml } from "../config/yaml-file.js";
import { usageError } from "../errors.js";
import { configurationError, type Problem, Problems } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { type Claim, type ClaimNumber, claimSchema, type WrittenClaim } from "./claim.js";
import { type StatisticName, statistics } from "./statistics.js";

const FILE = "claim.yaml";
const FOLDER = join(PACKAGED, "published");

/** The claims that come with the package, by their folders' names. */
export function claimNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, FILE)))
    .sort();
}

/** Reads the claim of that name, or of a folder or file of one's own. Throws one error with every problem found. */
export function loadClaim(name: string): Claim {
  const known = claimNames();
  const given = known.includes(name) ? join(FOLDER, name) : name;
  if (!existsSync(given)) {
    throw usageError(
      t`there is no claim ${excerpt(name)}${suggestion(name, known) || t`; claims are ${known.join(", ")}`}`,
    );
  }
  const file = statSync(given).isDirectory() ? join(given, FILE) : given;
  if (!existsSync(file)) throw usageError(t`${given} is no claim: it has no ${FILE}`);
  return readClaim(file);
}

function readClaim(file: string): Claim {
  const raw = readYaml(file, "claim");
  const problems = new Problems();
  const parsed = claimSchema.safeParse(Object.fromEntries(raw.entries.map(({ key, value }) => [key, value])), {
    reportInput: true,
  });
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      for (const problem of problemsOf(issue, raw.locate)) problems.push(problem);
    throw configurationError(problems);
  }
  const { claim, source, ...written } = parsed.data;
  const experiment =
    written.experiment === undefined
      ? undefined
      : checkLayer(readYaml(join(dirname(file), written.experiment)), problems);
  const seeds = seedsOf(written.seeds ?? experiment?.settings.seeds, raw.locate, problems);
  const numbers = Object.keys(written.numbers).map((name) =>
    numberOf(parsed.data, name, experiment, raw.locate, problems),
  );
  if (problems.length > 0) throw configurationError(problems);
  return {
    name: basename(dirname(file)),
    claim,
    source,
    seeds,
    numbers: numbers.filter((number) => number !== undefined),
  };
}

/** One problem of the file's form, with the line of its key. */
function problemsOf(issue: z.core.$ZodIssue, locate: RawLayer["locate"]): (Problem | (() => Problem))[] {
  const inList = issue.path.findIndex((part) => typeof part === "number");
  const path = (inList < 0 ? issue.path : issue.path.slice(0, inList)).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = path === "" ? Object.keys(claimSchema.shape) : Object.keys(claimSchema.shape.numbers.valueType.shape);
    return issue.keys.map(
      (key) => () => t`${locate(path === "" ? key : `${path}.${key}`)}: there is no such key${suggestion(key, known)}`,
    );
  }
  if (issue.input === undefined) {
    const key = String(issue.path.at(-1));
    const around = issue.path.slice(0, -1).join(".");
    return [around === "" ? t`${locate(key)}: is missing` : t`${locate(around)}: its ${key} is missing`];
  }
  if (issue.code === "invalid_key") return [`${locate(path)}: ${issue.issues[0]?.message ?? issue.message}`];
  return [`${locate(path)}: ${issue.message}`];
}

function seedsOf(written: unknown, locate: RawLayer["locate"], problems: Problems): readonly number[] {
  if (!fits(keyOf("seeds"), written)) {
    problems.push(
      written === undefined
        ? t`${locate("seeds")}: is missing; it must be ${expectation(keyOf("seeds"))}`
        : t`${locate("seeds")}: is not ${expectation(keyOf("seeds"))}`,
    );
    return [];
  }
  const given = written as number | number[];
  return typeof given === "number" ? Array.from({ length: given }, (_, i) => i + 1) : given;
}

/** One number with what stands at the top for all of them. */
function numberOf(
  claim: WrittenClaim,
  name: string,
  experiment: Layer | undefined,
  locate: RawLayer["locate"],
  problems: Problems,
): ClaimNumber | undefined {
  const own = claim.numbers[name] as WrittenClaim["numbers"][string];
  const at = (key: keyof typeof own & keyof typeof claim) =>
    locate(own[key] === undefined ? key : `numbers.${name}.${key}`);
  const tolerance = own.tolerance ?? claim.tolerance;
  if (tolerance === undefined) problems.push(t`${locate(`numbers.${name}`)}: has no tolerance`);
  const statistic = own.statistic ?? claim.statistic ?? "";
  if (!isStatistic(statistic)) {
    const known = Object.keys(statistics);
    problems.push(
      t`${at("statistic")}: there is no statistic "${excerpt(statistic)}"${suggestion(statistic, known) || t`; they are ${known.join(", ")}`}`,
    );
    return undefined;
  }
  const layers = [claim.config, own.config].map((config, i) =>
    configLayer(config ?? {}, i === 0 ? "config" : `numbers.${name}.config`, locate, problems),
  );
  const { settings } = mergeLayers(
    presets.tutorial,
    [...(experiment === undefined ? [] : [experiment]), ...layers],
    problems,
  );
  const parameters = statistics[statistic].parameters.safeParse({ ...claim.parameters, ...own.parameters });
  if (!parameters.success) {
    for (const issue of parameters.error.issues) problems.push(`${at("parameters")}: ${parameterFault(issue)}`);
    return undefined;
  }
  const needs = statistics[statistic].needs(parameters.data);
  for (const arm of needs.arms) {
    const arms = Object.keys(settings.arms ?? { plain: {}, bn: {} });
    if (!arms.includes(arm))
      problems.push(
        t`${at("parameters")}: the configuration has no arm "${excerpt(arm)}"; it has ${arms.map((known) => excerpt(known)).join(", ")}`,
      );
  }
  const axes = Object.keys(settings.sweep ?? {});
  if (needs.axis !== undefined && axes.join() !== needs.axis)
    problems.push(
      t`${at("statistic")}: measures a sweep over ${needs.axis} alone; the experiment has ${axes.length === 0 ? t`no sweep` : axes.join(", ")}`,
    );
  if ((needs.layer ?? 0) > settings.hiddenLayers) {
    problems.push(
      t`${at("parameters")}: layer ${needs.layer} is behind the last of ${settings.hiddenLayers} hidden layers`,
    );
  }
  if (tolerance === undefined) return undefined;
  const { is, published, origin, measured } = own;
  return {
    name,
    is,
    published,
    origin,
    tolerance,
    statistic,
    parameters: parameters.data,
    settings,
    ...(measured && { measured }),
  };
}

const isStatistic = (name: string): name is StatisticName => Object.hasOwn(statistics, name);

function parameterFault(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return t`the statistic has no ${issue.keys.map((key) => excerpt(key)).join(", ")}`;
  return `${excerpt(issue.path.join("."))}: ${issue.message}`;
}

/** Keys of an experiment file that decide about numbers; seeds and engine a claim has elsewhere. */
const CONFIG_KEYS = keyNames.filter(
  (key) =>
    !["Recording", "Engine", "Output"].includes(keyOf(key).group) &&
    keyOf(key).type !== "path" &&
    !isOf(key, "name", "seed", "seeds"),
);

function isOf(key: KeyName, ...names: KeyName[]): boolean {
  return names.includes(key);
}

function configLayer(
  config: Readonly<Record<string, unknown>>,
  prefix: string,
  locate: RawLayer["locate"],
  problems: Problems,
): Layer {
  const allowed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if ((keyNames as string[]).includes(key) && !(CONFIG_KEYS as string[]).includes(key)) {
      problems.push(t`${locate(`${prefix}.${key}`)}: does not stand in a claim's configuration`);
    } else allowed[key] = value;
  }
  const entries = Object.entries(allowed).map(([key, value]) => ({ key, value }));
  const layer = checkLayer({ entries, locate: (key) => locate(`${prefix}.${key}`) }, problems);
  return { ...layer, settings: layer.settings satisfies Settings };
}
