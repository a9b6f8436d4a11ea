import { describe, expect, test } from "vitest";
import { fuzz } from "./fuzz.js";

/**
 * Every field of the files that other programs may have written, one at a time, with values of the wrong type, at the end
 * of a range, huge, missing or under a hostile name: reading refuses with the exit code of the kind of file, or what was
 * read can be inspected, drawn, compared and checked, and prints nothing that a terminal obeys. Every run tries each field
 * in some of the ways, evenly; all of them (20 237 for a result) with
 *
 *     FIELD_CASES=25000 FIELD_DRAWINGS=200 npx vitest run test/fuzz/every-value.slow.test.ts
 */
const SEED = Number(process.env["FIELD_SEED"] ?? 20150211);
const CASES = Number(process.env["FIELD_CASES"] ?? 2500);
/** Of 1000 results that are read, so many are drawn. */
const DRAWINGS = Number(process.env["FIELD_DRAWINGS"] ?? 80);

/** The share of the cases; a file of fewer fields needs fewer. */
const SHARES = { "result.json": 1, "digests.json": 0.12, "baseline.json": 0.5 };

describe(`each field with FIELD_SEED=${SEED}`, () => {
  test.each(Object.entries(SHARES))(
    "of %s",
    async (file, share) => {
      const cases = Math.ceil(CASES * share);
      const wanted = { name: `fields of ${file}`, cases, seed: SEED, drawings: DRAWINGS };
      const { failures, largest, ...counts } = await fuzz(wanted);
      console.log(
        `${file}: ${counts.cases} cases, ${counts.refused} refused, ${counts.passed} read, at most ${Math.round(largest / 1e6)} MB`,
      );
      expect(failures).toEqual([]);
      expect(counts).toEqual({ cases, refused: cases - counts.passed, passed: expect.any(Number) });
      expect(counts.passed).toBeGreaterThan(0.005 * cases);
      expect(largest).toBeLessThan(1e9);
    },
    120_000 + 100 * CASES,
  );
});
