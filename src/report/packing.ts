import type { Cell, Row } from "../tables/table.js";
import { PART, type PackedColumn, type PackedTable } from "./payload.js";

/** Digits of a number that is drawn: on a screen they are more than enough. */
const DIGITS = 6;
/** What is shorter is not worth a reference, in values and in characters. */
const LEAST_COPY = 6;
const LEAST_PART = 30;

export function packed(rows: readonly Row[], keep: (column: string) => boolean = () => true): PackedTable {
  const names = Object.keys(rows[0] ?? {}).filter(keep);
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      names.map((name) => [name, packedColumn(rows.map((row) => rounded(row[name] ?? null)))]),
    ),
  };
}

function rounded(value: Cell): Cell {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}

function packedColumn(cells: readonly Cell[]): PackedColumn {
  const known = new Map<Cell, number>();
  for (const cell of cells) if (!known.has(cell)) known.set(cell, known.size);
  const places = cells.map((cell) => known.get(cell) ?? 0);
  const { fresh, copies } = withoutRepeats(places);
  const isText = cells.some((cell) => typeof cell === "string") && known.size < cells.length;
  const values = isText ? places : cells;
  return {
    values: fresh.map((at) => values[at] ?? null),
    ...(copies.length > 0 ? { copies } : {}),
    ...(isText ? { texts: [...known.keys()] } : {}),
  };
}

/** Greedy: at each place the longest repeat of what last began alike, as in LZ77 (Ziv & Lempel 1977). */
function withoutRepeats(cells: readonly number[]) {
  const fresh: number[] = [];
  const copies: [fresh: number, back: number, length: number][] = [];
  const seen = new Map<number, number>();
  let since = 0;
  for (let at = 0; at < cells.length; ) {
    let start = 0;
    // Those that begin differently may have the same number: what is copied is compared.
    for (let next = at; next < at + LEAST_COPY; next += 1)
      start = (Math.imul(start, 1_000_003) + (cells[next] ?? -1)) | 0;
    const before = seen.get(start);
    seen.set(start, at);
    let length = 0;
    if (before !== undefined) {
      while (at + length < cells.length && cells[before + length] === cells[at + length]) length += 1;
    }
    if (before === undefined || length < LEAST_COPY) {
      fresh.push(at);
      since += 1;
      at += 1;
      continue;
    }
    copies.push([since, at - before, length]);
    since = 0;
    at += length;
  }
  return { fresh, copies };
}

/** Specs whose common parts are kept once. */
export function packedSpecs(compiled: readonly object[]): { readonly specs: unknown[]; readonly parts: unknown[] } {
  // As JSON has them: Vega-Lite leaves undefined values.
  const specs = JSON.parse(JSON.stringify(compiled)) as unknown[];
  const counts = new Map<string, number>();
  const count = (node: unknown) => {
    const text = JSON.stringify(node);
    if (text.length < LEAST_PART) return;
    const known = counts.get(text) ?? 0;
    counts.set(text, known + 1);
    // What is in a part is counted once, with it.
    if (known === 0 && typeof node === "object" && node !== null) Object.values(node).forEach(count);
  };
  specs.forEach(count);
  const places = new Map<string, number>();
  const parts: unknown[] = [];
  const pack = (node: unknown): unknown => {
    const text = JSON.stringify(node);
    if ((counts.get(text) ?? 0) < 2) return inside(node);
    const known = places.get(text);
    if (known !== undefined) return { [PART]: known };
    const place = parts.push(undefined) - 1;
    places.set(text, place);
    parts[place] = inside(node);
    return { [PART]: place };
  };
  const inside = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(pack);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, pack(value)]));
  };
  return { specs: specs.map(pack), parts };
}
