import { formatJson } from "../../files/json.js";
import type { Timing } from "../../record/timing.js";
import type { RunFormat } from "./format.js";

/** The numbers: what was run and what came out, and beside it how long that took, which no two runs share. */
export const record: RunFormat = {
  names: ["result.json", "timing.json"],
  from: "run",
  files: ({ finished, milliseconds }) =>
    new Map([
      ["result.json", formatJson(finished.result)],
      ["timing.json", formatJson({ node: process.version, milliseconds } satisfies Timing)],
    ]),
};
