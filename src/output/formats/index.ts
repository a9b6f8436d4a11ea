import { animation } from "./animation.js";
import { csv } from "./csv.js";
import { digests } from "./digests.js";
import type { RunFormat } from "./format.js";
import { inputs } from "./inputs.js";
import { png } from "./png.js";
import { record } from "./record.js";
import { report } from "./report.js";
import { summary } from "./summary.js";
import { svg } from "./svg.js";
import { vega } from "./vega.js";
import { weights } from "./weights.js";

/** Every kind of file that a run writes, in the order in which a run folder's files are listed. */
export const RUN_FORMATS: readonly RunFormat[] = [
  record,
  svg,
  vega,
  png,
  csv,
  summary,
  report,
  animation,
  digests,
  inputs,
  weights,
];
