import { datasetNamed, WITH_ANY_INPUTS } from "../data/datasets/index.js";
import { aboutFormat, tensorFormat } from "../data/formats/names.js";
import { lossOf } from "../model/losses/index.js";
import type { Problems } from "../problems.js";
import { t } from "../text/language.js";
import { hintFor } from "./aliases.js";
import { type ArmSettings, type CompleteSettings, flagOf, isKeyName, type KeyName } from "./keys.js";
import type { Layer } from "./layers.js";
import { presets } from "./presets.js";
import {
  INPUT_NORMALIZERS,
  mayNormalizeInput,
  NORMALIZER_KEYS,
  normalizerIn,
  OPTIMIZER_KEYS,
  readsNormalizerKey,
  readsOptimizerKey,
} from "./read-keys.js";

/** Settings after preset, file and flags, and where each was written (absent: by the preset). */
export interface Configuration {
  readonly settings: CompleteSettings;
  readonly written: ReadonlyMap<string, string>;
}

/** Keys that another one may drop. */
type Droppable =
  | "updates"
  | "epochs"
  | "dataset"
  | "inputs"
  | "samples"
  | "noise"
  | "testSamples"
  | "initStd"
  | "layers"
  | "seeds";

/** Keys that cannot hold together; written later, the one drops what earlier layers said of the others. */
const EXCLUDES: Readonly<Partial<Record<KeyName, readonly Droppable[]>>> = {
  updates: ["epochs"],
  epochs: ["updates"],
  hiddenLayers: ["layers"],
  width: ["layers"],
  data: ["dataset", "inputs", "samples", "noise", "testSamples"],
};

/**
 * Puts the layers over the preset, later ones over earlier ones. What cannot hold
 * together in the result is a problem.
 */
export function mergeLayers(preset: CompleteSettings, layers: readonly Layer[], problems: Problems): Configuration {
  const settings: CompleteSettings = { ...preset };
  const written = new Map<string, string>();
  const drop = (name: Droppable) => {
    delete settings[name];
    written.delete(name);
  };
  for (const layer of layers) {
    const names = Object.keys(layer.settings);
    for (const name of names) {
      for (const excluded of (isKeyName(name) ? EXCLUDES[name] : undefined) ?? []) {
        if (!names.includes(excluded)) drop(excluded);
      }
      // Layers say what these would, which every preset has.
      if (name === "layers") {
        for (const other of ["hiddenLayers", "width"] as const) if (!names.includes(other)) written.delete(other);
      }
      // A kernel's standard deviation is a choice of init normal alone.
      if (name === "init" && layer.settings.init !== "normal" && !names.includes("initStd")) drop("initStd");
      if (name === "init" && layer.settings.init === "normal") settings.initStd ??= 1;
      // A list says which seeds; a first seed given over it asks for that one.
      if (name === "seed" && typeof settings.seeds === "object" && !names.includes("seeds")) drop("seeds");
      if (name !== "dataset") continue;
      if (datasetNamed(layer.settings.dataset)?.anyInputs) settings.inputs ??= 1;
      else if (!names.includes("inputs")) drop("inputs");
    }
    Object.assign(settings, layer.settings);
    for (const name of names) written.set(name, layer.locate(name));
    for (const [arm, own] of Object.entries(layer.settings.arms ?? {})) {
      for (const key of Object.keys(own)) written.set(`arms.${arm}.${key}`, layer.locate(`arms.${arm}.${key}`));
    }
  }
  checkTogether({ settings, written }, problems);
  return { settings, written };
}

function checkTogether({ settings, written }: Configuration, problems: Problems): void {
  const at = (name: KeyName) => written.get(name) ?? flagOf(name);
  if (settings.epochs !== undefined && settings.updates !== undefined) {
    problems.push(t`${at("epochs")}: cannot be given together with updates; remove one of them`);
  }
  if (typeof settings.seeds === "object" && written.has("seed")) {
    problems.push(t`${at("seed")}: cannot be given together with a list of seeds; remove one of them`);
  }
  if (settings.init !== "normal" && settings.initStd !== undefined) {
    problems.push(t`${at("initStd")}: applies to init normal only; init is ${settings.init}`);
  }
  for (const name of ["hiddenLayers", "width"] as const) {
    if (settings.layers !== undefined && written.has(name))
      problems.push(t`${at(name)}: cannot be given together with layers; remove one of them`);
  }
  checkLoss(settings, at, problems);
  const { seed = 0, seeds = 1 } = settings;
  if (typeof seeds === "number" && seed > Number.MAX_SAFE_INTEGER - (seeds - 1)) {
    problems.push(t`${at("seeds")}: ${seeds} seeds from ${seed} on go beyond ${Number.MAX_SAFE_INTEGER}`);
  }
  if (settings.inputs !== undefined && !datasetNamed(settings.dataset)?.anyInputs) {
    problems.push(
      t`${at("inputs")}: applies to dataset ${WITH_ANY_INPUTS} only; dataset ${settings.dataset} has one input column`,
    );
  }
  checkArms(settings, written, problems);
  checkPoints(settings, written, at, problems);
  if (settings.backend !== undefined && settings.engine !== undefined && settings.engine !== "tfjs") {
    problems.push(t`${at("backend")}: applies to engine tfjs only; engine is ${settings.engine}`);
  }
  if (settings.batchSize !== "full" && settings.samples !== undefined && (settings.batchSize ?? 0) > settings.samples) {
    problems.push(
      t`${at("batchSize")}: ${settings.batchSize} is more than the ${settings.samples} samples; give at most that, or full`,
    );
  }
}

/** Keys of generated points, of columns and of tensors. */
function checkPoints(
  settings: CompleteSettings,
  written: ReadonlyMap<string, string>,
  at: (name: KeyName) => string,
  problems: Problems,
): void {
  const { data, testData } = settings;
  const columnKeys = (["target", "columns", "delimiter"] as const).filter((name) => settings[name] !== undefined);
  if (data === undefined) {
    if (testData !== undefined) problems.push(t`${at("testData")}: also needs data: your own points to train on`);
    for (const name of columnKeys) problems.push(t`${at(name)}: applies to a file of points; give one with data`);
    return;
  }
  const format = tensorFormat(data);
  const { what, isSet } = format === undefined ? { what: "", isSet: false } : aboutFormat(format);
  if (format !== undefined) {
    for (const name of columnKeys)
      problems.push(t`${at(name)}: applies to a file with columns; ${at("data")} is ${what}`);
  }
  if (testData !== undefined && isSet) {
    problems.push(t`${at("testData")}: ${format} has its own test images; testSamples sets how many to use`);
  } else if (testData !== undefined && tensorFormat(testData) !== format) {
    problems.push(t`${at("testData")}: its format differs from that of data; give both files in the same format`);
  }
  const generated = ["dataset", "inputs", "samples", "noise", "testSamples"] as const;
  for (const name of generated) {
    const isTaken = format !== undefined && (name === "samples" || name === "testSamples");
    if (settings[name] !== undefined && written.has(name) && !isTaken) {
      problems.push(t`${at(name)}: applies to generated data; the points come from ${at("data")}`);
    }
  }
}

/** A loss over classes is for labels, which generated points and a standardized target are not. */
function checkLoss(settings: CompleteSettings, at: (name: KeyName) => string, problems: Problems): void {
  if (!lossOf(settings).classes) return;
  if (settings.data === undefined) {
    problems.push(
      t`${at("loss")}: ${settings.loss} is for targets that are labels 0, 1, 2, …; dataset ${settings.dataset} has others; give your own points with data`,
    );
  }
  if (settings.standardizeTargets)
    problems.push(t`${at("standardizeTargets")}: with loss ${settings.loss} targets are labels; leave it out`);
}

/** The tutorial's pair. */
export const TUTORIAL_ARMS: Readonly<Record<string, ArmSettings>> = { plain: { normalize: "none" }, bn: {} };

/** The arms where none are given: the tutorial's pair, or plain beside another normalizer, which is named by it. */
export function pairOf({ normalizer = "batch" }: { readonly normalizer?: string | undefined }): typeof TUTORIAL_ARMS {
  return normalizer === "batch" ? TUTORIAL_ARMS : { plain: { normalize: "none" }, [normalizer]: {} };
}

function checkArms(settings: CompleteSettings, written: ReadonlyMap<string, string>, problems: Problems): void {
  const { arms } = settings;
  if (arms === undefined && settings.normalize === "none") {
    problems.push(
      t`${written.get("normalize")}: none would switch normalization off in both arms; set it for one arm under arms: in an experiment file`,
    );
  }
  for (const [name, own] of Object.entries(arms ?? {})) {
    const at = (key: string) => written.get(`arms.${name}.${key}`) ?? `arms.${name}.${key}`;
    if (own.initStd !== undefined && (own.init ?? settings.init) !== "normal") {
      problems.push(t`${at("initStd")}: applies to init normal only; this arm's init is ${own.init ?? settings.init}`);
    }
    if (settings.weights !== undefined) {
      for (const key of ["init", "initStd", "bias", "biasStd"] as const) {
        if (own[key] !== undefined)
          problems.push(t`${at(key)}: conflicts with ${written.get("weights")}: all arms start from it`);
      }
    }
    const all = { ...settings, ...own };
    checkRead(all, own, at, problems);
  }
  checkAccumulated(settings, written, problems);
  checkShared(settings, written, problems);
}

/** Weights of accumulated batches are those of ghost batches; not where training uses averages that move once a batch. */
function checkAccumulated(settings: CompleteSettings, written: ReadonlyMap<string, string>, problems: Problems): void {
  const { accumulate = 1, batchSize } = settings;
  const moved = Object.values(settings.arms ?? pairOf(settings))
    .map((own) => ({ ...settings, ...own }))
    .find((all) => {
      const normalizer = normalizerIn(all);
      return all.normalize !== "none" && normalizer.acts === "activations" && normalizer.trainsWithAverages === true;
    });
  if (accumulate === 1 || moved === undefined) return;
  const instead =
    batchSize === "full" ? "" : t`; give batchSize ${batchSize * accumulate} with ghostBatchSize ${batchSize} instead`;
  problems.push(
    t`${written.get("accumulate")}: with normalizer ${moved.normalizer} an update's batches would be corrected by averages that each of them moves${instead}`,
  );
}

/** What an arm sets for itself must be read by its own normalizer and optimizer. */
function checkRead(all: CompleteSettings, own: ArmSettings, at: (key: string) => string, problems: Problems): void {
  for (const key of [...NORMALIZER_KEYS, "decay", "epsilon"] as const) {
    if (own[key] === undefined) continue;
    if (all.normalize === "none") problems.push(t`${at(key)}: this arm normalizes nothing (normalize is none)`);
    else if (key !== "decay" && key !== "epsilon" && !readsNormalizerKey(all, key))
      problems.push(t`${at(key)}: has no effect on this arm, whose normalizer is ${all.normalizer ?? "batch"}`);
  }
  for (const key of OPTIMIZER_KEYS) {
    if (own[key] !== undefined && !readsOptimizerKey(all, key))
      problems.push(
        t`${at(key)}: has no effect on this arm, whose optimizer is ${all.optimizer ?? "sgd"}${otherMeaning(key)}`,
      );
  }
  if ((own.normalize === "all" || own.normalize === "input") && !mayNormalizeInput(all)) {
    problems.push(
      t`${at("normalize")}: only ${INPUT_NORMALIZERS.join(t` and `)} normalize the input; with normalizer ${all.normalizer}, give hidden`,
    );
  }
}

/** Of BN's momentum, as other programs call it. */
function otherMeaning(key: KeyName): string {
  return key === "momentum" ? t`; for BN's moving averages, ${hintFor("bn-momentum")}` : "";
}

/** What all arms share must be read by one of them; what a preset says anyway may be. */
function checkShared(settings: CompleteSettings, written: ReadonlyMap<string, string>, problems: Problems): void {
  const each = Object.values(settings.arms ?? pairOf(settings)).map((own) => ({ ...settings, ...own }));
  const unread = (key: KeyName, isRead: boolean) => {
    const place = written.get(key);
    if (place === undefined || isRead || settings[key] === presets.tutorial[key]) return;
    problems.push(t`${place}: no arm has a normalizer or an optimizer that uses it${otherMeaning(key)}`);
  };
  for (const key of NORMALIZER_KEYS)
    unread(
      key,
      each.some((all) => readsNormalizerKey(all, key)),
    );
  for (const key of OPTIMIZER_KEYS)
    unread(
      key,
      each.some((all) => readsOptimizerKey(all, key)),
    );
}
