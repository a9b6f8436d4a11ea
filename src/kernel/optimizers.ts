import { layerAt, Net } from "./network";
import { power } from "./power";

/** Numbers of the optimizers, as the host passes them. */
export const SGD: i32 = 0;
export const MOMENTUM: i32 = 1;
export const ADAM: i32 = 2;

const ADAM_EPSILON: f32 = 1e-8;

/** Tensors of state that an optimizer keeps for each trained one. */
export function slotCount(optimizer: i32): i32 {
  return optimizer == ADAM ? 2 : optimizer == MOMENTUM ? 1 : 0;
}

/**
 * One step of every trained tensor; they lie in one block, as their gradients and the optimizer's state do:
 *
 *   sgd       w ← w − η g
 *   momentum  v ← m v + g,  w ← w − η v
 *   adam      m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η/(1 − β₁ᵗ) · m/(√(v/(1 − β₂ᵗ)) + 1e-8)
 *
 * Before it, with weight decay, w ← w − η λ w of the tensors that decay.
 */
export function descend(net: Net): void {
  if (net.weightDecay > 0) decay(net);
  if (net.optimizer == MOMENTUM) descendWithMomentum(net);
  else if (net.optimizer == ADAM) descendByAdam(net);
  else descendPlainly(net);
}

function descendPlainly(net: Net): void {
  const rate = f32x4.splat(net.rate);
  let p = net.parameters;
  let g = net.gradients;
  for (const end = p + net.parameterBytes; p < end; p += 16, g += 16)
    v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(rate, v128.load(g))));
}

function descendWithMomentum(net: Net): void {
  const rate = f32x4.splat(net.rate);
  const kept = f32x4.splat(<f32>net.beta1);
  let p = net.parameters;
  let g = net.gradients;
  let v = net.slots;
  for (const end = p + net.parameterBytes; p < end; p += 16, g += 16, v += 16) {
    const velocity = f32x4.add(f32x4.mul(v128.load(v), kept), v128.load(g));
    v128.store(v, velocity);
    v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(rate, velocity)));
  }
}

function descendByAdam(net: Net): void {
  const t = net.update + 1;
  const beta1 = f32x4.splat(<f32>net.beta1);
  const rest1 = f32x4.splat(<f32>(1 - net.beta1));
  const beta2 = f32x4.splat(<f32>net.beta2);
  const rest2 = f32x4.splat(<f32>(1 - net.beta2));
  const rate = f32x4.splat(<f32>(<f64>net.rate / (1 - power(net.beta1, t))));
  const correction = f32x4.splat(<f32>(1 / (1 - power(net.beta2, t))));
  const epsilon = f32x4.splat(ADAM_EPSILON);
  let p = net.parameters;
  let g = net.gradients;
  let first = net.slots;
  let second = net.slots + net.slotBytes;
  const end = p + net.parameterBytes;
  // Two at a time: the roots and divisions of one hide what the other waits for.
  for (const last = end - 16; p < last; p += 32, g += 32, first += 32, second += 32) {
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const m0 = f32x4.add(f32x4.mul(v128.load(first), beta1), f32x4.mul(g0, rest1));
    const m1 = f32x4.add(f32x4.mul(v128.load(first, 16), beta1), f32x4.mul(g1, rest1));
    const v0 = f32x4.add(f32x4.mul(v128.load(second), beta2), f32x4.mul(f32x4.mul(g0, g0), rest2));
    const v1 = f32x4.add(f32x4.mul(v128.load(second, 16), beta2), f32x4.mul(f32x4.mul(g1, g1), rest2));
    v128.store(first, m0);
    v128.store(first, m1, 16);
    v128.store(second, v0);
    v128.store(second, v1, 16);
    const root0 = f32x4.add(f32x4.sqrt(f32x4.mul(v0, correction)), epsilon);
    const root1 = f32x4.add(f32x4.sqrt(f32x4.mul(v1, correction)), epsilon);
    v128.store(p, f32x4.sub(v128.load(p), f32x4.div(f32x4.mul(m0, rate), root0)));
    v128.store(p, f32x4.sub(v128.load(p, 16), f32x4.div(f32x4.mul(m1, rate), root1)), 16);
  }
  for (; p < end; p += 16, g += 16, first += 16, second += 16) {
    const gradient = v128.load(g);
    const m = f32x4.add(f32x4.mul(v128.load(first), beta1), f32x4.mul(gradient, rest1));
    const v = f32x4.add(f32x4.mul(v128.load(second), beta2), f32x4.mul(f32x4.mul(gradient, gradient), rest2));
    v128.store(first, m);
    v128.store(second, v);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction)), epsilon);
    v128.store(p, f32x4.sub(v128.load(p), f32x4.div(f32x4.mul(m, rate), root)));
  }
}

/** w ← w − η λ w of the kernels, or of every trained tensor. */
function decay(net: Net): void {
  const share = <f32>(<f64>net.rate * net.weightDecay);
  if (net.decayNorms) {
    shrink(net.parameters, net.parameterBytes, share);
    return;
  }
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    shrink(layer.kernel, (<usize>(layer.inputs * layer.units)) << 2, share);
  }
}

/** Value by value: a kernel may end between two vectors. */
function shrink(at: usize, bytes: usize, share: f32): void {
  for (const end = at + bytes; at < end; at += 4) {
    const value = load<f32>(at);
    store<f32>(at, value - share * value);
  }
}
