import { vi } from "vitest";

/** What ECMAScript leaves to the implementation; `Math.sqrt` is not among it. */
const INEXACT = [
  ...["acos", "acosh", "asin", "asinh", "atan", "atanh", "atan2", "cbrt", "cos", "cosh", "exp", "expm1", "hypot"],
  ...["log", "log1p", "log10", "log2", "pow", "sin", "sinh", "tan", "tanh"],
] as const;

/** What `use` gives where every elementary function of Math is that many ulps off. */
export function withShiftedMath<R>(ulps: bigint, use: () => R): R {
  const real = Math.exp(1);
  const spies = INEXACT.map((name) => {
    const original = Math[name as "exp"];
    return vi.spyOn(Math, name as "exp").mockImplementation((...args) => shifted(original(...args), ulps));
  });
  try {
    if (Math.exp(1) === real) throw new Error("Math is not shifted");
    return use();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function shifted(value: number, ulps: bigint): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + ulps);
  return bits.getFloat64(0);
}
