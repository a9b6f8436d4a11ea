import { root } from "../metrics/roots.js";
import { activationNormalizer, hasMovingAverages, norms } from "../model/network.js";
import { endingOf, fateOf } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { Checkpoint } from "../record/layers.js";
import type { Statistic } from "../record/values.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { countedText, countText, foldText, numberText, percentText, shortText } from "../text/numbers.js";
import { layerName, pointsWord, verdictWord } from "../text/places.js";
import { recalibrationText } from "../text/recalibration.js";
import type { Cause, ExplainedArm, Measured, Pair } from "./pair.js";

/** Of the updates, the last ones by which a cost is called falling. */
const STRETCH = 0.2;

const NO_BATCH_STATISTICS = { absent: t`this normalization has no statistics of a batch` };

/**
 * Every cause, the most likely first where several hold: what the settings make of BN, what the training leaves it, and
 * what is left for it to do. A cause earlier in the list often brings about a later one.
 */
export const CAUSES: readonly Cause[] = [
  {
    code: "wrong-axes",
    title: t`Statistics over the wrong axes`,
    when: t`a layer on images has one mean and variance for each row or pixel, not for each channel (\`axes\`)`,
    measure: wrongAxes,
    remedy: t`Compute the statistics over samples and pixels, one for each channel: axes channel (in Keras axis=-1, if channels come last).`,
  },
  {
    code: "output-normalized",
    title: t`The last layer is normalized`,
    when: t`\`normalizeOutput\` is set: the outputs have the batch's mean and variance before gamma and beta`,
    measure: ({ spec }) => {
      const value = spec.normalization?.normalizeOutput ? 1 : 0;
      const text =
        value === 0
          ? t`the last layer is linear and not normalized`
          : t`${countedText(spec.sizes.at(-1) ?? 0, "output")} of the last layer have the batch's mean and variance, and only gamma and beta can move them`;
      return { holds: value > 0, value, limit: 0, text };
    },
    remedy: t`Do not normalize the last layer: remove normalizeOutput.`,
  },
  {
    code: "large-epsilon",
    title: t`Epsilon is too large`,
    when: t`at the end of some layer, epsilon is more than ${percentText(limit("epsilon-share"))} of the σ² + ε that BN divides by (the layer's median feature)`,
    measure: largeEpsilon,
    remedy: t`Use a smaller epsilon, such as 0.001, or larger values in the layer.`,
  },
  {
    code: "after-activation",
    title: t`BN after an activation that has lost the values`,
    when: t`BN comes after the activation, and in some layer more than ${percentText(limit("units"))} of the values are saturated, or of the units output 0 on every point, before BN sees them`,
    measure: afterActivation,
    remedy: t`Normalize what the activation receives: position before.`,
  },
  {
    code: "small-batches",
    title: t`Small batches`,
    when: t`fewer than ${limit("small-batch")} points share a batch's (or ghost batch's) statistics: its mean is then off by more than ${percentText(1 / Math.sqrt(limit("small-batch")))} of a standard deviation`,
    measure: smallBatches,
    remedy: t`Use larger batches, or a normalizer without batch statistics: group or layer.`,
  },
  {
    code: "few-updates",
    title: t`Too few updates`,
    when: t`over the last fifth of the updates, the cost in training mode still falls by more than ${percentText(limit("way-left"))} of the cost of predicting the mean (with classes: their shares)`,
    measure: fewUpdates,
    remedy: t`Train longer.`,
  },
  {
    code: "inference-gap",
    title: t`A gap in inference mode`,
    when: t`the final cost in inference mode is more than ${percentText(limit("inference-gap"))} above that in training mode`,
    measure: inferenceGap,
    remedy: t`The trained weights are as good as training mode shows; only the moving averages are off.`,
  },
  {
    code: "nothing-left",
    title: t`The plain net has little left to gain`,
    when: t`the plain net ends at the noise floor, or classifies more than ${percentText(limit("all-right"))} correctly, or costs less than ${percentText(limit("no-error"))} of what predicting the mean costs`,
    measure: nothingLeft,
    remedy: t`Compare on a harder task, or compare how many updates each arm needs.`,
  },
  {
    code: "rate-for-plain",
    title: t`The learning rate suits the plain net`,
    when: t`with each arm at its best of five rates, half a decade apart, BN's advantage is more than ${limit("rate-gain")} times its advantage at the run's rate (\`--probe\`)`,
    measure: rateForPlain,
    remedy: t`Give each arm its own best rate: learningRate under arms, or a sweep.`,
  },
  {
    code: "good-start",
    title: t`A good initialization`,
    when: t`the plain net learns, all its layers are healthy before training, and from layer to layer its second moment changes less than ${limit("kept-size")}-fold (geometric mean, the input included)`,
    measure: goodStart,
    remedy: t`Nothing is wrong: BN helps most with a poor initialization, deeper nets or higher learning rates.`,
  },
];

function wrongAxes({ spec }: Pair): Measured {
  if (activationNormalizer(spec)?.dependsOn !== "batch") return NO_BATCH_STATISTICS;
  const wrong = norms(spec).filter(({ arrangement }) => !arrangement.isKept);
  const [first] = wrong;
  const text =
    first === undefined
      ? t`every channel has its own mean and variance`
      : t`with axes ${spec.normalization?.axes}, ${countedText(wrong.length, "normalization")} of images have the wrong statistics: the first has ${first.arrangement.rows} means for ${countedText(first.arrangement.shape.channels, "channel")} of ${first.arrangement.shape.height} × ${first.arrangement.shape.width} pixels`;
  return { holds: wrong.length > 0, value: wrong.length, limit: 0, text };
}

function largeEpsilon({ spec, arm }: Pair): Measured {
  const most = limit("epsilon-share");
  const { epsilon = 0 } = spec.normalization ?? {};
  if (activationNormalizer(spec)?.dependsOn !== "batch") return NO_BATCH_STATISTICS;
  const last = arm.checkpoints.findLast((checkpoint) => variancesOf(checkpoint).some(({ median }) => median >= 0));
  if (last === undefined) return { unmeasured: "not-recorded" };
  const shares = variancesOf(last).map(({ place, median }) => ({ place, median, share: epsilon / (median + epsilon) }));
  const largest = shares.reduce((one, other) => (other.share > one.share ? other : one));
  const text = t`at update ${last.update}, epsilon ${numberText(epsilon)} is ${percentText(largest.share)} of σ² + ε in ${largest.place} (σ² is ${numberText(largest.median)})`;
  return { holds: largest.share > most, value: largest.share, limit: most, text };
}

/** The median variance of a batch in each normalization; features that do not vary have none to speak of. */
function variancesOf({ inputNorm, layers }: Checkpoint): { readonly place: string; readonly median: number }[] {
  const all: readonly (readonly [place: string, variances: readonly Statistic[] | undefined])[] = [
    [t`the input`, inputNorm?.batchVariance],
    ...layers.map(({ layer, batchVariance }) => [layerName(layer, layers.length), batchVariance] as const),
  ];
  return all.flatMap(([place, variances = []]) => {
    const varying = variances.map(Number).filter((variance) => variance > 0 && Number.isFinite(variance));
    const median = varying.sort((a, b) => a - b)[Math.floor(varying.length / 2)];
    return median === undefined ? [] : [{ place, median }];
  });
}

function afterActivation({ spec, arm }: Pair): Measured {
  const { position = "before" } = spec.normalization ?? {};
  if (activationNormalizer(spec) === undefined) return { absent: t`this normalizer does not act on activations` };
  if (position === "before") return { absent: t`normalization comes before the activation` };
  const most = limit("units");
  const lost = (arm.checkpoints.at(-1)?.layers.slice(0, -1) ?? []).map(({ health }) =>
    Math.max(health.saturatedShare ?? 0, (health.silentUnits ?? 0) / health.units),
  );
  const value = Math.max(0, ...lost);
  const where = t`layer ${lost.indexOf(value) + 1}`;
  const text = t`normalization comes after ${spec.activation}, where ${value === 0 ? t`none` : percentText(value)} of the values in ${value === 0 ? t`any layer` : where} are already saturated or 0 on every point`;
  return { holds: value > most, value, limit: most, text };
}

function smallBatches({ spec, name, result: { config, warnings } }: Pair): Measured {
  if (activationNormalizer(spec)?.dependsOn !== "batch") return NO_BATCH_STATISTICS;
  const { ghostBatchSize } = spec.normalization ?? {};
  const [size, kind] =
    ghostBatchSize === undefined
      ? [config.batchSize, t`batch`]
      : [Math.min(ghostBatchSize, config.batchSize), t`ghost batch`];
  const single = warnings.find((warning) => warning.code === "batch-of-one" && warning.arm === name);
  const value = single === undefined ? size : 1;
  const points = size === 1 ? t`a single point` : `${countText(size)} ${pointsWord(config)}`;
  const off = t`a ${kind} has ${points}, so its mean is off by about ${shortText(1 / Math.sqrt(size))} standard deviations (1/√${size}${config.image === undefined ? "" : t`; less where pixels are averaged, too`})`;
  const text =
    single?.code === "batch-of-one"
      ? single.value === 1
        ? t`${off}; 1 per pass has a single point, and so no variance`
        : t`${off}; ${single.value} per pass have a single point, and so no variance`
      : off;
  return { holds: value < limit("small-batch"), value, limit: limit("small-batch"), text };
}

function fewUpdates({ arm, name, result: { referenceCosts } }: Pair): Measured {
  if (arm.status === "diverged") return { unmeasured: "diverged" };
  const last = arm.costs.at(-1);
  const before = arm.costs.findLast(({ update }) => update <= (1 - STRETCH) * (last?.update ?? 0));
  if (last === undefined || before === undefined) return { unmeasured: "not-recorded" };
  const value = (before.train - last.train) / referenceCosts.predictMean;
  const share = percentText(Math.abs(value));
  const change = value < 0 ? t`up by ${share}` : t`down by ${share}`;
  const text = t`from update ${before.update} to ${last.update} the cost of ${name} goes from ${numberText(before.train)} to ${numberText(last.train)} in training mode, ${change} of the cost of ${lossWords(referenceCosts).constant} (${numberText(referenceCosts.predictMean)})`;
  return { holds: value > limit("way-left"), value, limit: limit("way-left"), text };
}

function inferenceGap({ spec, arm, name }: Pair): Measured {
  if (!hasMovingAverages(spec)) return { absent: t`this arm has no moving averages` };
  if (arm.status === "diverged") return { unmeasured: "diverged" };
  const { train, inference } = arm.final;
  const cost = typeof inference === "number" ? inference : Number.POSITIVE_INFINITY;
  const value = cost / train - 1;
  const most = limit("inference-gap");
  const recalibrated = value > most ? recalibrationText(name, arm) : undefined;
  const text = t`${name} ends at ${numberText(train)} in training mode and at ${numberText(inference)} in inference mode${recalibrated === undefined ? "" : `. ${recalibrated}`}`;
  return { holds: value > most, value, limit: most, text };
}

function nothingLeft({ control, result: { referenceCosts } }: Pair): Measured {
  const { arm, name } = control;
  if (arm.status === "diverged") return { unmeasured: "diverged" };
  const { inference, accuracy } = arm.final;
  if (typeof inference === "string") return { unmeasured: "not-recorded" };
  if (accuracy?.inference !== undefined && accuracy.inference !== null) {
    const [value, most] = [accuracy.inference, limit("all-right")];
    const text = t`${name} classifies ${percentText(value)} of the points correctly`;
    return { holds: value > most, value, limit: most, text };
  }
  const { noiseFloor, predictMean } = referenceCosts;
  if (noiseFloor !== undefined && noiseFloor > 0) {
    const [value, most] = [inference / noiseFloor, limit("at-the-noise")];
    const { ending } = endingOf(arm, referenceCosts);
    const text = t`${name} ends at ${numberText(inference)}, where the noise alone costs ${numberText(noiseFloor)}`;
    return { holds: ending === "at-the-noise" || ending === "below-the-noise", value, limit: most, text };
  }
  const [value, most] = [inference / predictMean, limit("no-error")];
  const text = t`${name} ends at ${numberText(inference)}, where predicting the mean costs ${numberText(predictMean)}`;
  return { holds: value < most, value, limit: most, text };
}

function rateForPlain(pair: Pair): Measured {
  const [own, control] = [bestRate(pair), bestRate(pair.control)];
  if (own === undefined || control === undefined) return { unmeasured: "needs-probe" };
  const value = own.gain / control.gain;
  if (Number.isNaN(value)) return { unmeasured: "no-comparison" };
  const most = limit("rate-gain");
  const text = [own, control]
    .map(
      ({ name, best, at, rate }) =>
        t`${name} costs ${numberText(best)} at its best rate, ${numberText(rate)}, and ${Number.isFinite(at) ? numberText(at) : t`diverges`} at the run's`,
    )
    .join("; ");
  return {
    holds: value > most,
    value,
    limit: most,
    text: t`${text}: the advantage is ${numberText(value)} times that at the run's rate`,
  };
}

/** The rate at which an arm ends lowest, and by what factor lower than at the run's, which comes first. */
function bestRate({ name, rates }: ExplainedArm) {
  if (rates === undefined) return undefined;
  const costs = rates.map(({ inference = Number.POSITIVE_INFINITY }) => Number(inference));
  const finite = costs.map((cost) => (Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost));
  const best = Math.min(...finite);
  const at = finite[0] ?? Number.POSITIVE_INFINITY;
  return { name, best, at, gain: at / best, rate: rates[finite.indexOf(best)]?.learningRate ?? Number.NaN };
}

/** "grows 9.2-fold", or that it keeps its size. */
function changeText(growth: number): string {
  const fold = foldText(growth);
  return fold === foldText(1) ? t`keeps its size` : growth < 1 ? t`shrinks ${fold}` : t`grows ${fold}`;
}

function goodStart({ control, result: { referenceCosts } }: Pair): Measured {
  const { arm, name } = control;
  const [start] = arm.checkpoints;
  const hidden = start?.layers.slice(0, -1) ?? [];
  const product = hidden.reduce((all, { health }) => all * Number(health.growth ?? 1), 1);
  if (start?.update !== 0 || !(product > 0 && Number.isFinite(product))) return { unmeasured: "not-recorded" };
  const growth = root(product, hidden.length);
  const [value, most] = [Math.max(growth, 1 / growth), limit("kept-size")];
  const sick = start.layers.find(({ health }) => health.verdict !== "healthy");
  const fate = fateOf(endingOf(arm, referenceCosts));
  const learned = fate === "learned" || fate === "learned-little";
  const other =
    sick === undefined
      ? learned
        ? ""
        : t`, but ${name} ${fate === "diverged" ? t`diverges` : t`does not learn`}`
      : t`, but ${layerName(sick.layer, start.layers.length)} is ${verdictWord(sick.health.verdict)}`;
  const text = t`before training, the second moment in ${name} ${changeText(growth)} from layer to layer${other}`;
  return { holds: value < most && sick === undefined && learned, value, limit: most, text };
}
