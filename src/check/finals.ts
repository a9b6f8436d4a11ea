import type { SeedArm } from "../record/arms.js";
import type { Baseline } from "../record/baseline.js";
import type { Result } from "../record/result.js";
import type { Final, SeedFinals } from "./quantities.js";

/** What a baseline keeps of a result: costs in the targets' own unit, from which standardized ones follow. */

/** The ends of a seed's arms in a result; empty when the result has no such seed. */
export function finalsOf({ seeds }: Pick<Result, "seeds">, seed: number): SeedFinals {
  const found = seeds.find((entry) => entry.seed === seed);
  return Object.fromEntries(
    Object.entries(found?.arms ?? {}).map(([name, arm]): [string, Final] => [
      name,
      arm.status === "trained"
        ? { status: arm.status, final: endOf(arm.final) }
        : { status: arm.status, divergence: arm.divergence },
    ]),
  );
}

function endOf({ train, inference, recalibrated }: Extract<SeedArm, { status: "trained" }>["final"]) {
  return { train, inference, ...(recalibrated === undefined ? {} : { recalibrated }) };
}

/** The first seed's costs of every arm, in both modes. */
export function curvesOf({ arms }: Pick<Result, "arms">): Baseline["costs"] {
  return Object.fromEntries(
    Object.entries(arms).map(([name, { costs }]) => [
      name,
      costs.map(({ update, train, inference }) => ({ update, train, inference })),
    ]),
  );
}
