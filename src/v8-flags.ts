import { setFlagsFromString } from "node:v8";

/* Flags of V8 that make short runs faster and smaller; they hold for what is loaded and started after this file. */

const major = Number(process.versions.node.split(".", 1)[0]);

/** What is young stays small, MB: with V8's own limit a run takes more memory and no less time. */
const YOUNG = "--max-semi-space-size=4";

/**
 * V8 of Node 20 compiles what has run a little with its optimizing compiler, which takes more time than most of our code
 * then runs: with six times the budget before that, a run takes less. Later versions wait by themselves.
 */
export const V8_FLAGS: readonly string[] = major === 20 ? [YOUNG, "--interrupt-budget=800000"] : [YOUNG];

for (const flag of V8_FLAGS) setFlagsFromString(flag);
