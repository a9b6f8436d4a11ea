import { formatJson } from "./json.js";

/** A Vega-Lite specification as JSON that people can read and change: each row of its data stands on one line. */
export function formatSpec(spec: object): string {
  return formatJson(spec, { rowsIn: ["values", "datasets"] });
}
