import type { Cell, Row, Table } from "../tables/table.js";
import { once } from "./once.js";
import { armsOf, isSingle, type Runs } from "./runs.js";

/** Rows of tables by the name under which specs refer to them. */
export type DataSets = Readonly<Record<string, readonly Row[]>>;

/** Gives the tables of records as charts encode them, each made once. */
export type DataSource = (tables: readonly Table[]) => DataSets;

/** Rows of several records have their `run`; tables of the data that these have in common come from the first. */
export const dataSource = once((runs: Runs): DataSource => {
  const labels = armLabels(runs);
  const made = new Map<string, readonly Row[]>();
  const rowsOf = (table: Table): readonly Row[] => {
    const [{ result }] = runs;
    if (isSingle(runs) || table.isOfData) return drawableRows(table, result, labels);
    return runs.flatMap(({ label, result }) =>
      drawableRows(table, result, labels).map((row) => ({ run: label, ...row })),
    );
  };
  return (tables) =>
    Object.fromEntries(
      tables.map((table) => {
        const rows = made.get(table.name) ?? rowsOf(table);
        made.set(table.name, rows);
        return [table.name, rows];
      }),
    );
});

/** What arms are called in charts, by their names. */
export function armLabels(runs: Runs): ReadonlyMap<Cell, string> {
  return new Map(armsOf(runs).map(({ name, label }) => [name, label]));
}

/** Arms are named by their labels, and what is not a finite number is null. */
export function drawableRows<Source>(
  { columns, rows }: Table<Source>,
  source: Source,
  labels: ReadonlyMap<Cell, string>,
): readonly Row[] {
  const arms = columns.filter(({ type }) => type === "arm").map(({ name }) => name);
  const numbers = columns.filter(({ type }) => type === "number").map(({ name }) => name);
  return [...rows(source)].map((row) => {
    const made: Record<string, Cell> = { ...row };
    for (const arm of arms) made[arm] = labels.get(row[arm] ?? null) ?? row[arm] ?? null;
    for (const number of numbers) if (typeof made[number] === "string") made[number] = null;
    return made;
  });
}
