/** The library: what the command does, without files, terminal and exit codes, for programs. */
export { type CheckOptions, check } from "./api/check.js";
export { readRun } from "./api/read-run.js";
export { renderChart, renderReport } from "./api/render.js";
export { type RunOptions, run } from "./api/run.js";
export type { CheckReport } from "./check/check.js";
export type { Settings } from "./config/keys.js";
export { ExpectedError } from "./errors.js";
export type { ArmStep } from "./experiment/run.js";
export type { Result } from "./record/result.js";
