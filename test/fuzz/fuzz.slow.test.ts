import { describe, expect, test } from "vitest";
import { fuzz } from "./fuzz.js";

/**
 * Every reader of a file from elsewhere, given files that are changed by structure and by bytes. Whatever is in one, it is
 * read or refused with an expected error, within thirty seconds of computing and a gigabyte. A case is its seed and its number; the same
 * ones are tried every time, others with FUZZ_SEED, more with FUZZ_CASES:
 *
 *     FUZZ_CASES=1000000 FUZZ_SEED=7 npx vitest run test/fuzz
 */
const SEED = Number(process.env.FUZZ_SEED ?? 20150211);
const CASES = Number(process.env.FUZZ_CASES ?? 10_000);

/** Of 20 000 cases, and how many of the results that are accepted are drawn, which takes longest. */
const SHARES = {
  csv: [3500, 0],
  store: [500, 0],
  safetensors: [4000, 0],
  experiment: [3500, 0],
  claim: [1500, 0],
  digests: [1500, 0],
  baseline: [2500, 0],
  result: [3000, 30],
} as const;

describe(`fuzzed with FUZZ_SEED=${SEED}`, () => {
  test.each(Object.entries(SHARES))(
    "%s is read or refused, whatever is in it",
    async (name, [share, drawn]) => {
      const [cases, drawings] = [share, drawn].map((count) => Math.ceil((count * CASES) / 20_000)) as [number, number];
      const { failures, largest, ...counts } = await fuzz({ name, cases, seed: SEED, drawings });
      console.log(
        `${name}: ${counts.cases} cases, ${counts.refused} refused, ${counts.passed} read, at most ${Math.round(largest / 1e6)} MB`,
      );
      expect(failures).toEqual([]);
      expect(counts.cases).toBe(cases);
      expect(counts.refused + counts.passed).toBe(cases);
      // Neither all sound nor all broken at first sight: what is behind the first check is reached too.
      expect(Math.min(counts.refused, counts.passed)).toBeGreaterThan(0.01 * cases);
      expect(largest).toBeLessThan(1e9);
    },
    120_000 + 50 * CASES,
  );
});
