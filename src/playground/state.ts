import { hintFor } from "../config/aliases.js";
import { toCommandLine, toFlags } from "../config/codec.js";
import { fits } from "../config/fits.js";
import {
  type CompleteSettings,
  flagOf,
  isKeyName,
  type KeyName,
  keyNames,
  keyOf,
  type Settings,
} from "../config/keys.js";
import { checkLayer, flagLayer, suggestion } from "../config/layers.js";
import { mergeLayers } from "../config/merge.js";
import { presets } from "../config/presets.js";
import { NORMALIZER_KEYS, OPTIMIZER_KEYS, readsNormalizerKey, readsOptimizerKey } from "../config/read-keys.js";
import { amountsOf, type DataSource } from "../data/dataset.js";
import type { Points } from "../data/points.js";
import { unfitNormalizers } from "../experiment/arm-plans.js";
import type { LabJob } from "../lab/job.js";
import { jobOf } from "../lab/job-of.js";
import { Problems } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { parsePoints, pointsText } from "./points.js";
import type { Rate } from "./session.js";

/** The file that the page offers with points of the user's own, and that its command reads. */
export const POINTS_FILE = "points.csv";

/** What a page shows: settings by the rules of `bn-compare run`, and the points where they are the user's own. */
export interface State {
  readonly settings: CompleteSettings;
  /** Text of `POINTS_FILE`. */
  readonly points?: string;
  /** What the learning rate is changed to on the way, in the order of updates. */
  readonly rates?: readonly Rate[];
}

/** A state, or why there is none; `notes` says what was left out. */
export type Reading =
  | { readonly state: State; readonly notes: readonly string[] }
  | { readonly problems: readonly string[] };

/** Settings that change nothing that the page trains or shows; it trains the first seed. */
const UNUSED_GROUPS: readonly string[] = ["Recording", "Engine", "Output"];
const UNUSED: readonly KeyName[] = ["name", "seeds"];
/** Networks that the page has no knobs for. */
const ONLY_THERE = ["layers", "loss"] as const satisfies readonly KeyName[];
const MORE_THERE = "the page has hidden layers of one width and a squared error; the command has others";
/** Settings about files that a page does not have. */
const ELSEWHERE: readonly KeyName[] = ["testData", "weights", "target", "columns", "delimiter"];

/** What a page trains at most; larger runs belong to the command. */
const LIMITS = { hiddenLayers: 50, width: 256, samples: 20_000, testSamples: 20_000, inputs: 64 } as const;
const MOST_UPDATES = 100_000;
const MOST_RATES = 100;

const isUsed = (key: KeyName) =>
  key === "costEvery" || !(UNUSED_GROUPS.includes(keyOf(key).group) || UNUSED.includes(key));

/** Whether a page's settings may say a key. */
export const isHeld = (key: KeyName) =>
  isUsed(key) && !ELSEWHERE.includes(key) && !ONLY_THERE.some((other) => other === key);

/** The tutorial. */
export const START: State = { settings: presets.tutorial };

/** The settings that a command line has to name: what differs from its preset. */
export function statedOf(settings: CompleteSettings): Settings {
  const preset: Settings = { ...presets[settings.preset], preset: "tutorial" };
  return Object.fromEntries(keyNames.filter((key) => settings[key] !== preset[key]).map((key) => [key, settings[key]]));
}

/** The line that makes the same run. */
export function commandOf({ settings }: State): string {
  const flags = toCommandLine(statedOf(settings));
  return `bn-compare run${flags === "" ? "" : ` ${flags}`}`;
}

/** The state as the part of an address behind #: the flags, the points, and the changes of the rate, which no flag has. */
export function fragmentOf({ settings, points, rates = [] }: State): string {
  const entries = toFlags(statedOf(settings)).map(([flag = "", value = ""]) => [flag.slice(2), value]);
  const changes = rates.map(({ from, rate }) => `${from}:${rate}`).join(",");
  const more = Object.entries({ points, rates: changes || undefined }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return new URLSearchParams([...entries, ...more]).toString();
}

export function readFragment(fragment: string): Reading {
  const entries = [...new URLSearchParams(fragment)];
  const [points, changes] = ["points", "rates"].map((own) => entries.find(([key]) => key === own)?.[1]);
  const flags = entries.filter(([key]) => key !== "points" && key !== "rates");
  const reading = readFlags(
    flags.map(([key, value]) => ({ flag: `--${key}`, value: value === "" ? undefined : value })),
    points,
  );
  if ("problems" in reading || changes === undefined) return reading;
  const rates = readRates(changes, jobFor(reading.state).schedule.updates);
  if (rates === undefined) {
    const wanted = `at most ${MOST_RATES} UPDATE:RATE in the order of updates, as in 50:0.001,100:0.0001`;
    return { problems: [`rates: "${excerpt(changes)}" is not ${wanted}`] };
  }
  return { ...reading, state: { ...reading.state, rates } };
}

/** `50:0.001,100:0.0001` → rates; undefined where they are none of a run of so many updates. */
function readRates(text: string, updates: number): Rate[] | undefined {
  const parts = text.split(",", MOST_RATES + 1).map((part) => /^([1-9]\d{0,5}):([\d.e+-]+)$/.exec(part));
  const rates = parts.map((part) => ({ from: Number(part?.[1]), rate: Number(part?.[2]) }));
  const isRight = ({ from, rate }: Rate, place: number) =>
    from > (rates[place - 1]?.from ?? 0) && from < updates && fits(keyOf("learningRate"), rate);
  return rates.length <= MOST_RATES && rates.every(isRight) ? rates : undefined;
}

/** A line as it is typed: the program and `run` in front may be missing. */
export function readCommand(line: string, points?: string): Reading {
  const words = wordsOf(line.replace(/^\s*\$\s/, ""));
  if (words === undefined) return { problems: ["a quotation mark in this line is never closed"] };
  const flags: Flag[] = [];
  const others: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("--")) {
      others.push(word);
      continue;
    }
    const [flag = "", value] = split(word);
    const key = keyOfFlag(flag)?.key;
    // Behind a flag that there is not, what is no flag was meant as its value.
    const hasValue = key === undefined ? words[at + 1]?.startsWith("--") === false : keyOf(key).type !== "switch";
    const takesNext = value === undefined && hasValue;
    flags.push({ flag, value: takesNext ? words[++at] : value });
  }
  const unknown = others.filter((word) => !/^(?:npx|bn-compare(?:@\S+)?|run)$/.test(word));
  if (unknown.length > 0) {
    return {
      problems: unknown.map((word) => `${excerpt(word)}: the page has no experiment files; give the settings as flags`),
    };
  }
  return readFlags(flags, points);
}

/** The words of a line by the rules of a POSIX shell, without its variables; undefined where a quotation has no end. */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  const part = /\\\n|\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|[\s\S]/gy;
  for (const [all, single, double, escaped, bare] of line.matchAll(part)) {
    if (all === "\\\n") continue;
    const text = single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? bare;
    if (text !== undefined) word = (word ?? "") + text;
    else if (/^\s/.test(all)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else return undefined;
  }
  return word === undefined ? words : [...words, word];
}

interface Flag {
  readonly flag: string;
  readonly value: string | undefined;
}

/** `--flag=value` → its parts. */
function split(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

const FLAGS: ReadonlyMap<string, KeyName> = new Map(keyNames.map((key) => [flagOf(key), key]));

/** The key of a flag, and what the flag alone says of a switch. */
function keyOfFlag(flag: string): { readonly key: KeyName; readonly isOff: boolean } | undefined {
  const key = FLAGS.get(flag);
  if (key !== undefined) return { key, isOff: false };
  const off = flag.startsWith("--no-") ? FLAGS.get(`--${flag.slice(5)}`) : undefined;
  return off !== undefined && keyOf(off).type === "switch" ? { key: off, isOff: true } : undefined;
}

function readFlags(flags: readonly Flag[], points: string | undefined): Reading {
  const problems = new Problems();
  const options: Partial<Record<KeyName, unknown>> = {};
  const unused = new Set<string>();
  for (const { flag, value } of flags) {
    const found = keyOfFlag(flag);
    if (found === undefined) {
      const hint = hintFor(flag);
      const instead = hint === undefined ? suggestion(flag, [...FLAGS.keys()]) : `; give ${hint}`;
      problems.push(`${excerpt(flag)}: bn-compare run has no such flag${instead}`);
    } else if (!isUsed(found.key)) unused.add(flag);
    else if (ONLY_THERE.some((key) => key === found.key)) problems.push(`${flag}: ${MORE_THERE}`);
    else if (ELSEWHERE.includes(found.key)) problems.push(`${flag}: the page reads no files; the command does`);
    else if (keyOf(found.key).type === "switch") options[found.key] = !found.isOff;
    else if (value === undefined) problems.push(`${flag}: has no value`);
    else options[found.key] = value;
  }
  const { settings } = checkLayer(flagLayer(options), problems);
  if (problems.length > 0) return { problems: problems.lines() };
  const reading = settled([settings], settings.data === undefined ? undefined : points);
  if ("problems" in reading || unused.size === 0) return reading;
  return { ...reading, notes: [`changes nothing here: ${[...unused].join(", ")}`] };
}

/** The state with other values of some keys; what no longer holds together with them is dropped. */
export function changed({ settings, points }: State, changes: Settings, newPoints?: string): Reading {
  const wanted = { ...settings, ...changes };
  const stated = Object.entries(statedOf(settings)).filter(([key]) => isRead(wanted, key));
  return settled([Object.fromEntries(stated), changes], newPoints ?? (wanted.data === undefined ? undefined : points));
}

/** Without points of one's own, with the preset's in their place. */
export function withGeneratedPoints({ settings }: State): State {
  const { data: _, ...stated } = statedOf(settings);
  const reading = settled([stated], undefined);
  return "state" in reading ? reading.state : START;
}

/** Whether a change leaves a key something to act on; all that is no normalizer's or optimizer's key has it. */
function isRead(settings: CompleteSettings, key: string): boolean {
  const [normalizer, optimizer] = [
    NORMALIZER_KEYS.find((name) => name === key),
    OPTIMIZER_KEYS.find((name) => name === key),
  ];
  if (normalizer !== undefined) return readsNormalizerKey(settings, normalizer);
  return optimizer === undefined || readsOptimizerKey(settings, optimizer);
}

function settled(layers: readonly Settings[], points: string | undefined): Reading {
  const problems = new Problems();
  const preset = presets[layers.findLast((layer) => layer.preset !== undefined)?.preset ?? "tutorial"];
  const locate = (key: string) => (isKeyName(key) ? flagOf(key) : key);
  const { settings, written } = mergeLayers(
    preset,
    layers.map((layer) => ({ settings: layer, locate })),
    problems,
  );
  if (problems.length > 0) return { problems: problems.lines() };
  for (const [key, most] of Object.entries(LIMITS)) {
    const value = settings[key as keyof typeof LIMITS] ?? 0;
    if (value > most)
      problems.push(`${locate(key)}: ${value} is more than the ${most} that this page takes; the command takes more`);
  }
  if (ONLY_THERE.some((key) => settings[key] !== undefined)) problems.push(`${locate("preset")}: ${MORE_THERE}`);
  const given = settings.data === undefined ? undefined : parsePoints(points ?? "");
  if (settings.data !== undefined && points === undefined)
    problems.push(`--data: the page cannot read ${excerpt(settings.data)}; paste its content under "Your own points"`);
  else if (given !== undefined && "problem" in given) problems.push(`the points: ${given.problem}`);
  if (problems.length > 0) return { problems: problems.lines() };
  const own = given !== undefined && "points" in given ? given.points : undefined;
  const { schedule, arms, batchSize, source } = jobOf(settings, sourceOf(own));
  const { samples } = amountsOf(source);
  if (settings.batchSize !== "full" && batchSize > samples)
    problems.push(`--batch-size: ${batchSize} is more than the ${samples} points`);
  if (schedule.updates > MOST_UPDATES)
    problems.push(`${schedule.updates} updates are more than the ${MOST_UPDATES} that this page makes`);
  for (const problem of unfitNormalizers(arms, written)) problems.push(problem);
  if (problems.length > 0) return { problems: problems.lines() };
  if (own === undefined) return { state: { settings }, notes: [] };
  return { state: { settings: { ...settings, data: POINTS_FILE }, points: pointsText(own) }, notes: [] };
}

/** What the workers train. */
export function jobFor({ settings, points }: State): LabJob {
  const given = points === undefined ? undefined : parsePoints(points);
  return jobOf(settings, sourceOf(given !== undefined && "points" in given ? given.points : undefined));
}

function sourceOf(training: Points | undefined): DataSource | undefined {
  return training === undefined ? undefined : { kind: "given", training };
}
