import type { Digest } from "../data/digest.js";
import type { Points } from "../data/points.js";
import type { ArmState, Engine, EngineInfo } from "../engines/engine.js";
import { binsFor } from "../metrics/bins.js";
import { checkpointOf } from "../metrics/checkpoint.js";
import { statistic, statistics } from "../metrics/statistic.js";
import { initialTensors } from "../model/initialisers.js";
import type { NetworkSpec } from "../model/network.js";
import { digestOf, type TensorMap } from "../model/tensors.js";
import { trainArm } from "../training/loop.js";
import type { Schedule } from "../training/schedule.js";
import { type ArmDigests, startDigests } from "./digests.js";
import type { ArmResult } from "./result.js";

/** One arm to train, whole: plain data, so that it can be sent to another thread or process. */
export interface ArmJob {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly weights: TensorMap;
  readonly training: Points;
  readonly evaluation: Points;
  readonly batchSize: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  readonly saveWeights: boolean;
  /** Where the trained arm's predictions are wanted. */
  readonly fitAt: Omit<Points, "y">;
}

/** What an arm's training gave. */
export interface ArmOutcome {
  /** SHA-256 of the kernels and biases that the engine's arm held before the first update. */
  readonly initial: { readonly kernels: Digest; readonly biases: Digest };
  readonly record: ArmResult;
  /** Absent where the engine's bytes repeat nowhere for certain. */
  readonly digests?: ArmDigests;
  /** The state at each checkpoint, with `--save-weights`. */
  readonly saved: readonly ArmState[];
}

export type ArmProgress = (update: number, cost: number | undefined) => void;

/** Something that trains arms. The numbers do not hang on how many at once. */
export interface ArmRunner {
  readonly info: EngineInfo;
  run(job: ArmJob, progress: ArmProgress, signal?: AbortSignal): Promise<ArmOutcome>;
  close(): Promise<void>;
}

/** Trains one arm in this thread. */
export async function runArm(
  engine: Engine,
  job: ArmJob,
  progress: ArmProgress = () => {},
  signal?: AbortSignal,
): Promise<ArmOutcome> {
  const { spec, training, evaluation, batchSize } = job;
  const initial = { update: 0, tensors: initialTensors(job.weights, spec.sizes, spec.normalization) };
  const arm = engine.createArm({ spec, initial, training, evaluation, batchSize });
  try {
    const held = arm.state().tensors;
    const initialDigests = { kernels: digestOf(held, ".kernel"), biases: digestOf(held, ".bias") };
    const bins = binsFor(spec, training);
    const saved: ArmState[] = [];
    const digests = engine.info.reproducible === "no" ? undefined : startDigests(job.schedule.updates);
    const history = await trainArm(arm, job.schedule, {
      ...(digests === undefined ? {} : { state: digests.add }),
      checkpoint: (observation, state) => {
        if (job.saveWeights) saved.push(state());
        return checkpointOf(observation, bins);
      },
      progress,
      ...(signal === undefined ? {} : { signal }),
    });
    const costs = history.costs.map(({ update, train, inference }) => ({
      update,
      train,
      inference: inference === null ? null : statistic(inference),
    }));
    const record = { costs, checkpoints: [...history.checkpoints] };
    const { divergence } = history;
    const common = {
      initial: initialDigests,
      saved,
      ...(digests === undefined ? {} : { digests: digests.collected() }),
    };
    if (divergence !== undefined) return { ...common, record: { status: "diverged", ...record, divergence } };
    const last = costs.at(-1);
    if (last === undefined || last.inference === null) throw new Error("a trained arm has no final cost");
    const final = { train: last.train, inference: last.inference };
    const fit = statistics(arm.predict(job.fitAt));
    return { ...common, record: { status: "trained", ...record, final, fit } };
  } finally {
    arm.dispose();
  }
}
