import { formatJson } from "../../files/json.js";
import type { RunFormat } from "./format.js";

/** What each arm's state was after its updates, in short, so that `verify` can say where two runs part. */
export const digests: RunFormat = {
  names: ["digests.json"],
  from: "run",
  files: ({ finished }) =>
    new Map(finished.digests === undefined ? [] : [["digests.json", formatJson(finished.digests)]]),
};
