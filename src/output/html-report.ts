import type { Pictures } from "../charts/index.js";
import type { Result } from "../record/result.js";
import { reportPage } from "../report/report-page.js";
import type { RunTables } from "../report/tables.js";
import { effectNote, effectRows, momentumLine, roundingLines, seedRows } from "./evidence.js";
import { certificateRows, differenceLines, GAP_NOTE, gapRows, verdictRows } from "./inspection.js";
import { costTableRows, referenceLines } from "./table.js";

/** `report.html` of a run, with the tables that the terminal shows. */
export function htmlReportOf(result: Result, pictures: Pictures): string {
  return reportPage(result, pictures, tablesOf(result));
}

/** A run's rows, as the terminal has them. */
export function tablesOf(result: Result): RunTables {
  const [seeds, effects] = [seedRows(result), effectRows(result)];
  return {
    finals: costTableRows(result),
    referenceCosts: referenceLines(result),
    ...(seeds === undefined ? {} : { seeds }),
    ...(effects === undefined ? {} : { effects: { table: effects, note: effectNote(result) } }),
    rounding: roundingLines(result),
    verdicts: verdictRows(result),
    gaps: { table: gapRows(result), note: GAP_NOTE },
    momentum: momentumLine(result),
    certificate: certificateRows(result),
    differences: differenceLines(result),
  };
}
