import { EXIT, ExpectedError } from "../errors.js";
import { setUpTensorFlow } from "./tensorflow.js";

// `npm run setup:tensorflow`: see tensorflow.ts.
const abort = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => abort.abort());
const say = (line: string) => void process.stderr.write(`${line}\n`);
try {
  const { version, folder, stepMs } = await setUpTensorFlow({ say, signal: abort.signal });
  process.stdout.write(`TensorFlow ${version} is ready in ${folder} (one step: ${stepMs.toFixed(1)} ms)\n`);
} catch (error) {
  if (abort.signal.aborted) {
    say("Interrupted; nothing half done is left. What was downloaded is kept for the next try.");
    process.exitCode = EXIT.interrupted;
  } else if (error instanceof ExpectedError) {
    say(`error: ${error.message}`);
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
