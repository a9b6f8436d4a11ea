import type { Result } from "../record/result.js";
import type { Cell, Row, Table } from "../tables/table.js";
import { armStyles } from "./theme.js";

/** Rows of tables by the name under which specs refer to them. */
export type DataSets = Readonly<Record<string, readonly Row[]>>;

/** Gives a record's tables as charts encode them, each made once. */
export type DataSource = (tables: readonly Table[]) => DataSets;

export function dataSource(record: Result): DataSource {
  const labels = armLabels(Object.keys(record.arms));
  const made = new Map<string, readonly Row[]>();
  return (tables) =>
    Object.fromEntries(
      tables.map((table) => {
        const rows = made.get(table.name) ?? drawableRows(table, record, labels);
        made.set(table.name, rows);
        return [table.name, rows];
      }),
    );
}

/** What arms are called in charts, by their names. */
export function armLabels(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(armStyles(names).map(({ name, label }) => [name, label]));
}

/** Arms are named by their labels, and what is not a finite number is null. */
export function drawableRows<Source>(
  { columns, rows }: Table<Source>,
  source: Source,
  labels: ReadonlyMap<string, string>,
): readonly Row[] {
  const arms = columns.filter(({ type }) => type === "arm").map(({ name }) => name);
  const numbers = columns.filter(({ type }) => type === "number").map(({ name }) => name);
  // Every call makes rows of its own, which nobody else holds.
  const all = [...rows(source)] as Record<string, Cell>[];
  for (const row of all) {
    for (const arm of arms) row[arm] = labels.get(row[arm] as string) ?? row[arm] ?? null;
    for (const number of numbers) if (typeof row[number] === "string") row[number] = null;
  }
  return all;
}
