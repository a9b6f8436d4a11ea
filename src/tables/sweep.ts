import type { AxisValue } from "../config/keys.js";
import type { Factor, PointArm, Sweep, SweepPoint } from "../record/sweep.js";
import { type Cell, type Column, type Row, SEED, type Table } from "./table.js";

/** Views of a sweep. Its axes are columns of their own, by their keys, in front of the others. */

const ARM: Column = { name: "arm", type: "text", description: "name of the arm" };
const CONTROL: Column = { name: "control", type: "text", description: "the arm that it is compared with" };
const FATE: Column = {
  name: "fate",
  type: "text",
  description: "`learned`, `learned-little`, `did-not-learn`, `diverged` or `missing`",
};
const FACTOR: readonly Column[] = [
  {
    name: "factor",
    type: "number",
    description: "the control's cost divided by the arm's, geometric mean over the seeds; above 1, the arm ends lower",
  },
  { name: "low", type: "number", description: "lower end of the 95 % interval" },
  { name: "high", type: "number", description: "upper end of it" },
  { name: "pairs", type: "count", unit: "seeds", description: "seeds in which both arms have a final cost" },
  { name: "undefined_pairs", type: "count", unit: "seeds", description: "the other seeds, which are only counted" },
];
const EFFECT: Column = {
  name: "effect",
  type: "text",
  description:
    "`lower` or `higher` if the interval excludes no effect, otherwise `undecided`; `none` with fewer than two pairs",
};

/** Every cell. */
export function cellsTable({ axes }: Pick<Sweep, "axes">): Table<Sweep> {
  return {
    name: "cells",
    description: "One row per cell: arm, seed and point of the grid.",
    columns: [
      ...axisColumns(axes),
      ARM,
      SEED,
      { name: "cell", type: "text", description: "its name: `bn-compare run --cell NAME` runs it in full" },
      FATE,
      { name: "cost", type: "number", description: "final cost in inference mode; empty where it diverged" },
    ],
    *rows({ points, arms, seeds }) {
      for (const point of points) {
        for (const arm of arms) {
          const own = armAt(point, arm);
          for (const [place, seed] of seeds.entries()) {
            const [cell, fate, cost] = [own.cells[place], own.fates[place], own.costs[place]];
            yield { ...axisCells(point), arm, seed, cell: cell ?? null, fate: fate ?? null, cost: cost ?? null };
          }
        }
      }
    },
  };
}

/** Every arm at every point, over its seeds. */
export function pointsTable({ axes }: Pick<Sweep, "axes">): Table<Sweep> {
  const counted = (name: string, words: string): Column => ({ name, type: "count", unit: "seeds", description: words });
  return {
    name: "points",
    description: "One row per arm and point of the grid.",
    columns: [
      ...axisColumns(axes),
      ARM,
      { ...FATE, description: `${FATE.description}: that of the median seed` },
      { name: "median", type: "number", description: "median final cost over the seeds, in inference mode" },
      counted("learned", "seeds that learned"),
      counted("learned_little", "seeds that learned little"),
      counted("did_not_learn", "seeds that did not learn"),
      counted("diverged", "seeds that diverged"),
      counted("missing", "seeds whose cell is missing"),
    ],
    *rows({ points, arms }) {
      for (const point of points) {
        for (const arm of arms) {
          const own = armAt(point, arm);
          const { learned, diverged, missing } = own.ends;
          yield {
            ...axisCells(point),
            arm,
            fate: fateOfMedian(own),
            median: own.median ?? null,
            learned,
            learned_little: own.ends["learned-little"],
            did_not_learn: own.ends["did-not-learn"],
            diverged,
            missing,
          };
        }
      }
    },
  };
}

/** Every arm against its control at every point. */
export function pointEffectsTable({ axes }: Pick<Sweep, "axes">): Table<Sweep> {
  return {
    name: "effects",
    description: "One row per arm with a control and point of the grid.",
    columns: [...axisColumns(axes), ARM, CONTROL, ...FACTOR, EFFECT],
    *rows({ points, against }) {
      for (const point of points) {
        for (const [arm, control] of Object.entries(against)) {
          yield { ...axisCells(point), arm, control, ...factorCells(point.effects[arm]) };
        }
      }
    },
  };
}

/** Every arm against its control where both are at their best, and where both are at the control's. */
export const bestTable: Table<Sweep> = {
  name: "best",
  description: "Two rows per arm with a control: each at its own best values, and both at the control's.",
  columns: [
    ARM,
    CONTROL,
    { name: "values", type: "text", description: "`own`: each at its own best; `control`: both at the control's best" },
    { name: "arm_values", type: "text", description: "the arm's values" },
    { name: "control_values", type: "text", description: "the control's" },
    ...FACTOR,
    EFFECT,
  ],
  *rows({ best, against }) {
    for (const [arm, control] of best === undefined ? [] : Object.entries(against)) {
      const [own, other] = [arm, control].map((name) => valuesText(best?.arms[name]?.value));
      const of = { arm, control, control_values: other ?? null };
      yield { ...of, values: "control", arm_values: other ?? null, ...factorCells(best?.atControls[arm]) };
      yield { ...of, values: "own", arm_values: own ?? null, ...factorCells(best?.effects[arm]) };
    }
  },
};

/** Those that CSV files hold. */
export function sweepTables(sweep: Pick<Sweep, "axes">): readonly Table<Sweep>[] {
  return [cellsTable(sweep), pointsTable(sweep), pointEffectsTable(sweep), bestTable];
}

/** How the seed in the middle ended; where one is missing, there is none. */
export function fateOfMedian({ ends }: PointArm) {
  if (ends.missing > 0) return "missing";
  const order = ["learned", "learned-little", "did-not-learn", "diverged"] as const;
  const seeds = order.flatMap((fate) => Array.from({ length: ends[fate] }, () => fate));
  return seeds[Math.floor((seeds.length - 1) / 2)] ?? "missing";
}

export function armAt({ arms }: SweepPoint, arm: string): PointArm {
  const own = arms[arm];
  if (own === undefined) throw new Error(`a point lacks the arm ${arm}`);
  return own;
}

/** "learningRate 0.01, width 30"; a dash of none. */
export function valuesText(values: Readonly<Record<string, AxisValue>> | undefined): string {
  if (values === undefined) return "–";
  return Object.entries(values)
    .map((pair) => pair.join(" "))
    .join(", ");
}

function axisColumns(axes: Sweep["axes"]): Column[] {
  return Object.entries(axes).map(([name, values]) => ({
    name,
    type: values.every((value) => typeof value === "number") ? "number" : "text",
    description: "an axis of the grid",
  }));
}

function axisCells({ values }: SweepPoint): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Cell] => [
      name,
      typeof value === "boolean" ? String(value) : value,
    ]),
  );
}

function factorCells(factor: Factor | undefined): Row {
  const { factor: value = null, low = null, high = null, pairs = 0, undefinedPairs = null } = factor ?? {};
  const isDecided = low !== null && high !== null && (low > 1 || high < 1);
  const effect = low === null || high === null ? "none" : isDecided ? (low > 1 ? "lower" : "higher") : "undecided";
  return { factor: value, low, high, pairs, undefined_pairs: undefinedPairs, effect };
}
