import { fitGrid } from "../data/dataset.js";
import { shortDigest, shortDigestOfText } from "../data/digest.js";
import { sampleOf } from "../data/sample.js";
import { costInOwnUnit, predictionInOwnUnit, standardizedInputs } from "../data/standardize.js";
import {
  type ArmState,
  type Costs,
  type Engine,
  type EngineArm,
  isDivergedCost,
  type Observation,
} from "../engines/engine.js";
import type { LabJob } from "../lab/job.js";
import { startOf } from "../lab/train.js";
import { binsFor } from "../metrics/bins.js";
import { frameLayersOf } from "../metrics/frame.js";
import { healthOf } from "../metrics/health.js";
import { hasMovingAverages } from "../model/network.js";
import type { FrameLayer } from "../record/frames.js";
import type { Health } from "../record/layers.js";

/** A learning rate, from the update after `from` on. The first one of a list is from 0. */
export interface Rate {
  readonly from: number;
  readonly rate: number;
}

/** What is shown of an arm that does not change while it trains. Points in their own units, at most as many as are observed. */
export interface Scene {
  readonly inputs: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Inputs at which `Frame.fit` predicts. */
  readonly grid: Float32Array;
}

export interface SeenLayer extends FrameLayer {
  readonly health: Health;
  /** ‖∂C/∂(pre-activation)‖. */
  readonly gradient: number;
}

/** The costs of a state. */
export interface Cost {
  readonly update: number;
  readonly train: number;
  /** `null` before the first update of an arm with moving averages. */
  readonly inference: number | null;
}

/** An arm after `update` updates. */
export interface Frame extends Cost {
  /** This state is where training ends: its cost, or something in it, is not finite. */
  readonly isDiverged: boolean;
  /** What an update on the way here took, ms; 0 where there was none. */
  readonly perUpdate: number;
  /** Costs measured on the way from the frame before. */
  readonly passed: readonly Cost[];
  /** Predictions in inference mode on the scene's grid. */
  readonly fit: Float32Array;
  /** Predictions in training mode at the scene's points. */
  readonly fitInTraining: Float32Array;
  /** In training mode. */
  readonly layers: readonly SeenLayer[];
  /** In inference mode, with the gradients of training; absent where the modes are one, or there are no averages yet. */
  readonly layersInInference?: readonly SeenLayer[];
}

/** Places of the grid of a fit. */
const GRID = 200;
/** States of one arm that are kept, and bytes that they may take together. */
const MOST_KEPT = 64;
const MOST_BYTES = 16_000_000;
/** Updates between kept states at first; it doubles whenever there are too many. */
const FIRST_SPACING = 4;

/** One arm that can be seen at any update. Kept states are few; those between are trained again, to the same bytes. */
export interface Session {
  readonly scene: Scene;
  /** The arm after `target` updates, or where it diverged before. */
  readonly show: (target: number, rates: readonly Rate[]) => Frame;
  /** The digest of every state up to the last one shown, as `stateDigests` of a result has them. */
  readonly digests: () => readonly string[];
}

export function createSession(engine: Engine, job: LabJob, name: string): Session {
  const { dataset, task } = startOf(job, name);
  const { schedule } = job;
  const sample = sampleOf(task.training);
  const bins = binsFor(task.spec, task.training);
  const targetSquare = task.training.y.reduce((sum, y) => sum + y * y, 0) / task.training.samples;
  const own = sampleOf(dataset.original.training);
  const grid = own.inputs === 1 ? fitGrid(own, GRID) : own.x;
  const gridSeen = {
    samples: grid.length / own.inputs,
    inputs: own.inputs,
    x: standardizedInputs(grid, dataset.standardization?.inputs),
  };
  const targets = dataset.standardization?.targets;

  let rates: readonly Rate[] = [{ from: 0, rate: task.spec.learningRate }];
  let arm: EngineArm;
  let armRate: number;
  let kept: ArmState[] = [task.initial];
  let spacing = FIRST_SPACING;
  let divergedAt: number | undefined;
  const passed: Cost[] = [];
  let digests: string[] = [digestOf(task.initial)];
  const bytes = [...task.initial.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const mostKept = Math.min(MOST_KEPT, Math.max(4, Math.floor(MOST_BYTES / bytes)));
  enter(task.initial);
  if (endsHere()) divergedAt = 0;

  /** Continues from a state, at the rate of its next update. */
  function enter(initial: ArmState): void {
    armRate = rateAfter(rates, initial.update);
    arm = engine.createArm({ ...task, spec: { ...task.spec, learningRate: armRate }, initial, sample });
  }

  function keep(state: ArmState): void {
    if (state.update % spacing !== 0 || state.update <= (kept.at(-1)?.update ?? 0)) return;
    kept.push(state);
    if (kept.length <= mostKept) return;
    spacing *= 2;
    kept = kept.filter(({ update }) => update % spacing === 0);
  }

  /** Where the command measures the costs of a state, they may end the run. */
  function endsHere(): boolean {
    if (arm.update % schedule.costEvery !== 0 && arm.update !== schedule.updates) return false;
    const costs = arm.costs();
    passed.push(named(costs));
    return isDivergedCost(costs.train);
  }

  /** One update; false where the arm diverges instead. */
  function step(): boolean {
    if (rateAfter(rates, arm.update) !== armRate) enter(arm.state());
    if (arm.advance(arm.update + 1).status === "diverged") return false;
    made += 1;
    const state = arm.state();
    digests[state.update] ??= digestOf(state);
    keep(state);
    return !endsHere();
  }

  /** In the targets' own unit. */
  function named({ train, inference }: Costs): Cost {
    return {
      update: arm.update,
      train: costInOwnUnit(train, targets),
      inference: inference === null ? null : costInOwnUnit(inference, targets),
    };
  }

  /** Updates made so far. */
  let made = 0;

  /** What each update that something makes takes, ms. */
  function timed(act: () => void): number {
    const [before, began] = [made, performance.now()];
    act();
    return made === before ? 0 : (performance.now() - began) / (made - before);
  }

  function goTo(target: number): void {
    if (arm.update > target) enter(kept.findLast(({ update }) => update <= target) ?? task.initial);
    while (arm.update < target && arm.update !== divergedAt) {
      if (!step()) divergedAt = arm.update;
    }
  }

  /** Forgets what other rates made. */
  function takeRates(wanted: readonly Rate[]): void {
    const parting = firstUnlike(rates, wanted);
    rates = wanted;
    if (parting === undefined) return;
    kept = kept.filter(({ update }) => update <= parting);
    digests = digests.slice(0, parting + 1);
    if (divergedAt !== undefined && divergedAt > parting) divergedAt = undefined;
    if (arm.update > parting) enter(kept.at(-1) ?? task.initial);
  }

  return {
    scene: { inputs: own.inputs, x: own.x, y: own.y, grid },
    digests: () => digests,
    show(target, wanted) {
      takeRates(wanted);
      const perUpdate = timed(() => goTo(target));
      const costs = arm.costs();
      const observation = arm.observe("sample");
      const inference =
        costs.inference === null || !hasMovingAverages(task.spec) ? undefined : arm.observe("sample", "inference");
      return {
        ...named(costs),
        isDiverged: arm.update === divergedAt || isDivergedCost(costs.train),
        perUpdate,
        passed: passed.splice(0),
        fit: costs.inference === null ? new Float32Array() : inOwnUnit(arm.predict(gridSeen)),
        fitInTraining: inOwnUnit(observation.layers.at(-1)?.preActivation ?? []),
        layers: layersOf(observation, observation),
        ...(inference === undefined ? {} : { layersInInference: layersOf(inference, observation) }),
      };
    },
  };

  function layersOf(observation: Observation, ofTraining: Observation): SeenLayer[] {
    const health = healthOf(task.spec.activation, observation, { units: task.spec.sizes.slice(1), targetSquare });
    return frameLayersOf(observation, bins, task.spec.activation).map((frame, layer) => ({
      ...frame,
      health: health[layer] as Health,
      gradient: ofTraining.layers[layer]?.gradientNorms.preActivation ?? Number.NaN,
    }));
  }

  function inOwnUnit(predictions: ArrayLike<number>): Float32Array {
    return Float32Array.from(predictions, (prediction) => predictionInOwnUnit(prediction, targets));
  }
}

function digestOf({ tensors }: ArmState): string {
  return shortDigestOfText([...tensors.values()].map(({ data }) => shortDigest(data)).join(""));
}

/** The rate of update `update` + 1. */
export function rateAfter(rates: readonly Rate[], update: number): number {
  return rates.findLast(({ from }) => from <= update)?.rate ?? 0;
}

/** The last update up to which two lists of rates make the same states; undefined where they are the same throughout. */
function firstUnlike(one: readonly Rate[], other: readonly Rate[]): number | undefined {
  const changes = [...one, ...other].map(({ from }) => from).sort((a, b) => a - b);
  return changes.find((from) => rateAfter(one, from) !== rateAfter(other, from));
}
