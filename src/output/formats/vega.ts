import { CHARTS } from "../../charts/index.js";
import { formatJson } from "../../files/json.js";
import type { RunFormat } from "./format.js";

const nameOf = (chart: string): string => `${chart}.vl.json`;

/** The pictures as Vega-Lite specifications that stand alone, for people to change and other tools to draw. */
export const vega: RunFormat = {
  names: CHARTS.map(({ name }) => nameOf(name)),
  wanted: ({ chartFormat = "svg" }) => chartFormat !== "svg",
  from: "record",
  async files({ pictures }) {
    const { specFile } = await import("../../charts/picture.js");
    return new Map([...pictures].map(([name, picture]) => [nameOf(name), formatSpec(specFile(picture))]));
  },
};

/** A specification as JSON that people can read and change: each row of its data stands on one line. */
export function formatSpec(spec: object): string {
  return formatJson(spec, { rowsIn: ["values", "datasets"] });
}
