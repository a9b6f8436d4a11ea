import type { Result } from "../experiment/result.js";
import type { Final, SeedFinals } from "./quantities.js";

/** The ends of a seed's arms in a result; empty when the result has no such seed. */
export function finalsOf({ seeds }: Pick<Result, "seeds">, seed: number): SeedFinals {
  const found = seeds.find((entry) => entry.seed === seed);
  return Object.fromEntries(
    Object.entries(found?.arms ?? {}).map(([name, arm]): [string, Final] => [
      name,
      arm.status === "trained"
        ? { status: arm.status, final: arm.final }
        : { status: arm.status, divergence: arm.divergence },
    ]),
  );
}
