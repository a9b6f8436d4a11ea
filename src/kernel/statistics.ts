import { CENTER, Feature, featureAt, movesAfter, Net, Norm, RENORM, SCALE } from "./network";
import { power } from "./power";
import { centeredSums, rowSum } from "./rows";

/**
 * The statistics of a normalization over a group of any number of chunks. Rows are summed in float32 per chunk, chunks
 * are combined in float64 in their order.
 *
 * Two sets of n₁ and n₂ samples with means m₁, m₂ and squares M = Σ (z − m)², δ = m₂ − m₁, n = n₁ + n₂, together have
 *
 *   m = m₁ + δ n₂/n,   M = M₁ + M₂ + δ² n₁ n₂/n        (Chan, Golub, LeVeque 1979)
 */

/** Adds one chunk, z [units][samples] with rows `row` bytes apart, to the moments of the `before` samples already in. */
export function addMoments(net: Net, norm: Norm, z: usize, row: usize, samples: i32, before: i32): void {
  const n2 = <f64>samples;
  for (let f = 0; f < norm.units; f++, z += row) {
    const feature = featureAt(norm, f);
    const center = <f32>(<f64>rowSum(z, samples) / n2);
    centeredSums(z, samples, center, net.sums);
    const shift = <f64>load<f32>(net.sums) / n2;
    const mean = <f64>center + shift;
    const squares = <f64>load<f32>(net.sums, 4) - n2 * shift * shift;
    if (before == 0) {
      feature.mean = mean;
      feature.variance = squares;
    } else {
      const n1 = <f64>before;
      const n = n1 + n2;
      const delta = mean - feature.mean;
      feature.mean += (delta * n2) / n;
      feature.variance += squares + (delta * delta * n1 * n2) / n;
    }
  }
}

/**
 * The group's moments are complete, of the samples from `first` on of `total`: variance, and the forward pass's constants.
 * The moments of the pass are the mean over its samples of their groups' moments; one group weighs 1 and is exact.
 */
export function finishMoments(net: Net, norm: Norm, samples: i32, first: i32, total: i32): void {
  const weight = <f64>samples / <f64>total;
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    feature.variance = max<f64>(feature.variance, 0) / <f64>(samples * norm.columns);
    // mean of z² = σ² + μ²
    if (net.transform == SCALE) feature.variance += feature.mean * feature.mean;
    feature.batchMean = (first ? feature.batchMean : 0) + weight * feature.mean;
    feature.batchVariance = (first ? feature.batchVariance : 0) + weight * feature.variance;
    setConstants(net, norm, feature, f);
  }
  if (net.accumulate > 1) addMove(net, norm, samples, first, total);
  if (net.normalizer == RENORM && !net.population) correctConstants(net, norm);
  if (net.frozen) takeMovingMoments(net, norm, false);
}

/** With several batches an update: the moments of the batch that the group belongs to, for `updateMoving`. */
function addMove(net: Net, norm: Norm, samples: i32, first: i32, total: i32): void {
  const batch = first / net.passBatch;
  if (batch >= net.accumulate) return;
  const start = batch * net.passBatch;
  const weight = <f64>samples / <f64>min(net.passBatch, total - start);
  let at = norm.moves + ((<usize>(batch * norm.units)) << 4);
  for (let f = 0; f < norm.units; f++, at += 16) {
    const feature = featureAt(norm, f);
    store<f64>(at, (first > start ? load<f64>(at) : 0) + weight * feature.mean);
    store<f64>(at, (first > start ? load<f64>(at, 8) : 0) + weight * feature.variance, 8);
  }
}

/** Batch renormalization: r and d, made of the moving averages, in the constants of the forward pass. */
function correctConstants(net: Net, norm: Norm): void {
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    const offset = (<usize>f) << 2;
    const moving = sqrt(<f64>load<f32>(norm.movingVariance + offset) + net.epsilon);
    const distance = (feature.mean - <f64>load<f32>(norm.movingMean + offset)) / moving;
    const gamma = <f64>load<f32>(norm.gamma + offset);
    feature.ratio = min<f64>(max<f64>(1 / (feature.inverse * moving), 1 / net.renormMax), net.renormMax);
    feature.offset = min<f64>(max<f64>(distance, -net.renormShift), net.renormShift);
    feature.scale = <f32>(gamma * feature.inverse * feature.ratio);
    feature.shift = <f32>(<f64>load<f32>(norm.beta + offset) + gamma * feature.offset);
  }
}

/** Inference mode: the moving averages in the moments' place, or the population's moments in theirs. */
export function takeMovingMoments(net: Net, norm: Norm, population: bool): void {
  const correction = movingCorrection(net);
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    if (population) {
      feature.mean = feature.populationMean;
      feature.variance = feature.populationVariance;
      setConstants(net, norm, feature, f);
      continue;
    }
    feature.mean = <f64>load<f32>(norm.movingMean + ((<usize>f) << 2)) / correction;
    feature.variance = <f64>load<f32>(norm.movingVariance + ((<usize>f) << 2)) / correction;
    setConstants(net, norm, feature, f);
  }
}

function setConstants(net: Net, norm: Norm, feature: Feature, f: i32): void {
  feature.inverse = net.transform == CENTER ? 1 : 1 / sqrt(feature.variance + net.epsilon);
  feature.center = net.transform == SCALE ? 0 : <f32>feature.mean;
  feature.scale = <f32>(<f64>load<f32>(norm.gamma + ((<usize>f) << 2)) * feature.inverse);
  feature.shift = load<f32>(norm.beta + ((<usize>f) << 2));
  feature.gradientSum = 0;
  feature.centeredGradientSum = 0;
}

/** 1 − decayᵗ where the averages are debiased, t the times they moved, else 1. */
export function movingCorrection(net: Net): f64 {
  if (!net.debias || net.update == 0) return 1;
  const updates = net.frozenFrom < 0 ? net.update : min(net.update, net.frozenFrom);
  return 1 - power(net.decay, movesAfter(net, updates));
}

/**
 * moving ← decay · moving + (1 − decay) · batch, from the moments of the last forward pass in training mode, for each of
 * its batches.
 */
export function updateMoving(net: Net, norm: Norm, batches: i32): void {
  const decay = net.decay;
  if (net.accumulate > 1) {
    let at = norm.moves;
    for (let batch = 0; batch < batches; batch++)
      for (let f = 0; f < norm.units; f++, at += 16) {
        const mean = norm.movingMean + ((<usize>f) << 2);
        store<f32>(mean, <f32>(decay * <f64>load<f32>(mean) + (1 - decay) * load<f64>(at)));
        const variance = norm.movingVariance + ((<usize>f) << 2);
        store<f32>(variance, <f32>(decay * <f64>load<f32>(variance) + (1 - decay) * load<f64>(at, 8)));
      }
    return;
  }
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    const mean = norm.movingMean + ((<usize>f) << 2);
    store<f32>(mean, <f32>(decay * <f64>load<f32>(mean) + (1 - decay) * feature.batchMean));
    const variance = norm.movingVariance + ((<usize>f) << 2);
    store<f32>(variance, <f32>(decay * <f64>load<f32>(variance) + (1 - decay) * feature.batchVariance));
  }
}

/** Adds the two sums at `net.sums`, of one chunk of the feature: Σ d and Σ d (z − center), d = ∂C/∂u. */
// @ts-ignore: decorator
@inline
export function addGradientSums(net: Net, feature: Feature): void {
  feature.gradientSum += <f64>load<f32>(net.sums);
  feature.centeredGradientSum += <f64>load<f32>(net.sums, 4);
}

/**
 * The group's sums are complete: they are added to the gradients of gamma and beta, and make the constants of ∂C/∂z
 * (derived in normalization.ts).
 */
export function finishGradientSums(net: Net, norm: Norm, samples: i32): void {
  const n = <f64>(samples * norm.columns);
  const corrected = net.normalizer == RENORM;
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    const i = feature.inverse;
    const gamma = <f64>load<f32>(norm.gamma + ((<usize>f) << 2));
    if (net.affine) {
      const byBeta = norm.betaGradient + ((<usize>f) << 2);
      store<f32>(byBeta, load<f32>(byBeta) + <f32>feature.gradientSum);
      const byGamma = norm.gammaGradient + ((<usize>f) << 2);
      let sum = feature.centeredGradientSum * i;
      if (corrected) sum = sum * feature.ratio + feature.offset * feature.gradientSum;
      store<f32>(byGamma, load<f32>(byGamma) + <f32>sum);
    }
    feature.meanGradient = net.transform == SCALE || net.frozen ? 0 : <f32>(feature.gradientSum / n);
    let slope = (gamma * i * i * i * feature.centeredGradientSum) / n;
    if (corrected) slope *= feature.ratio;
    feature.slope = net.transform == CENTER || net.frozen ? 0 : <f32>slope;
  }
}
