import { CENTER, Feature, featureAt, Net, Norm, SCALE } from "./network";
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
    feature.variance = max<f64>(feature.variance, 0) / <f64>samples;
    // mean of z² = σ² + μ²
    if (net.transform == SCALE) feature.variance += feature.mean * feature.mean;
    feature.batchMean = (first ? feature.batchMean : 0) + weight * feature.mean;
    feature.batchVariance = (first ? feature.batchVariance : 0) + weight * feature.variance;
    setConstants(net, norm, feature, f);
  }
}

/** Inference mode: the moving averages in the moments' place. */
export function takeMovingMoments(net: Net, norm: Norm): void {
  const correction = movingCorrection(net);
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    feature.mean = <f64>load<f32>(norm.movingMean + ((<usize>f) << 2)) / correction;
    feature.variance = <f64>load<f32>(norm.movingVariance + ((<usize>f) << 2)) / correction;
    setConstants(net, norm, feature, f);
  }
}

function setConstants(net: Net, norm: Norm, feature: Feature, f: i32): void {
  feature.inverse = net.transform == CENTER ? 1 : 1 / sqrt(feature.variance + net.epsilon);
  feature.center = net.transform == SCALE ? 0 : <f32>feature.mean;
  feature.scale = <f32>(<f64>load<f32>(norm.gamma + ((<usize>f) << 2)) * feature.inverse);
  feature.gradientSum = 0;
  feature.centeredGradientSum = 0;
}

/** 1 − decayᵗ where the averages are debiased, else 1. The power by repeated squaring: no host's `pow`. */
export function movingCorrection(net: Net): f64 {
  if (!net.debias || net.update == 0) return 1;
  let power: f64 = 1;
  let square = net.decay;
  for (let t = net.update; t > 0; t >>= 1) {
    if (t & 1) power *= square;
    square *= square;
  }
  return 1 - power;
}

/** moving ← decay · moving + (1 − decay) · batch, from the moments of the last forward pass in training mode. */
export function updateMoving(net: Net, norm: Norm): void {
  const decay = net.decay;
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
  const n = <f64>samples;
  for (let f = 0; f < norm.units; f++) {
    const feature = featureAt(norm, f);
    const i = feature.inverse;
    const gamma = <f64>load<f32>(norm.gamma + ((<usize>f) << 2));
    if (net.affine) {
      const byBeta = norm.betaGradient + ((<usize>f) << 2);
      store<f32>(byBeta, load<f32>(byBeta) + <f32>feature.gradientSum);
      const byGamma = norm.gammaGradient + ((<usize>f) << 2);
      store<f32>(byGamma, load<f32>(byGamma) + <f32>(feature.centeredGradientSum * i));
    }
    feature.meanGradient = net.transform == SCALE ? 0 : <f32>(feature.gradientSum / n);
    feature.slope = net.transform == CENTER ? 0 : <f32>((gamma * i * i * i * feature.centeredGradientSum) / n);
  }
}
