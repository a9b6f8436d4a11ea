import type { CheckReport } from "../../check/check.js";
import { ownEntry } from "../../record/own-entry.js";
import type { Statistic } from "../../record/values.js";
import { t } from "../../text/language.js";
import { type Markdown, markdown, markdownTable } from "../../text/markdown.js";
import { numberText } from "../../text/numbers.js";
import type { Rows } from "../../text/rows.js";
import { decisionRows, decisionText, findingLines, OUTCOME_TEXT } from "../check-text.js";
import type { CheckFormat, Checks } from "./format.js";

const MARKS = { pass: "✅", regression: "❌", inconclusive: "❔" } as const;

/** Updates at which the curves are written out, at most. */
const CURVE_POINTS = 6;

/** A report for a pull request or a job's summary. */
export const markdownReport: CheckFormat = {
  flag: "markdown",
  help: t`write a report in Markdown`,
  content: async (checks) => checkMarkdown(checks).text,
};

export function checkMarkdown({ reports, pictures }: Pick<Checks, "reports" | "pictures">): Markdown {
  const sections = reports.map((report) => {
    const { experiment, outcome, decisions } = report;
    const files = (pictures.get(report) ?? []).map((file) => markdown`<code>${file}</code>`);
    return [
      markdown`## ${MARKS[outcome]} ${experiment}: ${OUTCOME_TEXT[outcome]}`,
      markdownTable(decisionRows(report)),
      markdown.joined(
        findingLines(report).map((line) => markdown`- ${line}`),
        "\n",
      ),
      ...decisions.filter((decision) => decision.outcome !== "pass").map(decisionText),
      markdown`<details><summary>Cost curves, baseline and now (first seed)</summary>\n\n${markdownTable(curveRows(report))}\n\n</details>`,
      ...(files.length === 0 ? [] : [markdown`Pictures among the artifacts: ${markdown.joined(files, ", ")}`]),
    ];
  });
  return markdown`${markdown.joined(sections.flat(), "\n\n")}\n`;
}

/** Cost at some updates, `baseline → now` where they differ. */
function curveRows({ costs }: CheckReport): Rows {
  const updates = chosen([
    ...new Set(Object.values(costs.current).flatMap((curve) => curve.map(({ update }) => update))),
  ]);
  return {
    head: [t`arm`, ...updates.map((update) => t`update ${update}`)],
    rows: Object.keys({ ...costs.baseline, ...costs.current }).map((arm) => [
      arm,
      ...updates.map((update) => {
        const at = (curve: CheckReport["costs"]["current"][string] | undefined): Statistic | undefined =>
          curve?.find((entry) => entry.update === update)?.train;
        const [before, now] = [at(ownEntry(costs.baseline, arm)), at(ownEntry(costs.current, arm))].map((value) =>
          value === undefined ? "–" : numberText(value),
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
