import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { percentText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { sparkline, thinned } from "./sparkline.js";

/** Characters of a cost's sparkline. */
const WIDTH = 24;

/** Each arm at a glance, for a terminal: its costs over the updates, and how much of each hidden layer is flat. */
export function glanceRows(result: Result): Rows {
  const costs = Object.values(result.arms).map(costsOf);
  const logs = costs.flat().map(Math.log).filter(Number.isFinite);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const flat = Object.values(result.arms).map(flatShares);
  const hasFlat = flat.some((shares) => shares.length > 0);
  const rows = Object.entries(result.arms).map(([name, arm], place) => {
    const shown = thinned(costs[place] ?? [], WIDTH);
    const curve = `${sparkline(shown.map(Math.log), low, high)}${arm.status === "diverged" ? " ×" : ""}`;
    return [name, curve, ...(hasFlat ? [flatCell(flat[place] ?? [])] : [])];
  });
  return {
    head: [
      t`arm`,
      t`cost over the updates, log scale`,
      ...(hasFlat ? [t`values in the flat region, layer by layer`] : []),
    ],
    rows,
    left: 3,
  };
}

/** In inference mode, which is what a net is for; before it has averages, in training mode. */
function costsOf({ costs }: ArmResult): number[] {
  return costs.map(({ train, inference }) => Number(inference ?? train));
}

/** Of the last frame with finite values. */
function flatShares({ frames }: ArmResult): number[] {
  const last = frames.findLast(({ costs }) => costs !== undefined);
  return last?.layers.flatMap(({ flatShare }) => flatShare ?? []) ?? [];
}

function flatCell(shares: readonly number[]): string {
  if (shares.length === 0) return "–";
  return t`${sparkline(shares, 0, 1)} at most ${percentText(Math.max(...shares))}`;
}
