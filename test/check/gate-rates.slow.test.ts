import { describe, expect, test } from "vitest";

interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}
type Answers = Readonly<Record<"regression" | "inconclusive" | "pass", Share>>;
interface Truth {
  readonly decisions: number;
  readonly most?: number;
  readonly increase: number;
  readonly raised: readonly ("train" | "inference")[];
}

/** `npm run gate:rates` in short: fewer recorded runs, the same simulation over the built gate, a fixed random stream. */
const { recordPool, simulate } = (await import(new URL("../../bench/gate-simulation.mjs", import.meta.url).href)) as {
  recordPool: (name: string, size: { seeds: number; repeats: number }) => Promise<object>;
  simulate: (pool: object, truth: Truth) => Promise<{ whole: Answers; looks: number[] }>;
};

const BOTH = ["train", "inference"] as const;

describe.each(["tutorial-relu", "tutorial-tanh"])("over 2000 simulated checks of %s", (name) => {
  const pool = recordPool(name, { seeds: 40, repeats: 2 });
  const answers = async (truth: Omit<Truth, "decisions">) => simulate(await pool, { decisions: 2000, ...truth });

  test.each([20, 40])(
    "REGRESSION is said in at most 1 % where only rounding changed (up to %i seeds)",
    async (most) => {
      const { whole, looks } = await answers({ most, increase: 0, raised: BOTH });
      expect(looks.at(-1)).toBe(most);
      expect(whole.regression.high).toBeLessThanOrEqual(0.01);
    },
  );

  // The cost with moving averages is the noisiest: found by itself at once in most checks (docs/ci.md), here in two looks.
  test.each<[number, readonly ("train" | "inference")[]]>([
    [20, BOTH],
    [20, ["train"]],
    [40, ["inference"]],
  ])("an increase by twice the tolerance is found in at least 95 % (up to %i seeds, %j)", async (most, raised) => {
    const { whole } = await answers({ most, increase: 2, raised });
    expect(whole.regression.low).toBeGreaterThanOrEqual(0.95);
  });
});
