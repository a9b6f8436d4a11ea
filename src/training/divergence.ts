import { type ArmState, FLOAT32_MAX, type NormObservation, type Observation, type Values } from "../engines/engine.js";
import type { Divergence as RecordedDivergence } from "../record/arms.js";

/** The first state that diverged, and its first tensor in the order of computation that float32 cannot hold. */
export type Divergence = Omit<RecordedDivergence, "growth">;

/**
 * Finds the tensor: first the parameters, the deepest layer first, as the last update's backward pass made them; then
 * the forward pass through that state, layer by layer; at the end the cost itself.
 */
export function locateDivergence(state: ArmState, observation: Observation): Divergence {
  const { update } = state;
  const broken = [...state.tensors].filter(([, { data }]) => !fitsFloat32(data)).map(([name]) => placeOf(name));
  const deepest = broken.sort((a, b) => b.layer - a.layer)[0];
  // Moving averages are of what the forward pass saw; every other tensor moved by its gradient.
  if (deepest !== undefined)
    return { update, ...deepest, pass: /moving/i.test(deepest.tensor) ? "forward" : "backward" };
  return { update, ...firstOverflow(observation), pass: "forward" };
}

function firstOverflow(observation: Observation): Pick<Divergence, "layer" | "tensor" | "cause"> {
  const { inputNorm, layers } = observation;
  if (inputNorm !== undefined && !fitsFloat32(inputNorm.batchVariance)) {
    return { layer: 0, tensor: "inputNorm.batchVariance" };
  }
  for (const [layer, { layerInput, norm, preActivation }] of layers.entries()) {
    const before = layer === 0 ? inputNorm : layers[layer - 1]?.norm;
    if (!fitsFloat32(layerInput)) return { layer, tensor: "layerInput", ...zeroVariance(before, layerInput) };
    if (norm !== undefined && !fitsFloat32(norm.batchMean)) return { layer, tensor: "batchMean" };
    if (norm !== undefined && !fitsFloat32(norm.batchVariance)) return { layer, tensor: "batchVariance" };
    if (!fitsFloat32(preActivation)) return { layer, tensor: "preActivation", ...zeroVariance(norm, preActivation) };
  }
  return { layer: layers.length - 1, tensor: "cost" };
}

/** Without ε, a feature that is the same on every point of a batch is normalized to 0/0: whether a norm made `values`, `[features][samples]`, non-finite by dividing by a variance of 0. */
function zeroVariance(norm: NormObservation | undefined, values: Values): Pick<Divergence, "cause"> {
  const features = norm?.batchVariance.length ?? 0;
  const samples = values.length / features;
  const feature = (norm?.batchVariance ?? new Float64Array(0)).findIndex(
    (variance, f) => variance === 0 && !fitsFloat32(values.subarray(f * samples, (f + 1) * samples)),
  );
  return feature < 0 ? {} : { cause: { code: "zero-variance", feature } };
}

/**
 * `layers.3.kernel` → layer 3, kernel; `norms.4.gamma` → layer 3, gamma; `norms.0.gamma` → layer 0, inputNorm.gamma; an
 * optimizer's state as the tensor it is for.
 */
function placeOf(name: string): { layer: number; tensor: string } {
  const [kind = "", index = "", tensor = ""] = name.replace(/^optimizer\.\w+\./, "").split(".");
  const camel = tensor.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (kind === "layers") return { layer: Number(index), tensor: camel };
  return index === "0" ? { layer: 0, tensor: `inputNorm.${camel}` } : { layer: Number(index) - 1, tensor: camel };
}

function fitsFloat32(values: Values): boolean {
  return values.every((value) => Math.abs(value) <= FLOAT32_MAX);
}
