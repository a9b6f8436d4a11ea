import { hasMovingAverages, type NetworkSpec, norms } from "../model/network.js";
import { fusedArmBytes, fusedStatisticsBytes, kernelEntries, valuesPerSample } from "./fused-memory.js";
import type { EngineName } from "./names.js";

/** What of an arm's task decides how much memory its engine needs. */
export interface ArmSize {
  readonly spec: NetworkSpec;
  readonly trainingSamples: number;
  readonly evaluationSamples: number;
  readonly batchSize: number;
  /** Training points that states are observed on; 0 in an arm that is not observed. */
  readonly observedSamples: number;
}

/** Bytes that an engine allocates for one arm, about; `most` is the largest single memory it can have. */
export function armBytes(engine: EngineName, arm: ArmSize): { readonly bytes: number; readonly most?: number } {
  const { spec, trainingSamples, evaluationSamples, observedSamples, batchSize } = arm;
  // The gap of whole batches is measured on all of them, that of others on what is observed.
  const isMeasured = observedSamples > 0 && norms(spec).length > 0;
  const measured = Math.max(
    isMeasured ? (batchSize === trainingSamples ? trainingSamples : observedSamples) : 0,
    isRecalibrated(spec, trainingSamples) ? trainingSamples : 0,
  );
  if (engine === "fused") {
    const [passes, statistics] = [fusedArmBytes(arm), measured > 0 ? fusedStatisticsBytes(spec, measured) : 0];
    return { bytes: passes + statistics, most: Math.max(passes, statistics) };
  }
  const samples = Math.max(batchSize, evaluationSamples, observedSamples, measured);
  const perSample = valuesPerSample(spec);
  const features = perSample.reduce((sum, size) => sum + size, 0);
  const points = (trainingSamples + evaluationSamples + observedSamples) * ((perSample[0] as number) + 1);
  // Of each layer its input, z, the normalized z and their gradients; of each parameter its value, gradient and next one.
  const values = (norms(spec).length > 0 ? 5 : 3) * features * samples + 3 * parameterCount(spec) + points;
  return { bytes: (engine === "reference" ? Float64Array : Float32Array).BYTES_PER_ELEMENT * values };
}

/** Bytes that a pass over the whole training set may take. */
const MOST_FOR_RECALIBRATION = 1e9;

/** Whether an arm's recalibrated cost is measured: it takes a pass over all training points at once. */
export function isRecalibrated(spec: NetworkSpec, trainingSamples: number): boolean {
  return hasMovingAverages(spec) && fusedStatisticsBytes(spec, trainingSamples) <= MOST_FOR_RECALIBRATION;
}

/** Entries of all kernels and biases. */
export function parameterCount(network: Pick<NetworkSpec, "sizes" | "images">): number {
  return kernelEntries(network) + network.sizes.slice(1).reduce((sum, units) => sum + units, 0);
}
