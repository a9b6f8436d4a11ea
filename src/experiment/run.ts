import { fitGrid } from "../data/dataset.js";
import type { Points } from "../data/points.js";
import type { ArmState } from "../engines/engine.js";
import { anchorsOf } from "../metrics/anchors.js";
import { VERSION } from "../version.js";
import type { ArmJob, ArmRunner } from "./arm.js";
import type { RunDigests } from "./digests.js";
import type { Experiment } from "./prepare.js";
import { type Result, type ResultData, SCHEMA_VERSION } from "./result.js";

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

/** Everything a run found. */
export interface FinishedRun {
  readonly result: Result;
  /** Absent where the engine's bytes repeat nowhere for certain. */
  readonly digests?: RunDigests;
  readonly saved: readonly SavedState[];
}

/** Trains every arm, side by side, and collects the result. The same experiment and engine give the same result. */
export async function runExperiment(
  experiment: Experiment,
  runner: ArmRunner,
  events: RunEvents = {},
): Promise<FinishedRun> {
  const { dataset, weights } = experiment;
  const { training, evaluation } = dataset;
  const drawn = drawnIndices(training.samples);
  const grid = training.inputs === 1 ? fitGrid(training, GRID_POINTS) : undefined;
  const fitAt = grid === undefined ? inputsAt(training, drawn) : { samples: grid.length, inputs: 1, x: grid };

  const arms = await Promise.all(
    Object.entries(experiment.arms).map(async ([name, spec]) => {
      const { batchSize, schedule, saveWeights } = experiment;
      const job: ArmJob = { name, spec, weights, training, evaluation, batchSize, schedule, saveWeights, fitAt };
      const progress = (update: number, cost: number | undefined) => events.progress?.(name, update, cost);
      return { name, ...(await runner.run(job, progress, events.signal)) };
    }),
  );

  const { info } = runner;
  const pick = (values: Float32Array) => drawn.map((i) => values[i] as number);
  const data: ResultData = {
    inputs: training.inputs,
    trainingSamples: training.samples,
    evaluationSamples: evaluation.samples,
    ...(dataset.noise === undefined ? {} : { truth: "x² − 5" }),
    drawn: { ...(grid === undefined ? {} : { x: pick(training.x) }), y: pick(training.y) },
    ...(grid === undefined ? {} : { grid: Array.from(grid) }),
  };
  const result: Result = {
    schemaVersion: SCHEMA_VERSION,
    config: { ...experiment.config, engine: info.name, backend: info.backend },
    engine: { name: info.name, backend: info.backend, version: { "bn-compare": VERSION, ...info.libraries } },
    pairing: { ...dataset.digests, arms: Object.fromEntries(arms.map(({ name, initial }) => [name, initial])) },
    anchors: anchorsOf(dataset),
    data,
    arms: Object.fromEntries(arms.map(({ name, record }) => [name, record])),
  };
  const digests = arms.flatMap(({ name, digests }) => (digests === undefined ? [] : [[name, digests] as const]));
  const found = digests.length === 0 ? {} : { digests: Object.fromEntries(digests) };
  return {
    result,
    ...found,
    saved: arms.flatMap(({ name, saved }) => saved.map((state) => ({ arm: name, ...state }))),
  };
}

/** Every training point, or an even choice of them. */
function drawnIndices(samples: number): number[] {
  const step = Math.ceil(samples / DRAWN_POINTS);
  return Array.from({ length: Math.ceil(samples / step) }, (_, i) => i * step);
}

function inputsAt({ inputs, x }: Points, indices: readonly number[]): Omit<Points, "y"> {
  const chosen = indices.flatMap((i) => [...x.subarray(i * inputs, (i + 1) * inputs)]);
  return { samples: indices.length, inputs, x: Float32Array.from(chosen) };
}
