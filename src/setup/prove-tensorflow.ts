import "../text/spoken.js";
import type { Scalar } from "@tensorflow/tfjs-core";
import { loadNativeTensorFlow, type NativeTensorFlow } from "../engines/native-tensorflow.js";
import { EXIT } from "../errors.js";
import { t } from "../text/language.js";

/*
 * Run by the setup in a process of its own: trains one step on the native TensorFlow in the folder named in argv and
 * prints what it measured as one line of JSON.
 */
const folder = process.argv[2] as string;
const native: NativeTensorFlow = loadNativeTensorFlow([folder]);
if (!native.ok) {
  process.stderr.write(`${native.reason}\n`);
  process.exit(EXIT.unavailable);
}
const { tf } = native;
await tf.setBackend("tensorflow");
const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
const y = tf.tensor2d([1, 0, 1], [3, 1]);
const weights = tf.variable(tf.tensor2d([0.1, -0.2], [2, 1]));
const loss = () => tf.mean(tf.square(tf.sub(tf.matMul(x, weights), y))) as Scalar;
const start = performance.now();
const before = tf.train.sgd(0.01).minimize(loss, true)?.dataSync()[0] ?? Number.NaN;
const stepMs = performance.now() - start;
const after = loss().dataSync()[0] ?? Number.NaN;
if (!(after < before)) {
  process.stderr.write(t`one training step did not lower the loss: ${before} before, ${after} after\n`);
  process.exit(EXIT.unavailable);
}
process.stdout.write(`${JSON.stringify({ version: native.version, before, after, stepMs })}\n`);
