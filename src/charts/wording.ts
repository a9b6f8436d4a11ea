import { ownEntry } from "../experiment/own-entry.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { visible } from "../text/excerpt.js";

/** No-break space: keeps a number together with its unit and its thousands. */
const NBSP = "\u00a0";

/** 15000 → "15 000"; four digits stay together, as they do in the terminal's tables. */
export function countText(count: number): string {
  return count < 10_000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, NBSP);
}

/** "1 update", "250 updates". */
export function countedText(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number with three significant digits: "57.6", "0.0123", "1163", "9.9e8". */
export function numberText(value: Statistic): string {
  if (typeof value === "string") return value;
  const size = Math.abs(value);
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  if (size >= 1e5 || size < 1e-3) return sign + size.toExponential(1).replace("e+", "e").replace(".0e", "e");
  if (size >= 999.5) return sign + countText(Math.round(size));
  return sign + String(Number(size.toPrecision(3)));
}

/** A share in percent: "41 %", "0.4 %", "<0.1 %". Only all of them are 100 %, only none are 0 %. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent <= 0) return `0${NBSP}%`;
  if (percent < 0.1) return `<0.1${NBSP}%`;
  if (percent < 0.95) return `${percent.toFixed(1)}${NBSP}%`;
  if (percent > 99 && percent < 100) return `>99${NBSP}%`;
  return `${Math.round(percent)}${NBSP}%`;
}

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Names come from people: control and direction characters would garble what follows, and no picture holds a novel. */
export function nameText(value: string): string {
  const characters = [...visible(value).trim()];
  return characters.length > 40 ? `${characters.slice(0, 39).join("")}…` : characters.join("");
}

/** The activation's name, for titles. */
export function activationText(result: Result): string {
  const [only = "", ...others] = settingsOf(result, "activation");
  return others.length === 0 ? nameText(only) : "activation by arm";
}

/** The different values that the arms have for a key: an arm's own, else the experiment's. */
function settingsOf(result: Result, key: "activation" | "init" | "learningRate"): string[] {
  const { config, arms } = result;
  const values = Object.keys(arms).map((name) => ownEntry(config.arms, name)?.[key] ?? config[key]);
  return [...new Set(values.map((value) => (value === undefined ? "" : String(value))))];
}

/** The updates that were asked for; a diverged arm stops before. */
export function lastUpdate(result: Result): number {
  const recorded = Object.values(result.arms).flatMap((arm) => [
    ...arm.costs.map((entry) => entry.update),
    ...arm.checkpoints.map((checkpoint) => checkpoint.update),
    ...(arm.status === "diverged" ? [arm.divergence.update] : []),
  ]);
  return Math.max(result.config.updates, ...recorded);
}

/** Whether a picture shows the first seed alone or all of them. */
type SeedScope = "first seed" | "every seed";

/** What was run, in one line: "7 hidden layers of 30 · 250 updates · 500 samples, full batch · seed 42 · …". */
export function runText(result: Result, scope: SeedScope = "first seed"): string {
  const { config, data, engine } = result;
  const hidden = config.sizes.slice(1, -1);
  const batches = config.batchSize < data.trainingSamples ? `batches of ${countText(config.batchSize)}` : "full batch";
  const [rate, ...otherRates] = settingsOf(result, "learningRate");
  const [init = "", ...otherInits] = settingsOf(result, "init");
  const given = init === "" ? "given weights" : `${nameText(init)} initialization`;
  return [
    ...(hidden.length > 0 ? [hiddenLayersText(hidden)] : []),
    countedText(config.updates, "update"),
    `${countedText(data.trainingSamples, "sample")}, ${batches}`,
    otherRates.length > 0 ? "learning rate by arm" : `learning rate ${rate}`,
    otherInits.length > 0 ? "initialization by arm" : given,
    seedText(result, scope),
    `engine ${nameText(engine.name)}`,
  ].join(" · ");
}

function seedText({ config, seeds }: Result, scope: SeedScope): string {
  const [first = config.seed] = seeds.map(({ seed }) => seed);
  if (seeds.length < 2) return `seed ${first}`;
  if (scope === "first seed") return `seed ${first}, the first of ${countText(seeds.length)}`;
  const numbers = seeds.map(({ seed }) => seed);
  const [low, high] = numbers.reduce(([low, high], seed) => [Math.min(low, seed), Math.max(high, seed)], [
    first,
    first,
  ] as [number, number]);
  const joint = high - low + 1 === seeds.length ? `${low}–${high}` : `between ${low} and ${high}`;
  return `${countText(seeds.length)} seeds, ${joint}`;
}

function hiddenLayersText(hidden: readonly number[]): string {
  const layers = hidden.length === 1 ? "1 hidden layer" : `${hidden.length} hidden layers`;
  const widths = [...new Set(hidden)];
  return `${layers} of ${widths.length === 1 ? widths[0] : `${Math.min(...widths)}–${Math.max(...widths)}`}`;
}
