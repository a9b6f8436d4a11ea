import type { FinalCost } from "../metrics/effect.js";
import { endingOf, fateOf } from "../outcome/ending.js";
import { statistic } from "../record/statistic.js";
import { type CellFate, type CellRecord, type Ends, type Factor, SWEEP_VERSION, type Sweep } from "../record/sweep.js";
import type { Statistic } from "../record/values.js";
import { bestPlace, type Finals, factorOf, halves, medianOf } from "./best.js";
import type { NamedCell, Outline, Values } from "./outline.js";

/** A cell's record, if the store has it. */
export type Lookup = (cell: NamedCell) => CellRecord | undefined;

/** What follows from the cells; the same cells give the same sweep, whoever made them, and in whatever order. */
export function sweepOf(grid: Outline, recordOf: Lookup): Sweep {
  const points = grid.points.map((point) => seenPoint(point, grid, recordOf));
  const { name, axes, settings, arms, seeds, against } = grid;
  const best = bestOf(grid, points);
  const learnedOver = widthsOf(grid, points);
  return {
    sweepVersion: SWEEP_VERSION,
    name,
    axes: Object.fromEntries(Object.entries(axes).map(([key, values]) => [key, [...values]])),
    settings: { ...settings },
    arms: [...arms],
    against: { ...against },
    seeds: [...seeds],
    points: points.map(({ values, arms: seen }) => ({
      values: { ...values },
      arms: Object.fromEntries(
        arms.map((arm) => {
          const { cells, fates, costs, ends, finals } = seenArm(seen, arm);
          const isWhole = ends.missing === 0;
          return [
            arm,
            { cells, fates, costs, ends, ...(isWhole ? { median: statistic(medianOf(finals, seeds)) } : {}) },
          ];
        }),
      ),
      effects: Object.fromEntries(
        Object.entries(against).flatMap(([arm, control]) => {
          const factor = factorOf(seenArm(seen, control).finals, seenArm(seen, arm).finals, seeds);
          return factor === undefined ? [] : [[arm, factor]];
        }),
      ),
    })),
    ...(learnedOver === undefined ? {} : { learnedOver }),
    ...(best === undefined ? {} : { best }),
  };
}

/** How wide a stretch of its one axis each arm learns over. */
function widthsOf({ axes, arms, seeds }: Outline, points: readonly SeenPoint[]): Sweep["learnedOver"] {
  const [axis, ...more] = Object.entries(axes);
  if (axis === undefined || more.length > 0) return undefined;
  const [name, values] = axis;
  const numbers = values.filter((value) => typeof value === "number" && value > 0).map(Number);
  if (numbers.length < values.length) return undefined;
  const ascending = points
    .map(({ values, arms }) => ({ value: Number(values[name]), arms }))
    .sort((a, b) => a.value - b.value);
  return Object.fromEntries(
    arms.flatMap((arm) => {
      let [run, widest]: [number[], number[]] = [[], []];
      for (const { value, arms: seen } of ascending) {
        run = 2 * seenArm(seen, arm).ends.learned >= seeds.length ? [...run, value] : [];
        if (run.length > 0 && width(run) >= width(widest)) widest = run;
      }
      const [from, to] = [widest[0], widest.at(-1)];
      return from === undefined || to === undefined ? [] : [[arm, { from, to, decades: width(widest) }]];
    }),
  );
}

/** In decades, to six digits: a logarithm's last bits are left to the machine. */
function width(values: readonly number[]): number {
  const [from = 1, to = 1] = [values[0], values.at(-1)];
  return Number(Math.log10(to / from).toPrecision(6));
}

interface SeenArm {
  readonly cells: string[];
  readonly fates: CellFate[];
  readonly costs: (Statistic | null)[];
  readonly ends: Ends;
  readonly finals: Finals;
}

interface SeenPoint {
  readonly values: Values;
  readonly arms: ReadonlyMap<string, SeenArm>;
}

function seenPoint({ values, cells }: Outline["points"][number], { arms }: Outline, recordOf: Lookup): SeenPoint {
  return {
    values,
    arms: new Map(
      arms.map((arm) => [
        arm,
        seen(
          cells.filter((cell) => cell.arm === arm),
          recordOf,
        ),
      ]),
    ),
  };
}

function seenArm(arms: ReadonlyMap<string, SeenArm>, arm: string): SeenArm {
  const found = arms.get(arm);
  if (found === undefined) throw new Error(`a point lacks the arm ${arm}`);
  return found;
}

function seen(cells: readonly NamedCell[], recordOf: Lookup): SeenArm {
  const ends: Ends = { learned: 0, "learned-little": 0, "did-not-learn": 0, diverged: 0, missing: 0 };
  const finals = new Map<number, FinalCost>();
  const fates: CellFate[] = [];
  const costs: (Statistic | null)[] = [];
  for (const cell of cells) {
    const record = recordOf(cell);
    const fate = endOf(record);
    ends[fate] += 1;
    fates.push(fate);
    costs.push(record?.arm.status === "trained" ? record.arm.final.inference : null);
    if (record !== undefined) finals.set(cell.seed, finalOf(record));
  }
  return { cells: cells.map(({ name }) => name), fates, costs, ends, finals };
}

/** As prediction costs: in inference mode. */
function finalOf({ arm }: CellRecord): FinalCost {
  return arm.status === "diverged" || typeof arm.final.inference === "string" ? "diverged" : arm.final.inference;
}

function endOf(record: CellRecord | undefined): CellFate {
  return record === undefined ? "missing" : fateOf(endingOf(record.arm, record.referenceCosts));
}

/** Each arm at its own best point, chosen on one half of the seeds and measured on the other. */
function bestOf({ arms, against, seeds }: Outline, points: readonly SeenPoint[]): Sweep["best"] {
  const isWhole = points.every((point) => [...point.arms.values()].every(({ ends }) => ends.missing === 0));
  const { choosing, measuring } = halves(seeds);
  if (!isWhole || measuring.length === 0) return undefined;
  const places = new Map(
    arms.flatMap((arm) => {
      const place = bestPlace(
        points.map((point) => seenArm(point.arms, arm).finals),
        choosing,
      );
      return place === undefined ? [] : [[arm, place] as const];
    }),
  );
  const finalsAt = (place: number | undefined, arm: string): Finals => {
    const point = points[place ?? -1];
    return point === undefined ? new Map() : seenArm(point.arms, arm).finals;
  };
  /** Of each arm, at a place of its own and one of its control's. */
  const effects = (placeOf: (arm: string, control: string) => number | undefined) =>
    Object.fromEntries(
      Object.entries(against).flatMap(([arm, control]): [string, Factor][] => {
        const [own, other] = [finalsAt(placeOf(arm, control), arm), finalsAt(places.get(control), control)];
        const factor = factorOf(other, own, measuring);
        return factor === undefined ? [] : [[arm, factor]];
      }),
    );
  return {
    arms: Object.fromEntries(
      [...places].map(([arm, place]) => [arm, { value: { ...points[place]?.values }, chosenOn: choosing }]),
    ),
    effects: effects((arm) => places.get(arm)),
    atControls: effects((_, control) => places.get(control)),
    measuredOn: measuring,
  };
}
