/** What the module exports: the network's functions for the engine, and the kernels one by one for their tests. */
export { buildImages } from "./images";
export { allocate } from "./memory";
export {
  buildNet, configure, createNet, setAccumulation, setNormalization, setNormalizer, setObjective, setTraining,
} from "./network";
export {
  advance,
  batchMean,
  batchVariance,
  correctOf,
  cost,
  gradientPass,
  gradientSquares,
  gradientsOf,
  hasDiverged,
  movedMean,
  movedVariance,
  movingDivisor,
  movingOf,
  observePass,
  parametersOf,
  predict,
  seenInput,
  seenPreActivation,
  setPopulation,
  slotBytesOf,
  slotsOf,
  statisticsPass,
  updateOf,
} from "./training";

export { activate, activateBackward } from "./activations";
export { squash, squashBackward, squashReluBackward, stretch, stretchRelu } from "./dyt";
export { expRow, expm1Row, log1pRow, logRow } from "./elementary";
export { product, product1x4, product2x4, product4x2, transpose } from "./gemm";
export { gradientSums, normalize, normalizeBackward, normalizeRelu, reluGradientSums } from "./normalization";
export { centeredSums, rowSum, sumOfSquares } from "./rows";
export { rowBytes } from "./simd";
export { tanhDenominators, tanhFromDenominators, tanhRow } from "./tanh";
export { chunkGradient4x2, gradient1x1, gradient1x4, gradient4x1, gradient4x2, weightGradient } from "./weight-gradient";
