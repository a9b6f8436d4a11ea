import Table from "cli-table3";
import { shortNumber } from "../experiment/findings.js";
import type { ArmResult, Result } from "../experiment/result.js";
import type { Statistic } from "../metrics/statistic.js";
import type { Rows } from "../text/rows.js";

const HEADINGS = ["arm", "status", "start, train", "start, inference", "end, train", "end, inference"] as const;

/** One row an arm: status and costs at the start and the end in both modes. */
function costRows(result: Result): string[][] {
  return Object.entries(result.arms).map(([name, arm]) => {
    const first = arm.costs[0];
    const final = arm.status === "trained" ? arm.final : undefined;
    return [
      name,
      statusOf(arm),
      cell(first?.train),
      cell(first?.inference),
      cell(final?.train),
      cell(final?.inference),
    ];
  });
}

/** The same as rows under headings. */
export function costTableRows(result: Result): Rows {
  return { head: HEADINGS, rows: costRows(result), left: 2 };
}

function statusOf(arm: ArmResult): string {
  return arm.status === "trained" ? "trained" : `diverged at update ${arm.divergence.update}`;
}

function cell(value: Statistic | null | undefined): string {
  if (value === null) return "– (no averages yet)";
  return value === undefined ? "–" : shortNumber(value);
}

/** What the costs are to be read against, one line each. */
export function anchorLines({ anchors }: Result): string[] {
  const lines = [`predicting the mean costs ${shortNumber(anchors.predictMean)}`];
  if (anchors.noiseFloor !== undefined && anchors.realisedNoise !== undefined) {
    lines.unshift(
      `noise floor ${shortNumber(anchors.noiseFloor)} (realised on these points: ${shortNumber(anchors.realisedNoise)})`,
    );
  }
  return lines;
}

/** Marks headings and names. */
export type Emphasis = (text: string) => string;

/** The table for a terminal of that many columns; one block a row where the rows do not fit. */
export function fittingTable({ head, rows, left }: Rows, columns: number, emphasis: Emphasis): string {
  const widths = head.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] as string).length)));
  if (widths.reduce((sum, width) => sum + width + 2, 0) > columns) {
    const label = Math.max(...head.map((heading) => heading.length));
    const block = (row: readonly string[]) =>
      row.map((value, i) => `${(head[i] as string).padEnd(label)}  ${i === 0 ? emphasis(value) : value}`);
    return rows.map((row) => block(row).join("\n")).join("\n\n");
  }
  return plainTable(
    head.map((heading) => emphasis(heading)),
    rows,
    head.map((_, i) => (i < left ? "left" : "right")),
  );
}

/** A table without lines, two spaces between its columns. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: readonly ("left" | "right")[],
): string {
  const none = Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
      .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"])
      .map((place) => [place, ""]),
  );
  const table = new Table({
    head: [...head],
    chars: { ...none, middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: [...alignment],
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/ +$/gm, "");
}
