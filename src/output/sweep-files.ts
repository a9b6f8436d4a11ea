import { existsSync } from "node:fs";
import { join } from "node:path";
import { drawn } from "../charts/picture.js";
import { sweepCharts } from "../charts/sweep/index.js";
import { writeWholeFile } from "../files/whole-file.js";
import type { Sweep } from "../record/sweep.js";
import { sweepPage } from "../report/sweep-page.js";
import { cellFolder, SWEEP_PAGE } from "../sweep/outline.js";
import { sweepTables } from "../tables/sweep.js";
import { csvText } from "./csv-text.js";
import { REPORT_FILE } from "./formats/report.js";
import { pointRows } from "./sweep-text.js";

/** Writes what people read of a sweep beside its `sweep.json`: the page, pictures and tables. The same cells give the same. */
export async function writeSweepFiles(store: string, sweep: Sweep): Promise<void> {
  for (const table of sweepTables(sweep))
    writeWholeFile(join(store, `${table.name}.csv`), csvText(table.columns, table.rows(sweep)));
  const pictures = [];
  for (const chart of sweepCharts(sweep)) pictures.push(await drawn(chart));
  for (const { name, file } of pictures) writeWholeFile(join(store, `${name}.svg`), file);
  const reportOf = (cell: string) =>
    existsSync(join(cellFolder(store, cell), REPORT_FILE)) ? `runs/${cell}/${REPORT_FILE}` : undefined;
  writeWholeFile(join(store, SWEEP_PAGE), sweepPage({ sweep, pictures, table: pointRows(sweep), reportOf }));
}
