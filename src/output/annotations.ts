import { type WorkflowCommand, workflowCommand } from "../text/workflow-command.js";
import { decisionText, findingLines } from "./check-text.js";
import type { Checks } from "./formats/format.js";

/** How GitHub marks a run: one command a gate that did not pass. */
export function annotations({ reports, warns }: Pick<Checks, "reports" | "warns">): WorkflowCommand[] {
  return reports.flatMap((report) =>
    report.decisions
      .filter(({ outcome }) => outcome !== "pass")
      .map((decision) => {
        const level = decision.outcome === "inconclusive" && warns ? "warning" : "error";
        const title = `${report.experiment}: ${decision.quantity}`;
        const file = `${report.folder}/experiment.yaml`;
        return workflowCommand(level, { file, title }, [decisionText(decision), ...findingLines(report)]);
      }),
  );
}
