import { CHARTS } from "../../charts/index.js";
import type { RunFormat } from "./format.js";

/** The pictures. */
export const svg: RunFormat = {
  names: CHARTS.map(({ name }) => svgName(name)),
  wanted: ({ chartFormat }) => chartFormat !== "vega",
  from: "record",
  files: ({ pictures }) => new Map([...pictures].map(([name, { file }]) => [svgName(name), file])),
};

export function svgName(chart: string): string {
  return `${chart}.svg`;
}
