import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTable } from "../../src/data/csv.js";
import { float32Warnings } from "../../src/experiment/float32-warnings.js";
import type { Warning } from "../../src/record/warnings.js";
import { warningText } from "../../src/text/warning-text.js";

const warningsOf = (text: string | Uint8Array, config = {}) =>
  float32Warnings(readTable(Buffer.from(text as string), "a.csv").rounding, config);
const column = (values: readonly number[]) => `x,y\n${values.map((value, i) => `${value},${i}`).join("\n")}\n`;

describe("float32 and given columns", () => {
  test("dates as numbers: 17 of 31 remain, and what to subtract", () => {
    const file = readFileSync(new URL("../data/cases/dates-as-numbers.csv", import.meta.url));
    const [warning, ...others] = float32Warnings(readTable(file, "a.csv").rounding, {});
    expect(warning).toEqual({
      code: "float32-rounding",
      column: "x",
      distinct: 31,
      kept: 17,
      equal: [20240103, 20240104],
      subtract: 20240101,
    });
    expect(others).toEqual([]);
    expect(warningText(warning as Warning)).toBe(
      'column "x": float32, in which the networks are trained, keeps 17 of its 31 different values ' +
        "(20240103 and 20240104 become equal); subtract 20240101, its smallest value, from the column in the file",
    );
  });

  test("where subtracting does not help, it is not proposed", () => {
    const [warning] = warningsOf(column([0, 1e-9, 1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3]));
    expect(warning).toMatchObject({ distinct: 6, kept: 3 });
    expect(warning).not.toHaveProperty("subtract");
  });

  test("a few equal values among many that are far apart are not worth a word", () => {
    const values = Array.from({ length: 1000 }, (_, i) => i / 1000);
    expect(warningsOf(column([...values, 0.5 + 1e-9]))).toEqual([]);
  });

  test("a variance beyond float32 is named with both remedies, and gone once the column is standardized", () => {
    const large = column([-1e20, 1e20, 3e20]);
    const [warning] = warningsOf(large);
    expect(warning).toEqual({
      code: "float32-overflow",
      column: "x",
      role: "input",
      statistic: "variance",
      largest: 3e20,
    });
    expect(warningText(warning as Warning)).toContain(
      "divide the column by 1e20 in the file, or set standardizeInputs",
    );
    expect(warningsOf(large, { standardizeInputs: true })).toEqual([]);
    expect(warningsOf(large, { standardizeTargets: true })).toHaveLength(1);
    const [target] = warningsOf("x,y\n1,-1e20\n2,1e20\n");
    expect(warningText(target as Warning)).toContain("or set standardizeTargets");
  });
});
