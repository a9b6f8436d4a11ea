// An arm of some engine, warm and ready to be timed.
import { initialTensors } from "../build/model/initializers.js";
import { benchmarkTask, flopPerUpdate } from "./task.mjs";
import { imageExperiment } from "./tutorial.mjs";

/** Long enough for the clock, for V8 to reach its optimized code, and to be worth a message between processes. */
const WARM_MS = 200;
const BURST_MS = 30;

/** The four arms of the tutorial's comparison, in the order shown. */
export const ARMS = ["relu", "tanh"].flatMap((activation) => [false, true].map((bn) => ({ bn, activation })));

export const armName = ({ bn, activation }) => `${bn ? "bn" : "plain"} ${activation}`;

export const flopOf = (options) => {
  const { spec, batchSize, training } = benchmarkTask(options);
  return flopPerUpdate(spec.sizes, Math.min(batchSize, training.samples));
};

/** An arm of the preset of images, which a tiny rate keeps as it is. */
function imageTask(name) {
  const { arms, draw, batchSize } = imageExperiment({ learningRate: 1e-6 });
  const { dataset, weightsOf } = draw(1);
  const { spec } = arms[name];
  const initial = { update: 0, tensors: initialTensors(weightsOf(arms[name]), spec) };
  return { spec, initial, training: dataset.training, evaluation: dataset.evaluation, batchSize };
}

/** `measure` trains a burst and returns ms per update by a clock of ms. */
export function openArm(engine, options, clock = () => performance.now()) {
  const arm = engine.createArm(options.images === undefined ? benchmarkTask(options) : imageTask(options.images));
  const advance = (updates) => {
    const start = clock();
    const { status } = arm.advance(arm.update + updates);
    // A diverged arm makes no updates, and would look infinitely fast.
    if (status !== "reached") throw new Error(`the benchmark's arm ${options.images ?? armName(options)} diverged`);
    return (clock() - start) / updates;
  };
  const start = performance.now();
  let burst = 1;
  let ms = advance(1);
  while (performance.now() - start < WARM_MS) {
    ms = advance(burst);
    // A clock of CPU time may stand still during a short burst.
    burst = ms > 0 ? Math.max(1, Math.round(BURST_MS / ms)) : 2 * burst;
  }
  return { measure: () => advance(burst), dispose: () => arm.dispose() };
}
