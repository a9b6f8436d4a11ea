import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../cli/command.js";
import { bnCompareOn, expectSameBytes, HERE, type Host, IMAGES, type RunBytes, runFiles } from "./runs.js";

const CASES = [
  ["relu", ["--activation", "relu"]],
  ["tanh", ["--activation", "tanh", "--updates", "60"]],
  ["several seeds", ["--activation", "tanh", "--updates", "30", "--seeds", "3", "--rounding-probe", "2"]],
  ["images", IMAGES],
] as const;

describe.each(CASES)("a run with %s gives the same bytes", (_, flags) => {
  let expected: RunBytes;

  beforeAll(async () => {
    expected = await runFiles(HERE, ...flags, "--workers", "1");
  });

  test.each(["2", "4"])("with %s workers as with one", async (workers) => {
    expectSameBytes(await runFiles(HERE, ...flags, "--workers", workers), expected);
  });

  test("in another language, time zone and size of terminal", async () => {
    const elsewhere: Host = {
      ...HERE,
      env: { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8", TZ: "Asia/Kathmandu", COLUMNS: "40" },
    };
    expectSameBytes(await runFiles(elsewhere, ...flags), expected);
  });

  test.each([1, -1])("where Math's functions err by %i unit in the last place", async (units) => {
    const inexact: Host = { ...HERE, before: ["--import", inexactMath], env: { MATH_ERROR: String(units) } };
    expectSameBytes(await runFiles(inexact, ...flags), expected);
  });
});

test.each(["--liftoff-only", "--no-liftoff"])("with V8's compiler for WebAssembly chosen by %s", async (compiler) => {
  const folder = join(emptyFolder(), "run");
  await bnCompareOn(HERE, "run", "--activation", "relu", "--quiet", "--out", folder);
  expect(await bnCompareOn({ ...HERE, before: [compiler] }, "verify", folder)).toMatch(/^identical/);
});

/**
 * ECMAScript leaves the last bits of these functions to the machine. Here each answer is moved by `MATH_ERROR` units in
 * the last place, except where every library is exact: 10², 10³, …
 */
const INEXACT_MATH = `
const bits = new DataView(new ArrayBuffer(8));
const units = BigInt(process.env.MATH_ERROR);
const move = (value) => {
  if (!Number.isFinite(value) || value === 0) return value;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + units);
  return bits.getFloat64(0);
};
const names = ["exp", "expm1", "log", "log1p", "log10", "log2", "pow", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"];
for (const name of [...names, "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot"]) {
  const exact = Math[name];
  Math[name] = (...values) =>
    name === "pow" && values.every((value) => Number.isInteger(value) && value >= 0) ? exact(...values) : move(exact(...values));
}
`;

const inexactMath = `data:text/javascript,${encodeURIComponent(INEXACT_MATH)}`;
