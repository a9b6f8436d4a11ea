import { expect, test } from "vitest";
import { studentQuantile } from "../../src/metrics/student.js";

// Exact for 1, 2 and 4 degrees of freedom (Shaw 2006), the others from the tables of Pearson & Hartley (1966).
test("Student's quantiles are those of closed forms and tables", () => {
  for (const p of [0.5, 0.6, 0.9, 0.975, 0.995, 0.9995]) {
    expect(studentQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 8);
    const a = 4 * p * (1 - p);
    expect(studentQuantile(p, 2)).toBeCloseTo(((2 * p - 1) * Math.SQRT2) / Math.sqrt(a), 9);
    const q = Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a);
    expect(studentQuantile(p, 4)).toBeCloseTo(2 * Math.sqrt(q - 1), 7);
  }
  const tables = [
    [0.975, 3, 3.182],
    [0.975, 9, 2.262],
    [0.995, 9, 3.25],
    [0.975, 30, 2.042],
    [0.975, 120, 1.98],
    [0.975, 9999, 1.9602],
  ] as const;
  for (const [p, degrees, t] of tables) expect(studentQuantile(p, degrees)).toBeCloseTo(t, 3);
});
