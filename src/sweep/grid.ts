import { ARM_KEYS, type Axes } from "../config/keys.js";
import type { SweptConfiguration } from "../config/load.js";
import { byteDigest } from "../data/digest.js";
import type { EngineInfo } from "../engines/engine.js";
import { programOf } from "../engines/program.js";
import type { ArmJob } from "../experiment/arm.js";
import type { ArmPlan } from "../experiment/arm-plans.js";
import { type Drawn, type Experiment, prepareExperiment } from "../experiment/prepare.js";
import { basicJob } from "../experiment/run.js";
import { referenceCostsOf } from "../metrics/reference-costs.js";
import type { ReferenceCosts } from "../record/arms.js";
import { t } from "../text/language.js";
import type { NamedCell, Outline, Values } from "./outline.js";

/** A cell that can be trained. */
export interface Cell extends NamedCell {
  readonly identity: Readonly<Record<string, unknown>>;
  /** Made when its turn comes. */
  readonly task: () => { readonly job: ArmJob; readonly referenceCosts: ReferenceCosts };
}

export type Grid = Outline<Cell>;

/** The product of the axes, the first one slowest. */
export function pointsOf(axes: Axes): Values[] {
  return Object.entries(axes).reduce<Values[]>(
    (points, [name, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

/** What of an engine determines the numbers. */
export function computedBy(engine: Pick<EngineInfo, "name" | "backend" | "libraries">) {
  return { engine: engine.name, backend: engine.backend, program: programOf(engine) };
}

/** The cells of a sweep. Throws expected errors. */
export function gridOf(
  { axes, stated, at }: Pick<SweptConfiguration, "axes" | "stated" | "at">,
  engine: Pick<EngineInfo, "name" | "backend" | "libraries">,
): Grid {
  const computed = computedBy(engine);
  const points = pointsOf(axes).map((values) => ({ values, experiment: prepareExperiment(at(values)) }));
  const [first] = points;
  if (first === undefined) throw new Error("a grid has at least one point");
  const { arms, seeds, name } = first.experiment;
  return {
    name,
    axes,
    settings: { ...stated, engine: engine.name, ...(engine.name === "tfjs" ? { backend: engine.backend } : {}) },
    arms: Object.keys(arms),
    against: Object.fromEntries(
      Object.entries(arms).flatMap(([arm, { against }]) => (against === undefined ? [] : [[arm, against]])),
    ),
    seeds,
    points: points.map(({ values, experiment }) => ({ values, cells: trainable(experiment, computed) })),
  };
}

function trainable(experiment: Experiment, computed: object): Cell[] {
  const draw = drawnOnce(experiment);
  return experiment.seeds.flatMap((seed) =>
    Object.entries(experiment.arms).map(([arm, plan]): Cell => {
      const identity = identityOf(experiment, plan, seed, computed);
      const task = () => {
        const drawn = draw(seed);
        const title = t`arm ${arm}, seed ${seed}`;
        return {
          job: { ...basicJob(experiment, drawn, arm, plan), title },
          referenceCosts: referenceCostsOf(drawn.dataset, plan.spec),
        };
      };
      return { name: byteDigest(JSON.stringify(identity)), identity, arm, seed, task };
    }),
  );
}

/** The arms of a seed follow each other, so its data and weights are kept until the next one. */
function drawnOnce({ draw }: Experiment): (seed: number) => Drawn {
  let last: Drawn | undefined;
  return (seed) => {
    if (last?.seed !== seed) last = draw(seed);
    return last;
  };
}

/** Keys of a configuration that say what an arm is; its plan says the same without what does not concern it. */
const OF_ARMS = new Set<string>([
  ...ARM_KEYS,
  "preset",
  "seed",
  "seeds",
  "sizes",
  "hiddenLayers",
  "width",
  "layers",
  "loss",
  "arms",
  "histogramEvery",
  "mapsOf",
  "roundingProbe",
  "target",
  "columns",
  "delimiter",
]);

/** What determines a cell's numbers, whatever the arm is called and whatever else its sweep varies. */
function identityOf({ config }: Experiment, { spec, initialization }: ArmPlan, seed: number, computed: object) {
  const shared = Object.entries(config).filter(([key, value]) => !OF_ARMS.has(key) && value !== undefined);
  return {
    ...Object.fromEntries(shared),
    spec,
    ...(initialization === undefined ? {} : { initialization }),
    seed,
    ...computed,
  };
}
