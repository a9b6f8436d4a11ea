import type { CheckReport } from "../check/check.js";
import { shortNumber } from "../experiment/findings.js";
import type { Statistic } from "../metrics/statistic.js";
import { decisionRows, decisionText, findingLines, OUTCOME_TEXT } from "./check-text.js";
import { markdownTable, type Rows } from "./table.js";

const MARKS = { pass: "✅", regression: "❌", inconclusive: "❔" } as const;

/** Updates at which the curves are written out, at most. */
const CURVE_POINTS = 6;

/** A check for a pull request or a job's summary. `artefacts` names the files that belong to each report. */
export function checkMarkdown(
  reports: readonly CheckReport[],
  artefacts: (report: CheckReport) => readonly string[] = () => [],
): string {
  return reports
    .map((report) => {
      const { experiment, outcome, decisions } = report;
      const files = artefacts(report);
      return [
        `## ${MARKS[outcome]} ${experiment}: ${OUTCOME_TEXT[outcome]}`,
        markdownTable(decisionRows(report)),
        findingLines(report)
          .map((line) => `- ${line}`)
          .join("\n"),
        ...decisions.filter((decision) => decision.outcome !== "pass").map(decisionText),
        `<details><summary>Cost curves, baseline and now (first seed)</summary>\n\n${markdownTable(curveRows(report))}\n\n</details>`,
        ...(files.length === 0
          ? []
          : [`Pictures among the artefacts: ${files.map((file) => `\`${file}\``).join(", ")}`]),
      ].join("\n\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** Cost at some updates, `baseline → now` where they differ. */
function curveRows({ costs }: CheckReport): Rows {
  const updates = chosen([
    ...new Set(Object.values(costs.current).flatMap((curve) => curve.map(({ update }) => update))),
  ]);
  return {
    head: ["arm", ...updates.map((update) => `update ${update}`)],
    rows: Object.keys({ ...costs.baseline, ...costs.current }).map((arm) => [
      arm,
      ...updates.map((update) => {
        const at = (curve: CheckReport["costs"]["current"][string] | undefined): Statistic | undefined =>
          curve?.find((entry) => entry.update === update)?.train;
        const [before, now] = [at(costs.baseline[arm]), at(costs.current[arm])].map((value) =>
          value === undefined ? "–" : shortNumber(value),
        );
        return before === now ? String(now) : `${before} → ${now}`;
      }),
    ]),
    left: 1,
  };
}

function chosen(updates: readonly number[]): number[] {
  const sorted = [...updates].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil((sorted.length - 1) / (CURVE_POINTS - 1)));
  return sorted.filter((_, i) => i % step === 0 || i === sorted.length - 1);
}

/** Workflow commands by which GitHub marks a run: one line a gate that did not pass. */
export function annotations(reports: readonly CheckReport[], inconclusiveWarns: boolean): string[] {
  return reports.flatMap((report) =>
    report.decisions
      .filter(({ outcome }) => outcome !== "pass")
      .map((decision) => {
        const level = decision.outcome === "inconclusive" && inconclusiveWarns ? "warning" : "error";
        const title = `${report.experiment}: ${decision.quantity}`;
        const text = [decisionText(decision), ...findingLines(report)].join("\n");
        const file = `file=${escapeProperty(`${report.folder}/experiment.yaml`)}`;
        return `::${level} ${file},title=${escapeProperty(title)}::${escapeData(text)}`;
      }),
  );
}

/** As GitHub reads them: https://docs.github.com/actions, workflow commands. */
function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
