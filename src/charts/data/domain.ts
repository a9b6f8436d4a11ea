import { datasetNamed } from "../../data/datasets/index.js";
import type { Result } from "../../record/result.js";
import { extentOf } from "../log-axis.js";
import { shortened } from "../text-metrics.js";
import { nameText } from "../wording.js";

export type Domain = readonly [low: number, high: number];

/** Around the data, as a share of their range: so a fit far away is cut instead of pressing the data flat. */
const MARGIN = 0.08;

/** How much of an axis its title may take up: an offset of the labels follows the name. */
const TITLE_SHARE = 0.7;

/** Names of the axes, each for an axis of that many px; on given data those of the columns. */
export function columnNames(
  { data: { columns } }: Result,
  axes = { width: 400, height: 400 },
): { x: string; y: string } {
  const named = (name = "", length: number) => shortened(nameText(name), TITLE_SHARE * length, 12, true);
  return columns === undefined
    ? { x: "x", y: "y" }
    : { x: named(columns.inputs[0], axes.width), y: named(columns.target, axes.height) };
}

/** What the axes hold; no x with several input columns. */
export function dataDomains({ config, data: { drawn, grid, truth } }: Result): {
  readonly x?: Domain;
  readonly y: Domain;
} {
  if (drawn.x === undefined || grid === undefined) return { y: domainAround(drawn.y, MARGIN) };
  const target = truth === undefined ? undefined : datasetNamed(config.dataset)?.target;
  const curve = target === undefined ? [] : grid.map((x) => target([x]));
  return { x: domainAround([...drawn.x, ...grid], 0.02), y: domainAround([...drawn.y, ...curve], MARGIN) };
}

function domainAround(values: readonly number[], margin: number): Domain {
  const extent = extentOf(values);
  if (extent === undefined) return [0, 1];
  const [low, high] = extent;
  const room = (high - low) * margin || Math.abs(high) * margin || 1;
  return [low - room, high + room];
}
