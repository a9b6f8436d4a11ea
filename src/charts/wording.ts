import { divergedAt } from "../outcome/ending.js";
import { layerKinds } from "../record/layer-kinds.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { visible } from "../text/excerpt.js";
import { spokenLanguage, t } from "../text/language.js";
import { countedText, countText } from "../text/numbers.js";
import { quoted, textExpr } from "./vega-text.js";

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return t`${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The same at the beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names come from people: control and direction characters would garble what follows, and no picture holds a novel. */
export function nameText(value: string): string {
  const characters = [...visible(value).trim()];
  return characters.length > 40 ? `${characters.slice(0, 39).join("")}…` : characters.join("");
}

/** The activation's name, for titles. */
export function activationText(result: Result): string {
  const [only = "", ...others] = settingsOf(result, "activation");
  return others.length === 0 ? nameText(only) : t`activation by arm`;
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
    ...[divergedAt(arm) ?? []].flat(),
  ]);
  return Math.max(result.config.updates, ...recorded);
}

/** Whether a picture shows the first seed alone or all of them. */
type SeedScope = "first seed" | "every seed";

/** "layer 1 (conv 16)" for each of some layers, where the runs have the same layers on images: else they need no more than their names. */
export function layerLabels(
  runs: readonly { readonly result: Result }[],
  layers: readonly number[],
  names: readonly string[],
): readonly string[] | undefined {
  const [kinds, ...others] = runs.map(({ result }) => layerKinds(result.config));
  if (kinds === undefined || others.some((other) => other?.join() !== kinds.join())) return undefined;
  return layers.map((layer, place) => `${layerWords(names[place] ?? "")} (${kinds[layer]})`);
}

/** A layer as people read it, of its name in the tables. */
export function layerWords(name: string): string {
  return name === "output" ? t`output` : t`layer ${name.slice("layer ".length)}`;
}

/** Of the layer of this name its label, where a spec has labels in a parameter; else the name as people read it. */
export function layerExpr(name: string, hasLabels: boolean): string {
  if (hasLabels) return `layerLabels[indexof(layers, ${name})]`;
  if (spokenLanguage().catalog === undefined) return name;
  return `(${name} === 'output' ? ${quoted(t`output`)} : ${textExpr`layer ${`slice(${name}, ${"layer ".length})`}`})`;
}

/** The same for the labels of an axis along the layers, where they are not its values. */
export function layerAxisLabels(hasLabels: boolean): { readonly labelExpr?: string } {
  const labelExpr = layerExpr("datum.value", hasLabels);
  return labelExpr === "datum.value" ? {} : { labelExpr };
}

/** What was run, in one line: "7 hidden layers of 30 · 250 updates · 500 samples, full batch · seed 42 · …". */
export function runText(result: Result, scope: SeedScope = "first seed"): string {
  const { config, data, engine } = result;
  const hidden = config.sizes.slice(1, -1);
  const batches =
    config.batchSize < data.trainingSamples ? t`batches of ${countText(config.batchSize)}` : t`full batch`;
  const [rate, ...otherRates] = settingsOf(result, "learningRate");
  const [init = "", ...otherInits] = settingsOf(result, "init");
  const given = init === "" ? t`given weights` : t`${nameText(init)} initialization`;
  return [
    ...(config.image === undefined ? [] : [(config.layers ?? []).join(", ")]),
    ...(hidden.length > 0 && config.image === undefined ? [hiddenLayersText(hidden)] : []),
    countedText(config.updates, "update"),
    `${countedText(data.trainingSamples, config.image === undefined ? "sample" : "image")}, ${batches}`,
    otherRates.length > 0 ? t`learning rate by arm` : t`learning rate ${rate}`,
    otherInits.length > 0 ? t`initialization by arm` : given,
    seedText(result, scope),
    t`engine ${nameText(engine.name)}`,
  ].join(" · ");
}

function seedText({ config, seeds }: Result, scope: SeedScope): string {
  const [first = config.seed] = seeds.map(({ seed }) => seed);
  if (seeds.length < 2) return t`seed ${first}`;
  if (scope === "first seed") return t`seed ${first}, the first of ${countText(seeds.length)}`;
  const numbers = seeds.map(({ seed }) => seed);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const joint = high - low + 1 === seeds.length ? `${low}–${high}` : t`between ${low} and ${high}`;
  return t`${countText(seeds.length)} seeds, ${joint}`;
}

function hiddenLayersText(hidden: readonly number[]): string {
  const layers = hidden.length === 1 ? t`1 hidden layer` : t`${hidden.length} hidden layers`;
  const widths = [...new Set(hidden)];
  return t`${layers} of ${widths.length === 1 ? widths[0] : `${Math.min(...widths)}–${Math.max(...widths)}`}`;
}
