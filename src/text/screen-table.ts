import stringWidth from "fast-string-width";
import { Safe } from "./medium.js";
import type { Rows } from "./rows.js";
import { bold, type Line, type ScreenText, screen } from "./screen.js";

/** The table for a terminal of that many columns; one block a row where the rows do not fit. */
export function fittingTable({ head, rows, left }: Rows, columns: number): ScreenText {
  const widths = head.map((heading, i) =>
    Math.max(stringWidth(heading), ...rows.map((row) => stringWidth(screen`${row[i]}`.text))),
  );
  if (widths.reduce((sum, width) => sum + width + 2, 0) > columns) {
    const label = Math.max(...head.map((heading) => heading.length));
    const block = (row: readonly string[]) =>
      row.map((value, i) => screen`${(head[i] as string).padEnd(label)}  ${i === 0 ? bold(value) : value}`);
    return screen.joined(
      rows.map((row) => screen.joined(block(row), "\n")),
      "\n\n",
    );
  }
  return plainTable(
    head.map((heading) => bold(heading)),
    rows,
    head.map((_, i) => (i < left ? "left" : "right")),
  );
}

/** A table without lines, two spaces between its columns. */
export function plainTable(
  head: readonly Line[],
  rows: readonly (readonly Line[])[],
  alignment: readonly ("left" | "right")[],
): ScreenText {
  const lines = [head, ...rows].map((line) => line.map((cell) => screen`${cell}`.text));
  const widths = alignment.map((_, i) => Math.max(...lines.map((line) => stringWidth(line[i] ?? ""))));
  const padded = (text: string, i: number) => {
    const space = " ".repeat((widths[i] ?? 0) - stringWidth(text));
    return alignment[i] === "left" ? text + space : space + text;
  };
  return new Safe("terminal", lines.map((line) => line.map(padded).join("  ").trimEnd()).join("\n"));
}
