import { fromFlag } from "../../config/codec.js";
import {
  type CompleteSettings,
  flagOf,
  isKeyName,
  type Key,
  type KeyName,
  keyNames,
  keyOf,
  type Settings,
} from "../../config/keys.js";
import { NORMALIZER_KEYS, OPTIMIZER_KEYS, readsNormalizerKey, readsOptimizerKey } from "../../config/read-keys.js";
import { NORMALIZER_FORMS, namedNormalizer, normalizerOf } from "../../model/normalizers/index.js";
import { isHeld } from "../state.js";

/** A key with a slider beside its number; the number may go beyond. */
interface Slider {
  readonly from: number;
  readonly to: number;
  readonly step?: number;
  /** From `from` to `to` by equal factors. */
  readonly isLog?: boolean;
}

const SLIDERS: Partial<Record<KeyName, Slider>> = {
  learningRate: { from: 1e-6, to: 1, isLog: true },
  hiddenLayers: { from: 1, to: 15 },
  width: { from: 1, to: 64 },
  noise: { from: 0, to: 30 },
  decay: { from: 0, to: 0.999, step: 0.001 },
  seed: { from: 1, to: 20 },
};

/** The knobs in sight. */
const IN_SIGHT: readonly KeyName[] = [
  "activation",
  "learningRate",
  "hiddenLayers",
  "width",
  "init",
  "initStd",
  "normalizer",
  "batchSize",
  "decay",
  "dataset",
  "noise",
  "seed",
];
/** Set by a line alone: the presets are buttons, updates stand for epochs, points have a place of their own. */
const WITHOUT_KNOB: readonly KeyName[] = ["preset", "epochs", "costEvery", "data", "axes"];

/** The knobs in sight, and those behind "more". */
const KNOBS: readonly (readonly KeyName[])[] = [
  IN_SIGHT,
  keyNames.filter((key) => isHeld(key) && !IN_SIGHT.includes(key) && !WITHOUT_KNOB.includes(key)),
];

/** What a key is where the settings do not say it. */
const USUAL: Settings = { normalizer: "batch", optimizer: "sgd", accumulate: 1 };

/** Where a normalizer has groups, so many at first. */
const GROUPS = "5";

const STEPS = 1000;

/** Shows settings, `updates` being what the epochs come to. */
export type ShowKnobs = (settings: CompleteSettings, updates: number) => void;

/** Controls for settings; `turn` hears what a user changes. Their names, bounds and explanations are those of the flags. */
export function makeKnobs(places: readonly HTMLElement[], turn: (changes: Settings) => void): ShowKnobs {
  const shows = places.flatMap((place, at) => (KNOBS[at] ?? []).map((key) => makeKnob(place, key, turn)));
  return (settings, updates) => {
    for (const show of shows) show(settings, updates);
  };
}

function makeKnob(place: HTMLElement, name: KeyName, turn: (changes: Settings) => void): ShowKnobs {
  const key: Key = keyOf(name);
  const label = document.createElement("label");
  const title = document.createElement("span");
  title.textContent = flagOf(name).slice(2).replaceAll("-", " ");
  label.title = key.help;
  const input = inputFor(key);
  const say = (value: unknown) => turn({ [name]: value } as Settings);
  input.addEventListener("change", () => {
    if (input instanceof HTMLInputElement && input.type === "checkbox") say(input.checked);
    else say(input.value.trim() === "" ? undefined : fromFlag(name, input.value));
  });
  label.append(title, input);
  const knob = document.createElement("div");
  const slider = SLIDERS[name];
  const range = slider === undefined ? undefined : makeRange(slider, title.textContent, say);
  knob.append(label, ...(range === undefined ? [] : [range.element]));
  place.append(knob);
  return (settings, updates) => {
    const value = name === "updates" ? updates : (settings[name] ?? USUAL[name]);
    if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value === true;
    else if (document.activeElement !== input || input instanceof HTMLSelectElement) input.value = String(value ?? "");
    if (typeof value === "number") range?.show(value);
    knob.hidden = !acts(name, settings);
  };
}

/** Whether a key changes anything beside these settings. */
function acts(name: KeyName, settings: CompleteSettings): boolean {
  const isOwn = settings.data !== undefined;
  if (["dataset", "noise", "samples", "testSamples"].includes(name)) return !isOwn;
  if (name === "inputs") return settings.inputs !== undefined;
  if (name === "initStd") return settings.init === "normal";
  const normalizer = NORMALIZER_KEYS.find((key) => key === name);
  if (normalizer !== undefined) return readsNormalizerKey(settings, normalizer);
  const optimizer = OPTIMIZER_KEYS.find((key) => key === name);
  if (optimizer !== undefined) return readsOptimizerKey(settings, optimizer);
  return isKeyName(name);
}

function inputFor(key: Key): HTMLInputElement | HTMLSelectElement {
  if (key.type === "choice" || key.type === "normalizer") {
    const select = document.createElement("select");
    const choices = key.type === "choice" ? key.choices.filter((choice) => choice !== "none") : normalizersOfDense();
    select.append(...choices.map((choice) => new Option(choice, choice)));
    return select;
  }
  const input = document.createElement("input");
  input.type = key.type === "switch" ? "checkbox" : "text";
  if (key.type !== "switch") input.inputMode = key.type === "batch" ? "text" : "decimal";
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}

/** The normalizers of dense layers. */
function normalizersOfDense(): readonly string[] {
  const forms = NORMALIZER_FORMS.map((form) => form.replace(/ N$/, ` ${GROUPS}`));
  return forms.filter((form) => !("imagesOnly" in normalizerOf(namedNormalizer(form) ?? {})));
}

function makeRange({ from, to, step = 1, isLog = false }: Slider, name: string, say: (value: number) => void) {
  const element = document.createElement("input");
  element.type = "range";
  element.setAttribute("aria-label", name);
  const bounds = isLog ? { min: 0, max: STEPS, step: 1 } : { min: from, max: to, step };
  Object.assign(element, { min: String(bounds.min), max: String(bounds.max), step: String(bounds.step) });
  const valueAt = (place: number) => (isLog ? Number((from * (to / from) ** (place / STEPS)).toPrecision(2)) : place);
  element.addEventListener("input", () => say(valueAt(Number(element.value))));
  return {
    element,
    show(value: number) {
      const text = String(value);
      element.setAttribute("aria-valuetext", text);
      if (document.activeElement === element && valueAt(Number(element.value)) === value) return;
      element.value = isLog ? String((STEPS * Math.log(value / from)) / Math.log(to / from)) : text;
    },
  };
}
