import type { RunFormat } from "./format.js";

/** The files that the run was given: without them it could not be repeated. */
export const inputs: RunFormat = {
  names: ["inputs"],
  from: "run",
  files: ({ experiment }) => experiment.inputs,
};
