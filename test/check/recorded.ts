import { makeBaseline } from "../../src/check/update.js";
import { loadConfiguration } from "../../src/config/load.js";
import type { ArmState, Engine, EngineArm } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { type ArmRunner, runArm } from "../../src/experiment/arm.js";
import { type Experiment, prepareExperiment } from "../../src/experiment/prepare.js";
import { runExperiment } from "../../src/experiment/run.js";
import { type Stepper, stepWith } from "../../src/experiment/step.js";
import { readSafetensors } from "../../src/model/safetensors.js";
import type { Tensor, TensorMap } from "../../src/model/tensors.js";
import type { Baseline } from "../../src/record/baseline.js";

/** Small, with states kept at updates 0, 5, 10 and 15 of 20. */
const SMALL = { samples: 40, hiddenLayers: 3, width: 6, updates: 20, histogramEvery: 5, seeds: 2, quiet: true };

/** An experiment, its baseline and the engine that made it. */
export interface Recorded {
  readonly experiment: Experiment;
  readonly engine: Engine;
  readonly baseline: Baseline;
  readonly bytes: Uint8Array;
  readonly recordedStates: TensorMap;
}

/** Runs a small experiment in this thread and makes its baseline. */
export async function record(flags: Readonly<Record<string, unknown>> = {}): Promise<Recorded> {
  const experiment = prepareExperiment(loadConfiguration(undefined, { ...SMALL, activation: "tanh", ...flags }));
  const { engine } = await loadEngine(experiment.engine.name, experiment.engine.backend);
  const finished = await runExperiment({ ...experiment, saveWeights: true }, runnerOf(engine));
  const { baseline, recordedStates } = await makeBaseline(experiment, experiment.seeds, finished, {
    info: engine.info,
    step: stepperOf(engine),
  });
  return {
    experiment,
    engine,
    baseline,
    bytes: recordedStates,
    recordedStates: readSafetensors(recordedStates, "recordedStates").tensors,
  };
}

/** Makes steps in this thread. */
export function stepperOf(engine: Engine): Stepper {
  return async (task) => stepWith(engine, task);
}

/** Trains one arm after the other in this thread. */
export function runnerOf(engine: Engine): ArmRunner {
  return {
    info: engine.info,
    slots: 1,
    run: (job, progress, signal) => runArm(engine, job, progress, signal),
    close: async () => {},
  };
}

/** Where a changed engine's step ended, from where it began. */
type Change = (tensor: string, step: { readonly from: number; readonly to: number }, update: number) => number;

/** The engine with what its single updates give changed, number by number. */
export function changedEngine(engine: Engine, change: Change): Engine {
  return {
    ...engine,
    createArm(task): EngineArm {
      const arm = engine.createArm(task);
      const moved = (state: ArmState): ArmState => ({
        ...state,
        tensors: new Map([...state.tensors].map(([name, tensor]) => [name, stepOf(name, tensor, state.update)])),
      });
      const stepOf = (name: string, { shape, data }: Tensor, update: number): Tensor => {
        const start = task.initial.tensors.get(name)?.data ?? [];
        const values = Array.from(data, (to, i) => change(name, { from: start[i] as number, to }, update));
        return { shape, data: Float32Array.from(values) };
      };
      return Object.assign(Object.create(arm) as EngineArm, {
        state: () => moved(arm.state()),
        advance: (target: number) => arm.advance(target),
        costs: () => arm.costs(),
        dispose: () => arm.dispose(),
      });
    },
  };
}
