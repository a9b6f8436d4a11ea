import { Layer } from "./network";

/**
 * Weight normalization of a kernel: W = gain · V/‖V‖, per unit; V [inputs][units] is trained, W is multiplied with.
 * Backward, with G = ∂C/∂W and v = V/‖V‖:
 *
 *   ∂C/∂gain = Σ G v,   ∂C/∂V = gain/‖V‖ (G − v ∂C/∂gain)
 *
 * Norms and sums run over the inputs in their order, in float64.
 */

/** ‖V‖ of the weights into unit j. */
function lengthOf(layer: Layer, j: i32): f64 {
  const row = (<usize>layer.units) << 2;
  let squares: f64 = 0;
  let at = layer.kernel + ((<usize>j) << 2);
  for (let i = 0; i < layer.inputs; i++, at += row) {
    const value = <f64>load<f32>(at);
    squares += value * value;
  }
  return sqrt(squares);
}

/** W from V and gain. */
export function normalizeKernel(layer: Layer): void {
  const row = (<usize>layer.units) << 2;
  for (let j = 0; j < layer.units; j++) {
    const offset = (<usize>j) << 2;
    const scale = <f64>load<f32>(layer.gain + offset) / lengthOf(layer, j);
    let from = layer.kernel + offset;
    let to = layer.used + offset;
    for (let i = 0; i < layer.inputs; i++, from += row, to += row) store<f32>(to, <f32>(<f64>load<f32>(from) * scale));
  }
}

/** ∂C/∂V in place of ∂C/∂W, and ∂C/∂gain. */
export function normalizeKernelBackward(layer: Layer): void {
  const row = (<usize>layer.units) << 2;
  for (let j = 0; j < layer.units; j++) {
    const offset = (<usize>j) << 2;
    const length = lengthOf(layer, j);
    let byGain: f64 = 0;
    let v = layer.kernel + offset;
    let g = layer.kernelGradient + offset;
    for (let i = 0; i < layer.inputs; i++, v += row, g += row)
      byGain += <f64>load<f32>(g) * (<f64>load<f32>(v) / length);
    store<f32>(layer.gainGradient + offset, <f32>byGain);
    const scale = <f64>load<f32>(layer.gain + offset) / length;
    v = layer.kernel + offset;
    g = layer.kernelGradient + offset;
    for (let i = 0; i < layer.inputs; i++, v += row, g += row)
      store<f32>(g, <f32>(scale * (<f64>load<f32>(g) - (<f64>load<f32>(v) / length) * byGain)));
  }
}
