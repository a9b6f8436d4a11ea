import type { ArmSettings, CompleteSettings } from "../config/keys.js";
import { pairOf } from "../config/merge.js";
import {
  mayNormalizeInput,
  type NORMALIZER_KEYS,
  OPTIMIZER_KEYS,
  readsNormalizerKey,
  readsOptimizerKey,
} from "../config/read-keys.js";
import type { Initialization } from "../model/initializers.js";
import {
  activationNormalizer,
  type NetworkSpec,
  type Normalization,
  type NormalizedPlaces,
  norms,
} from "../model/network.js";
import { namedNormalizer } from "../model/normalizers/index.js";
import type { Optimization } from "../model/optimizers/index.js";
import { t } from "../text/language.js";

/** One arm: its network, and what makes it differ from the others. */
export interface ArmPlan {
  readonly spec: NetworkSpec;
  /** Absent where the weights are given. */
  readonly initialization?: Initialization;
  /** What it sets for itself. */
  readonly own: ArmSettings;
  /** The arm that its effect is measured against, if any; the first arm has none. */
  readonly against?: string;
}

/** Every arm: the experiment's settings with its own over them. */
export function armPlans(
  settings: CompleteSettings,
  network: Pick<NetworkSpec, "sizes" | "images">,
  givenWeights: boolean,
): Record<string, ArmPlan> {
  const arms = Object.entries(settings.arms ?? pairOf(settings));
  const first = arms[0]?.[0];
  return Object.fromEntries(
    arms.map(([name, own]) => {
      const all = { ...settings, ...own };
      const control = own.against ?? first;
      // Checked when it was read: what names no arm is `none`.
      const against = control !== name && arms.some(([other]) => other === control) ? control : undefined;
      const initialization = { init: all.init, initStd: all.initStd ?? 1, bias: all.bias, biasStd: all.biasStd };
      const optimization = optimizationOf(all);
      const plan: ArmPlan = {
        spec: {
          ...network,
          activation: all.activation,
          learningRate: all.learningRate,
          ...(optimization === undefined ? {} : { optimization }),
          ...(all.loss === undefined || all.loss === "mse" ? {} : { loss: all.loss }),
          ...(all.normalize === "none" ? {} : { normalization: normalizationOf(all, all.normalize) }),
        },
        own,
        ...(givenWeights ? {} : { initialization }),
        ...(against === undefined ? {} : { against }),
      };
      return [name, plan];
    }),
  );
}

/** What is as usual stays unsaid: the standard normalization has no optional key. */
function normalizationOf(all: CompleteSettings, where: NormalizedPlaces): Normalization {
  const named = namedNormalizer(all.normalizer ?? "batch");
  const read = (key: (typeof NORMALIZER_KEYS)[number]) => readsNormalizerKey(all, key);
  const place = mayNormalizeInput(all) || (where !== "all" && where !== "input") ? where : "hidden";
  return {
    epsilon: all.epsilon,
    decay: all.decay,
    debias: read("debias") && all.debias,
    ...(named === undefined || named.normalizer === "batch" ? {} : named),
    ...(place === "all" ? {} : { where: place }),
    ...(all.transform === "standardize" || !read("transform") ? {} : { transform: all.transform }),
    ...(all.affine || !read("affine") ? {} : { affine: false }),
    ...(all.position === "before" || !read("position") ? {} : { position: all.position }),
    ...(all.normalizeOutput ? { normalizeOutput: true } : {}),
    ...(all.axes === undefined || all.axes === "channel" || !read("axes") ? {} : { axes: all.axes }),
    ...given(all, NORMALIZER_NUMBERS.filter(read)),
  };
}

/** Settings of normalizers that are absent unless they are given. */
const NORMALIZER_NUMBERS = ["ghostBatchSize", "renormMax", "renormShift", "frozenFrom"] as const;

/** The optimizer with what it reads; undefined for plain gradient descent. */
function optimizationOf(all: CompleteSettings): Optimization | undefined {
  const optimization = {
    ...(all.optimizer === undefined || all.optimizer === "sgd" ? {} : { optimizer: all.optimizer }),
    ...given(
      all,
      OPTIMIZER_KEYS.filter((key) => readsOptimizerKey(all, key)),
    ),
    ...given(all, all.weightDecay === undefined ? [] : ["weightDecay"]),
    ...(all.weightDecay !== undefined && all.decayNorms ? { decayNorms: true } : {}),
  };
  return Object.keys(optimization).length === 0 ? undefined : optimization;
}

/** Of these settings, those that are given. */
function given<K extends keyof CompleteSettings>(
  all: CompleteSettings,
  keys: readonly K[],
): { [key in K]?: NonNullable<CompleteSettings[K]> } {
  const found: { [key in K]?: NonNullable<CompleteSettings[K]> } = {};
  for (const key of keys) {
    const value = all[key];
    if (value !== undefined && value !== null) found[key] = value;
  }
  return found;
}

/** What an arm sets about images, where it has none: with the place where it was written. */
export function withoutImages(
  settings: CompleteSettings,
  arms: Readonly<Record<string, ArmPlan>>,
  written: ReadonlyMap<string, string>,
): string[] {
  return Object.entries(arms).flatMap(([name, { spec, own }]) => {
    if (spec.images !== undefined) return [];
    const all = { ...settings, ...own };
    const set = [
      ["normalize", all.normalize === "conv" || all.normalize === "dense"],
      ["position", all.position === "afterPooling"],
      ["axes", all.axes !== undefined],
    ] as const;
    return set.flatMap(([key, isSet]) =>
      isSet
        ? [
            t`${written.get(`arms.${name}.${key}`) ?? written.get(key) ?? key}: ${all[key]} applies to images; these points are columns`,
          ]
        : [],
    );
  });
}

/** Why an arm's normalizer cannot normalize one of its layers, with the place where it was written. */
export function unfitNormalizers(
  arms: Readonly<Record<string, Pick<ArmPlan, "spec">>>,
  written: ReadonlyMap<string, string>,
): string[] {
  return Object.entries(arms).flatMap(([name, { spec }]) => {
    const { normalization } = spec;
    const definition = activationNormalizer(spec);
    if (normalization === undefined || definition === undefined) return [];
    const places = norms(spec);
    const fault =
      definition.imagesOnly && places.length === 0
        ? t`${definition.label} needs images, and none of the layers that it could normalize outputs one`
        : places.flatMap(({ units }) => definition.fault?.(units, normalization) ?? [])[0];
    return fault === undefined
      ? []
      : [`${written.get(`arms.${name}.normalizer`) ?? written.get("normalizer") ?? name}: ${fault}`];
  });
}
