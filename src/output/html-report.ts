import type { Pictures } from "../charts/index.js";
import type { Result } from "../record/result.js";
import { type NamedRun, namedRuns } from "../report/named-runs.js";
import { reportPage } from "../report/page.js";
import type { RunTables } from "../report/tables.js";
import { effectNote, effectRows, momentumLine, roundingLines, seedRows } from "./evidence.js";
import { certificateRows, differenceLines, GAP_NOTE, gapRows, verdictRows } from "./inspection.js";
import { costTableRows, referenceLines } from "./table.js";

/** `report.html` of a run, whose pictures may be drawn already. */
export function htmlReportOf(result: Result, pictures?: Pictures): Promise<string> {
  return pageOf(namedRuns([{ name: "", result }]), pictures);
}

/** Several runs on one page. */
export function comparisonOf(runs: readonly NamedRun[]): Promise<string> {
  return pageOf(runs);
}

/** A page with the tables that the terminal shows. */
function pageOf(runs: readonly NamedRun[], pictures?: Pictures): Promise<string> {
  return reportPage(
    runs.map((run) => ({ ...run, tables: tablesOf(run.result) })),
    pictures,
  );
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
