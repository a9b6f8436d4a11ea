import { parentPort, workerData } from "node:worker_threads";
import { FIELD_TARGETS } from "./field-targets.mjs";
import { randomOf } from "./random.mjs";
import { folderFor, TARGETS } from "./targets.mjs";

/**
 * Reads cases `first`, `first + 1`, … of one target, and says of each when it starts, so that the parent sees one that does
 * not end. A case is its number and the seed: nothing of the cases before it is needed to repeat it.
 */
const { name, root, seed, first, cases, drawings, clock } = workerData;
const progress = new Float64Array(clock);
const target = await { ...TARGETS, ...FIELD_TARGETS }[name]?.(folderFor(root, name), { drawings });
if (target === undefined) throw new Error(`there is no target ${name}`);

let [refused, passed, largest] = [0, 0, 0];
for (let number = first; number < first + cases; number++) {
  progress[0] = number;
  const random = randomOf(seed * 1_000_003 + number);
  try {
    target.write(random, number);
    await target.read(random);
    passed++;
  } catch (error) {
    // The name, since the class may be another copy's.
    if (/** @type {any} */ (error)?.name === "ExpectedError" && /** @type {any} */ (error).exitCode !== 70) refused++;
    else {
      parentPort?.postMessage({ failure: { number, stack: String(/** @type {any} */ (error)?.stack ?? error) } });
    }
  }
  if (number % 50 === 0) largest = Math.max(largest, process.memoryUsage.rss());
}
progress[0] = -1;
parentPort?.postMessage({ done: { refused, passed, largest } });
