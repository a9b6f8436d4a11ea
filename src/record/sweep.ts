import { z } from "zod";
import { referenceCostsSchema, seedArmSchema } from "./arms.js";
import { count, digest, statisticSchema } from "./values.js";

/** What a sweep writes: its cells, and the results computed from them. */

export const CELL_VERSION = 1;
export const SWEEP_VERSION = 1;

/** A file of a store. It has the same bytes no matter who made it: it contains no time, path or arm's name. */
export const cellSchema = z
  .object({
    cellVersion: z.literal(CELL_VERSION),
    identity: z
      .record(z.string(), z.unknown())
      .meta({ description: "What determines the numbers; its SHA-256 is the cell's name." }),
    referenceCosts: referenceCostsSchema,
    arm: seedArmSchema,
  })
  .meta({ title: "bn-compare cell", description: "One arm, one seed, one configuration, trained." });
export type CellRecord = z.infer<typeof cellSchema>;

const axisValue = z.union([z.string(), z.number(), z.boolean()]);

const FATE_NAMES = ["learned", "learned-little", "did-not-learn", "diverged", "missing"] as const;

const endsSchema = z
  .record(z.enum(FATE_NAMES), count)
  .meta({ description: "How the arm ended, counted over the seeds; thresholds are in docs/verdicts.md." });

const pointArmSchema = z.object({
  cells: z.array(digest).meta({ description: "Names of the cells, by seed." }),
  fates: z.array(z.enum(FATE_NAMES)).meta({ description: "How each of them ended." }),
  costs: z
    .array(z.union([statisticSchema, z.null()]))
    .meta({ description: "Final cost of each in inference mode; null of one that diverged or is missing." }),
  ends: endsSchema,
  median: statisticSchema.optional().meta({
    description: "Of the final costs in inference mode over the seeds; Infinity if at least half diverge.",
  }),
});

const bestSchema = z
  .object({
    value: z.record(z.string(), axisValue).meta({ description: "The best values, chosen on the seeds in chosenOn." }),
    chosenOn: z.array(count),
  })
  .meta({ description: "The values with the lowest median final cost." });

const factorSchema = z
  .object({
    factor: z
      .number()
      .meta({ description: "Cost of the control divided by that of the arm, geometric mean over the pairs." }),
    low: z.number().optional(),
    high: z.number().optional(),
    pairs: count.meta({ description: "Pairs in which both arms have a finite final cost." }),
    undefinedPairs: count,
  })
  .meta({ description: "With its 95 % interval: Student's t of the log ratios; absent with fewer than two pairs." });

const widthSchema = z
  .object({
    from: z.number(),
    to: z.number(),
    decades: z.number().meta({ description: "log10(to / from)." }),
  })
  .meta({ description: "The widest stretch of the axis in which at every value at least half of the seeds learned." });

export const sweepSchema = z
  .object({
    sweepVersion: z.literal(SWEEP_VERSION),
    name: z.string(),
    axes: z
      .record(z.string().regex(/^[a-z][A-Za-z]*$/), z.array(axisValue).min(1))
      .refine((axes) => Object.keys(axes).length > 0, "names no axis"),
    settings: z.record(z.string(), z.unknown()).meta({
      description:
        "The other settings, by key, as in an experiment file; paths are relative to where the sweep was run.",
    }),
    arms: z.array(z.string()).min(1),
    against: z
      .record(z.string(), z.string())
      .meta({ description: "The arm that each arm's effect is measured against." }),
    seeds: z.array(count).min(1),
    points: z
      .array(
        z.object({
          values: z.record(z.string(), axisValue),
          arms: z.record(z.string(), pointArmSchema),
          effects: z.record(z.string(), factorSchema),
        }),
      )
      .meta({ description: "The grid: the first axis varies slowest." }),
    learnedOver: z.record(z.string(), widthSchema).optional().meta({
      description: "By arm; only if the single axis has positive numbers. An arm that learned nowhere is absent.",
    }),
    best: z
      .object({
        arms: z.record(z.string(), bestSchema),
        effects: z.record(z.string(), factorSchema),
        atControls: z
          .record(z.string(), factorSchema)
          .meta({ description: "The same seeds with both arms at the control's best values." }),
        measuredOn: z.array(count),
      })
      .optional()
      .meta({ description: "Each arm at its own best values; absent while a cell is missing, and with one seed." }),
  })
  .refine(
    ({ arms, against }) =>
      Object.entries(against)
        .flat()
        .every((arm) => arms.includes(arm)),
    {
      path: ["against"],
      error: "names an arm that is not one of arms",
    },
  )
  .refine(({ arms, seeds }) => new Set(arms).size === arms.length && new Set(seeds).size === seeds.length, {
    path: ["arms"],
    error: "an arm or a seed occurs twice",
  })
  .refine(
    ({ arms, seeds, points }) =>
      points.every(
        (point) =>
          Object.keys(point.arms).length === arms.length &&
          arms.every((arm) => {
            const own = Object.hasOwn(point.arms, arm) ? point.arms[arm] : undefined;
            return (
              own !== undefined && [own.cells, own.fates, own.costs].every(({ length }) => length === seeds.length)
            );
          }),
      ),
    { path: ["points"], error: "a point does not have one cell for each arm and seed" },
  )
  .refine(
    ({ axes, points }) =>
      points.every(
        ({ values }) =>
          Object.keys(values).length === Object.keys(axes).length &&
          Object.entries(values).every(([name, value]) => Object.hasOwn(axes, name) && axes[name]?.includes(value)),
      ),
    { path: ["points"], error: "a point does not have a value of each axis" },
  )
  .meta({ title: "bn-compare sweep", description: "What follows from a store's cells." });
export type Sweep = z.infer<typeof sweepSchema>;
export type Factor = z.infer<typeof factorSchema>;
export type Ends = z.infer<typeof endsSchema>;
/** How a cell ended, where it is there. */
export type CellFate = (typeof FATE_NAMES)[number];
export type SweepPoint = Sweep["points"][number];
export type PointArm = z.infer<typeof pointArmSchema>;
