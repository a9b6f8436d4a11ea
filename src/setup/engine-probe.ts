import "../text/spoken.js";
import { buildDataset } from "../data/dataset.js";
import type { ArmTask, Engine } from "../engines/engine.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { loadEngine } from "../engines/registry.js";
import { serve } from "../experiment/serve.js";
import { initialTensors, initialWeights } from "../model/initializers.js";

export interface ProbeTask {
  readonly name: EngineName;
  readonly backend?: BackendName;
}

export type ProbeAnswer =
  | { readonly libraries: Readonly<Record<string, string>>; readonly updateMs: number }
  | { readonly failed: readonly string[] };

async function work({ name, backend }: ProbeTask): Promise<ProbeAnswer> {
  try {
    const { engine } = await loadEngine(name, backend);
    return { libraries: engine.info.libraries, updateMs: measureUpdate(engine) };
  } catch (error) {
    return { failed: (error as Error).message.split("\n") };
  }
}

/** The faster of a few updates of the tutorial's bn arm, after one that is not counted; ms. */
function measureUpdate(engine: Engine): number {
  const sizes = [1, 30, 30, 30, 30, 30, 30, 30, 1];
  const normalization = { epsilon: 0.001, decay: 0.5, debias: false };
  const { training } = buildDataset({ kind: "parabola", samples: 500, testSamples: 0, noise: 8 }, 1, false);
  const weights = initialWeights(sizes, { init: "normal", initStd: 1 }, 1);
  const task: ArmTask = {
    spec: { sizes, activation: "relu", learningRate: 0.001, normalization },
    initial: { update: 0, tensors: initialTensors(weights, { sizes, normalization }) },
    training,
    batchSize: training.samples,
    evaluation: training,
  };
  const arm = engine.createArm(task);
  arm.advance(1);
  let best = Number.POSITIVE_INFINITY;
  for (let update = 2; update <= 4; update++) {
    const start = performance.now();
    arm.advance(update);
    best = Math.min(best, performance.now() - start);
  }
  arm.dispose();
  return Number(best.toPrecision(3));
}

serve(work);
