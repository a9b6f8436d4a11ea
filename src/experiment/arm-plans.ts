import type { ArmSettings, CompleteSettings } from "../config/keys.js";
import { TUTORIAL_ARMS } from "../config/merge.js";
import type { Initialization } from "../model/initializers.js";
import type { NetworkSpec, Normalization, NormalizedPlaces } from "../model/network.js";

/** One arm: its network, and what makes it differ from the others. */
export interface ArmPlan {
  readonly spec: NetworkSpec;
  /** Absent where the weights are given. */
  readonly initialization?: Initialization;
  /** What it sets for itself. */
  readonly own: ArmSettings;
  /** The arm that its effect is measured against; the first arm has none. */
  readonly against?: string;
}

/** Every arm: the experiment's settings with its own over them. */
export function armPlans(
  settings: CompleteSettings,
  sizes: readonly number[],
  givenWeights: boolean,
): Record<string, ArmPlan> {
  const arms = Object.entries(settings.arms ?? TUTORIAL_ARMS);
  const first = arms[0]?.[0];
  return Object.fromEntries(
    arms.map(([name, own]) => {
      const all = { ...settings, ...own };
      const against = own.against ?? (name === first ? undefined : first);
      const initialization = { init: all.init, initStd: all.initStd ?? 1, bias: all.bias, biasStd: all.biasStd };
      const plan: ArmPlan = {
        spec: {
          sizes,
          activation: all.activation,
          learningRate: all.learningRate,
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
  return {
    epsilon: all.epsilon,
    decay: all.decay,
    debias: all.debias,
    ...(where === "all" ? {} : { where }),
    ...(all.transform === "standardize" ? {} : { transform: all.transform }),
    ...(all.affine ? {} : { affine: false }),
    ...(all.position === "before" ? {} : { position: all.position }),
    ...(all.ghostBatchSize === undefined ? {} : { ghostBatchSize: all.ghostBatchSize }),
  };
}
