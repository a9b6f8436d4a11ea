import { type ArmState, type Costs, type Engine, isDivergedCost } from "../engines/engine.js";
import { initialTensors } from "../model/initializers.js";
import { activationNormalizer, norms } from "../model/network.js";
import { valuesOf } from "../model/tensors.js";
import type { Experiment } from "./prepare.js";

/** How far two engines are apart when both start from the same state; each number relative, see its comment. */
export interface CrossCheck {
  readonly arm: string;
  readonly update: number;
  /** Of the training-mode and the inference-mode cost; NaN where one is undefined. */
  readonly train: number;
  readonly inference: number;
  /** Of the gradient's tensors, each relative to its largest entry: the largest, and where. */
  readonly gradient: number;
  readonly tensor: string;
  /** Of the training-mode cost after one update; NaN at a divergence. */
  readonly next: number;
}

/**
 * Trains with `first` and stops at every checkpoint; there both engines start from `first`'s state and are compared over
 * one update. Free-running trajectories are chaotic and say nothing; this does. States past a divergence are left out.
 */
export function crossCheck(experiment: Experiment, first: Engine, second: Engine): CrossCheck[] {
  const { schedule, batchSize, accumulate } = experiment;
  const drawn = experiment.draw(experiment.seeds[0] as number);
  const { dataset } = drawn;
  const rows: CrossCheck[] = [];
  for (const [arm, plan] of Object.entries(experiment.arms)) {
    const { spec } = plan;
    const task = { spec, training: dataset.training, evaluation: dataset.evaluation, batchSize, accumulate };
    const initial = { update: 0, tensors: initialTensors(drawn.weightsOf(plan), spec) };
    const leader = first.createArm({ ...task, initial });
    for (let update = 0; update < schedule.updates; update += schedule.histogramEvery) {
      if (leader.advance(update).status === "diverged" || isDivergedCost(leader.costs().train)) break;
      const state = leader.state();
      rows.push({ arm, update, ...compared(task, state, first, second) });
    }
    leader.dispose();
  }
  return rows;
}

type Task = Omit<Parameters<Engine["createArm"]>[0], "initial">;

function compared(task: Task, state: ArmState, first: Engine, second: Engine) {
  const [a, b] = [first, second].map((engine) => {
    const arm = engine.createArm({ ...task, initial: state });
    const costs = arm.costs();
    const gradients = arm.gradients("next-batch");
    arm.advance(state.update + 1);
    const next = arm.costs();
    arm.dispose();
    return { costs, gradients, next };
  }) as [Measured, Measured];
  let [gradient, tensor] = [0, "–"];
  for (const [name, { data }] of a.gradients) {
    const other = valuesOf(b.gradients, name);
    // Zero by theory in a bn arm: there is nothing to be relative to but rounding.
    if (isZeroByTheory(name, task.spec)) continue;
    let [scale, apart] = [0, 0];
    data.forEach((value, i) => {
      scale = Math.max(scale, Math.abs(value));
      apart = Math.max(apart, Math.abs(value - (other[i] as number)));
    });
    const relative = scale === 0 ? apart : apart / scale;
    if (relative > gradient) [gradient, tensor] = [relative, name];
  }
  return {
    train: relativeDifference(a.costs.train, b.costs.train),
    inference: relativeDifference(a.costs.inference ?? Number.NaN, b.costs.inference ?? Number.NaN),
    gradient,
    tensor,
    next: relativeDifference(a.next.train, b.next.train),
  };
}

interface Measured {
  readonly costs: Costs;
  readonly next: Costs;
  readonly gradients: ReturnType<ReturnType<Engine["createArm"]>["gradients"]>;
}

/** A constant added in front of a BN changes nothing: not that of a bias, nor the input's beta, unless zeros are around it. */
export function isZeroByTheory(name: string, spec: Task["spec"]): boolean {
  const { transform = "standardize", position = "before", axes, frozenFrom } = spec.normalization ?? {};
  if (activationNormalizer(spec)?.dependsOn !== "batch" || frozenFrom !== undefined) return false;
  // A statistic of a row of pixels is over all channels.
  if (transform === "scale" || position !== "before" || (spec.images !== undefined && axes === "height")) return false;
  const isNormalized = (layer: number) => norms(spec).some(({ index }) => index === layer + 1);
  if (name === "norms.0.beta") return spec.images === undefined && isNormalized(0);
  const [, layer] = /^layers\.(\d+)\.bias$/.exec(name) ?? [];
  return layer !== undefined && isNormalized(Number(layer));
}

function relativeDifference(a: number, b: number): number {
  if (a === b) return 0;
  if (isDivergedCost(a) || isDivergedCost(b)) return Number.NaN;
  return Math.abs(b / a - 1);
}
