import type { CompleteSettings, Settings } from "../config/keys.js";
import {
  type ArmTask,
  type Engine,
  type EngineArm,
  isDivergedCost,
  type Observation,
  type ObservedPoints,
} from "../engines/engine.js";
import { type Drawn, type Experiment, prepareExperiment } from "../experiment/prepare.js";
import { initialTensors } from "../model/initializers.js";
import { ownEntry } from "../record/own-entry.js";

/** An arm's cost with the batch's statistics before and after its training. */
export interface Trial {
  readonly rate: number;
  readonly start: number;
  readonly end: number | "diverged";
}

/** What one seed makes of a configuration. Everything is drawn when it is asked for, and nothing outlives this object. */
export interface Networks {
  readonly experiment: Experiment;
  /** The learning rates that the configuration sweeps over. */
  readonly rates: readonly number[];
  /** The arm's initial state on its first batch, or on all points. Kept: several statistics may look at it. */
  observe(arm: string, points?: ObservedPoints): Observation;
  /** Trains the arm from its initial state for the configuration's updates at that learning rate. */
  train(arm: string, learningRate: number): Trial;
  /** The same seed with other settings. Kept as well. */
  with(settings: Settings): Networks;
}

export function networksOf(settings: CompleteSettings, seed: number, engine: Engine): Networks {
  const experiment = prepareExperiment({ settings: { ...settings, seeds: [seed] }, written: new Map() });
  let drawn: Drawn | undefined;
  const seen = new Map<string, Observation>();
  const others = new Map<string, Networks>();

  const using = <R>(name: string, learningRate: number | undefined, use: (arm: EngineArm) => R): R => {
    const plan = ownEntry(experiment.arms, name);
    if (plan === undefined) throw new Error(`the configuration has no arm ${name}`);
    drawn ??= experiment.draw(seed);
    const { training, evaluation } = drawn.dataset;
    const spec = learningRate === undefined ? plan.spec : { ...plan.spec, learningRate };
    const tensors = initialTensors(drawn.weightsOf(plan), spec);
    const { batchSize, accumulate } = experiment;
    const task: ArmTask = { spec, initial: { update: 0, tensors }, training, evaluation, batchSize, accumulate };
    const arm = engine.createArm(task);
    try {
      return use(arm);
    } finally {
      arm.dispose();
    }
  };

  return {
    experiment,
    rates: (settings.sweep?.["learningRate"] ?? []).map(Number),
    observe(name, points = "next-batch") {
      const key = `${points} of ${name}`;
      const observation = seen.get(key) ?? using(name, undefined, (arm) => arm.observe(points));
      seen.set(key, observation);
      return observation;
    },
    train(name, learningRate) {
      return using(name, learningRate, (arm) => {
        const start = arm.costs().train;
        if (arm.advance(experiment.schedule.updates).status === "diverged")
          return { rate: learningRate, start, end: "diverged" };
        const end = arm.costs().train;
        return { rate: learningRate, start, end: isDivergedCost(end) ? "diverged" : end };
      });
    },
    with(other) {
      const key = JSON.stringify(other);
      const networks = others.get(key) ?? networksOf({ ...settings, ...other }, seed, engine);
      others.set(key, networks);
      return networks;
    },
  };
}
