import { describe, expect, test } from "vitest";
import { bitsOf, type Kernels, Workbench } from "./kernel.js";
import * as scalar from "./scalar.js";

const BLOCK = 1 << 16;
const bench = new Workbench(2);
const input = bench.place(BLOCK);
const output = bench.place(BLOCK);
const inputBits = new Uint32Array(input.view.buffer, input.address, BLOCK);

/** Every 1009th of the 2³² float32 patterns, denormals, infinities and NaNs among them: a prime meets all mantissas. */
const STEP = 1009;
const LIMIT_ULP = 2;

/** Distance between neighboring float32 around a value. */
function unitInTheLastPlace(value: number): number {
  const size = Math.abs(value);
  if (size < 2 ** -125) return 2 ** -149;
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--;
  return 2 ** (exponent - 23);
}

type RowFunction = "expRow" | "expm1Row" | "logRow" | "log1pRow" | "tanhRow";
const run = (name: RowFunction, samples: number) =>
  (bench.kernels as Kernels)[name](input.address, output.address, samples);

const FUNCTIONS: readonly {
  name: RowFunction;
  exact: (x: number) => number;
  twin: (x: number) => number;
  atLimits: [number, number][];
}[] = [
  {
    name: "expRow",
    exact: Math.exp,
    twin: scalar.exp,
    atLimits: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [89, Infinity],
      [-104, 0],
    ],
  },
  {
    name: "expm1Row",
    exact: Math.expm1,
    twin: scalar.expm1,
    atLimits: [
      [0, 0],
      [-0, -0],
      [Infinity, Infinity],
      [-Infinity, -1],
      [89, Infinity],
      [-40, -1],
    ],
  },
  {
    name: "logRow",
    exact: Math.log,
    twin: scalar.log,
    atLimits: [
      [0, -Infinity],
      [-0, -Infinity],
      [1, 0],
      [Infinity, Infinity],
      [-1, Number.NaN],
      [-Infinity, Number.NaN],
    ],
  },
  {
    name: "log1pRow",
    exact: Math.log1p,
    twin: scalar.log1p,
    atLimits: [
      [0, 0],
      [-0, -0],
      [-1, -Infinity],
      [Infinity, Infinity],
      [-2, Number.NaN],
      [-Infinity, Number.NaN],
    ],
  },
  {
    name: "tanhRow",
    exact: Math.tanh,
    twin: scalar.tanh,
    atLimits: [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [9.1, 1],
      [-9.1, -1],
    ],
  },
];

describe.each(FUNCTIONS)("$name", ({ name, exact, twin, atLimits }) => {
  test(`at most ${LIMIT_ULP} units in the last place from the true value`, () => {
    let [worst, at, wrong] = [0, 0, 0];
    for (let pattern = 0; pattern < 2 ** 32; ) {
      let count = 0;
      for (; count < BLOCK && pattern < 2 ** 32; count++, pattern += STEP) inputBits[count] = pattern;
      run(name, count);
      for (let i = 0; i < count; i++) {
        const x = input.view[i] as number;
        const y = output.view[i] as number;
        const truth = exact(x);
        const rounded = Math.fround(truth);
        if (Number.isFinite(rounded) && Number.isFinite(y)) {
          const error = Math.abs(y - truth) / unitInTheLastPlace(truth);
          if (error > worst) [worst, at] = [error, x];
        } else if (!Object.is(rounded, y)) wrong++;
      }
    }
    expect(wrong).toBe(0);
    expect(worst, `worst at ${at}`).toBeLessThanOrEqual(LIMIT_ULP);
  });

  test("is right at zeros, infinities and NaN", () => {
    const cases = [...atLimits, [Number.NaN, Number.NaN]] as const;
    cases.forEach(([x], i) => {
      input.view[i] = x;
    });
    run(name, cases.length);
    expect(bitsOf(output.view.subarray(0, cases.length))).toEqual(bitsOf(cases.map(([, y]) => y)));
  });

  test("keeps a NaN whatever its payload", () => {
    [0x7fc00001, 0x7f800001, 0xffc12345, 0x7fffffff].forEach((bits, i) => {
      inputBits[i] = bits;
    });
    run(name, 4);
    expect(bitsOf(output.view.subarray(0, 4))).toEqual(["NaN", "NaN", "NaN", "NaN"]);
  });

  test("gives its scalar twin's bits", () => {
    for (let i = 0; i < BLOCK; i++) inputBits[i] = i * 65521;
    run(name, BLOCK);
    expect(bitsOf(output.view)).toEqual(bitsOf(input.view.map((x) => twin(x))));
  });
});
