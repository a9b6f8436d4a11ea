import { exp4, expm14, log1p4 } from "./elementary";
import { tanhRow } from "./tanh";

/** Numbers of the activations, as the host passes them. */
export const RELU: i32 = 0;
export const LEAKY_RELU: i32 = 1;
export const ELU: i32 = 2;
export const SELU: i32 = 3;
export const GELU: i32 = 4;
export const SILU: i32 = 5;
export const SOFTPLUS: i32 = 6;
export const TANH: i32 = 7;
export const SIGMOID: i32 = 8;
export const IDENTITY: i32 = 9;

const LEAK: f32 = 0.2;
/** λ */
const SELU_SCALE: f32 = 1.0507009873554805;
/** λ · α, with α = 1.6732632423543772 */
const SELU_FLOOR: f32 = 1.7580993408473766;
/** 2 √(2/π) */
const GELU_SLOPE: f32 = 1.5957691216057308;
const GELU_CUBIC: f32 = 0.044715;
/** Beyond ±BEND s (1 − s) is 0 in float32; z is bounded there, or its square would make 0 · Infinity. */
const BEND: f32 = 200;

/**
 * Whether f′ is computed from the pre-activation. The others take it from the activation a alone, so that the plain arm
 * can activate in place:
 *
 *   relu        [a > 0]                    elu      z ≥ 0: 1, else e^z = a + 1
 *   leaky-relu  z > 0: 1, else 0.2         selu     z > 0: λ, else λ α e^z = a + λ α
 *   tanh        1 − a²                     sigmoid  a (1 − a)
 *   softplus    1/(1 + e^{−z}) = 1 − e^{−a}
 *
 * a and z have the same sign in the first two rows, and at a corner f′ is that of the side TensorFlow takes.
 */
export function derivesFromPreActivation(kind: i32): bool {
  return kind == GELU || kind == SILU;
}

/** 1/(1 + e^{−z}), from e^{−|z|} so that nothing overflows and small values keep their digits. */
// @ts-ignore: decorator
@inline
function sigmoid4(z: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(v128.or(z, f32x4.splat(-0)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(z, f32x4.splat(0))), f32x4.add(one, e));
}

/** a = f(z), a row of `samples`; `out` may be `z`. */
export function activate(kind: i32, z: usize, out: usize, samples: i32): void {
  const size = (<usize>samples) << 2;
  const zero = f32x4.splat(0);
  switch (kind) {
    case RELU:
      // pmax(z, 0) is z < 0 ? 0 : z: one instruction, and NaN stays NaN.
      for (let i: usize = 0; i < size; i += 16) v128.store(out + i, f32x4.pmax(v128.load(z + i), zero));
      break;
    case LEAKY_RELU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        v128.store(out + i, v128.bitselect(f32x4.mul(v, f32x4.splat(LEAK)), v, f32x4.lt(v, zero)));
      }
      break;
    case ELU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        v128.store(out + i, v128.bitselect(expm14(v), v, f32x4.lt(v, zero)));
      }
      break;
    case SELU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        const low = f32x4.mul(expm14(v), f32x4.splat(SELU_FLOOR));
        v128.store(out + i, v128.bitselect(low, f32x4.mul(v, f32x4.splat(SELU_SCALE)), f32x4.lt(v, zero)));
      }
      break;
    case GELU:
      // ½ z (1 + tanh t) = z · sigmoid(2t), t = √(2/π) (z + 0.044715 z³)
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        v128.store(out + i, f32x4.mul(v, sigmoid4(geluInner(v))));
      }
      break;
    case SILU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        v128.store(out + i, f32x4.mul(v, sigmoid4(v)));
      }
      break;
    case SOFTPLUS:
      // ln(1 + e^z) = max(z, 0) + ln(1 + e^{−|z|})
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        const rest = log1p4(exp4(v128.or(v, f32x4.splat(-0))));
        v128.store(out + i, f32x4.add(f32x4.pmax(v, zero), rest));
      }
      break;
    case TANH:
      tanhRow(z, out, samples);
      break;
    case SIGMOID:
      for (let i: usize = 0; i < size; i += 16) v128.store(out + i, sigmoid4(v128.load(z + i)));
      break;
    default:
      if (out != z) memory.copy(out, z, size);
  }
}

/** 2t of gelu: 2 √(2/π) (z + 0.044715 z³) */
// @ts-ignore: decorator
@inline
function geluInner(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(z, z), z), f32x4.splat(GELU_CUBIC));
  return f32x4.mul(f32x4.add(z, cube), f32x4.splat(GELU_SLOPE));
}

/** ∂C/∂z = ∂C/∂a · f′, in place of d = ∂C/∂a; a = f(z) and, where `derivesFromPreActivation`, z. */
export function activateBackward(kind: i32, d: usize, a: usize, z: usize, samples: i32): void {
  const size = (<usize>samples) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (kind) {
    case RELU:
      for (let i: usize = 0; i < size; i += 16)
        v128.store(d + i, v128.and(v128.load(d + i), f32x4.gt(v128.load(a + i), zero)));
      break;
    case LEAKY_RELU:
      for (let i: usize = 0; i < size; i += 16) {
        const slope = v128.bitselect(one, f32x4.splat(LEAK), f32x4.gt(v128.load(a + i), zero));
        v128.store(d + i, f32x4.mul(v128.load(d + i), slope));
      }
      break;
    case ELU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(a + i);
        const slope = v128.bitselect(f32x4.add(v, one), one, f32x4.lt(v, zero));
        v128.store(d + i, f32x4.mul(v128.load(d + i), slope));
      }
      break;
    case SELU:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(a + i);
        const low = f32x4.add(v, f32x4.splat(SELU_FLOOR));
        const slope = v128.bitselect(f32x4.splat(SELU_SCALE), low, f32x4.gt(v, zero));
        v128.store(d + i, f32x4.mul(v128.load(d + i), slope));
      }
      break;
    case GELU:
      // f = z s, s = sigmoid(2t): f′ = s + z s (1 − s) · 2t′, 2t′ = 2 √(2/π) (1 + 3 · 0.044715 z²)
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        const s = sigmoid4(geluInner(v));
        const b = f32x4.pmin(f32x4.pmax(v, f32x4.splat(-BEND)), f32x4.splat(BEND));
        const square = f32x4.mul(f32x4.mul(b, b), f32x4.splat(3 * GELU_CUBIC));
        const inner = f32x4.mul(f32x4.add(square, one), f32x4.splat(GELU_SLOPE));
        const bend = f32x4.mul(f32x4.mul(f32x4.mul(b, s), f32x4.sub(one, s)), inner);
        v128.store(d + i, f32x4.mul(v128.load(d + i), f32x4.add(s, bend)));
      }
      break;
    case SILU:
      // f = z s: f′ = s + z s (1 − s)
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(z + i);
        const s = sigmoid4(v);
        const b = f32x4.pmin(f32x4.pmax(v, f32x4.splat(-BEND)), f32x4.splat(BEND));
        const bend = f32x4.mul(f32x4.mul(b, s), f32x4.sub(one, s));
        v128.store(d + i, f32x4.mul(v128.load(d + i), f32x4.add(s, bend)));
      }
      break;
    case SOFTPLUS:
      for (let i: usize = 0; i < size; i += 16) {
        const slope = f32x4.neg(expm14(f32x4.neg(v128.load(a + i))));
        v128.store(d + i, f32x4.mul(v128.load(d + i), slope));
      }
      break;
    case TANH:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(a + i);
        v128.store(d + i, f32x4.mul(v128.load(d + i), f32x4.sub(one, f32x4.mul(v, v))));
      }
      break;
    case SIGMOID:
      for (let i: usize = 0; i < size; i += 16) {
        const v = v128.load(a + i);
        v128.store(d + i, f32x4.mul(v128.load(d + i), f32x4.mul(v, f32x4.sub(one, v))));
      }
      break;
  }
}
