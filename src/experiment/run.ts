import { fitGrid } from "../data/dataset.js";
import type { Points } from "../data/points.js";
import type { ArmState, Engine, EngineArm } from "../engines/engine.js";
import { anchorsOf } from "../metrics/anchors.js";
import { binsFor } from "../metrics/bins.js";
import { type Checkpoint, checkpointOf } from "../metrics/checkpoint.js";
import { type Statistic, statistic, statistics } from "../metrics/statistic.js";
import { initialTensors } from "../model/initialisers.js";
import { digestOf } from "../model/tensors.js";
import { type ArmHistory, trainArm } from "../training/loop.js";
import { VERSION } from "../version.js";
import type { Experiment } from "./prepare.js";
import { type ArmResult, type Result, type ResultData, SCHEMA_VERSION } from "./result.js";

/** At most this many points are drawn and kept in the result. */
const DRAWN_POINTS = 2500;
/** Points at which a fit over one input column is evaluated. */
const GRID_POINTS = 201;

/** What happens while an experiment runs. */
export interface RunEvents {
  readonly progress?: (arm: string, update: number, cost: number | undefined) => void;
  readonly signal?: AbortSignal;
}

/** A state kept for `--save-weights`. */
export interface SavedState extends ArmState {
  readonly arm: string;
}

/** Trains every arm, side by side, and collects the result. The same experiment and engine give the same result. */
export async function runExperiment(
  experiment: Experiment,
  engine: Engine,
  events: RunEvents = {},
): Promise<{ result: Result; saved: SavedState[] }> {
  const { dataset, weights, schedule } = experiment;
  const data = drawnData(
    dataset.training,
    dataset.hasTestPoints ? dataset.evaluation.samples : dataset.training.samples,
    dataset.noise !== undefined,
  );
  const saved: SavedState[] = [];

  const runArm = async ([name, spec]: [string, Experiment["arms"][string]]) => {
    const tensors = initialTensors(weights, spec.sizes, spec.normalization);
    const { training, evaluation } = dataset;
    const arm = engine.createArm({
      spec,
      initial: { update: 0, tensors },
      training,
      evaluation,
      batchSize: experiment.batchSize,
    });
    try {
      const bins = binsFor(spec, training);
      const history = await trainArm(arm, schedule, {
        checkpoint: (observation, state) => {
          if (experiment.saveWeights) saved.push({ arm: name, ...state() });
          return checkpointOf(observation, bins);
        },
        progress: (update, cost) => events.progress?.(name, update, cost),
        ...(events.signal === undefined ? {} : { signal: events.signal }),
      });
      const pairing = { kernels: digestOf(tensors, ".kernel"), biases: digestOf(tensors, ".bias") };
      return { name, pairing, record: armResult(history, () => predictions(arm, data, dataset.training)) };
    } finally {
      arm.dispose();
    }
  };
  const arms = await Promise.all(Object.entries(experiment.arms).map(runArm));

  const result: Result = {
    schemaVersion: SCHEMA_VERSION,
    config: { ...experiment.config, engine: engine.info.name, backend: engine.info.backend },
    engine: {
      name: engine.info.name,
      backend: engine.info.backend,
      version: { "bn-compare": VERSION, ...engine.info.libraries },
    },
    pairing: { ...dataset.digests, arms: Object.fromEntries(arms.map(({ name, pairing }) => [name, pairing])) },
    anchors: anchorsOf(dataset),
    data,
    arms: Object.fromEntries(arms.map(({ name, record }) => [name, record])),
  };
  return { result, saved };
}

function armResult(history: ArmHistory<Checkpoint>, predict: () => Statistic[]): ArmResult {
  const costs = history.costs.map(({ update, train, inference }) => ({
    update,
    train,
    inference: inference === null ? null : statistic(inference),
  }));
  const record = { costs, checkpoints: [...history.checkpoints] };
  if (history.divergence !== undefined) return { status: "diverged", ...record, divergence: history.divergence };
  const last = costs.at(-1);
  if (last === undefined || last.inference === null) throw new Error("a trained arm has no final cost");
  return { status: "trained", ...record, final: { train: last.train, inference: last.inference }, fit: predict() };
}

/** The training points that the pictures show, evenly thinned. */
function drawnData(training: Points, evaluationSamples: number, generated: boolean): ResultData {
  const { samples, inputs } = training;
  const step = Math.max(1, Math.ceil(samples / DRAWN_POINTS));
  const indices = Array.from({ length: Math.ceil(samples / step) }, (_, i) => i * step);
  const pick = (values: Float32Array) => indices.map((i) => values[i] as number);
  return {
    inputs,
    trainingSamples: samples,
    evaluationSamples,
    ...(generated ? { truth: "x² − 5" } : {}),
    drawn: inputs === 1 ? { x: pick(training.x), y: pick(training.y) } : { y: pick(training.y) },
    ...(inputs === 1 ? { grid: Array.from(fitGrid(training, GRID_POINTS)) } : {}),
  };
}

/** Predictions in inference mode on the grid, or on the drawn points where there is more than one input column. */
function predictions(arm: EngineArm, data: ResultData, training: Points): Statistic[] {
  const { inputs, samples, x } = training;
  if (data.grid !== undefined) {
    return statistics(arm.predict({ samples: data.grid.length, inputs, x: Float32Array.from(data.grid) }));
  }
  const step = Math.max(1, Math.ceil(samples / DRAWN_POINTS));
  const all = arm.predict({ samples, inputs, x });
  return statistics(Array.from(all).filter((_, i) => i % step === 0));
}
