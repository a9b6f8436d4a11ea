import type { CheckReport } from "../../check/check.js";
import { visible } from "../../text/excerpt.js";
import { t } from "../../text/language.js";
import { type Xml, xml } from "../../text/xml.js";
import { decisionText, findingLines } from "../check-text.js";
import type { CheckFormat, Checks } from "./format.js";

/** JUnit XML as GitHub's reporters, GitLab and Jenkins read it. */
export const junit: CheckFormat = {
  flag: "junit",
  help: t`write a JUnit file, one case a gate`,
  content: async (checks) => junitOf(checks),
};

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly element: Xml;
}

/** A suite an experiment, a case a gated quantity. What is inconclusive is a failure, or skipped where it only warns. */
export function junitOf({ reports, warns }: Pick<Checks, "reports" | "warns">): string {
  const suites = reports.map((report) => suiteOf(report, warns));
  const sum = (key: "tests" | "failures") => suites.reduce((total, suite) => total + suite[key], 0);
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bn-compare check" tests="${sum("tests")}" failures="${sum("failures")}" errors="0">
${suites.map(({ element }) => element)}</testsuites>
`.text;
}

function suiteOf(report: CheckReport, warns: boolean): Suite {
  const { decisions } = report;
  const experiment = visible(report.experiment);
  const findings = findingLines(report).map(visible);
  const skips = decisions.filter(({ outcome }) => outcome === "inconclusive" && warns);
  const fails = decisions.filter((decision) => decision.outcome !== "pass" && !skips.includes(decision));
  const cases = decisions.map((decision) => {
    const sentence = visible(decisionText(decision));
    const content = fails.includes(decision)
      ? xml`<failure type="${decision.outcome.toUpperCase()}" message="${sentence}">${[sentence, ...findings].join("\n")}</failure>`
      : skips.includes(decision)
        ? xml`<skipped message="${sentence}"/>`
        : undefined;
    return xml`    <testcase classname="bn-compare.${experiment}" name="${visible(decision.quantity)}" time="0">${content}</testcase>\n`;
  });
  const [tests, failures] = [decisions.length, fails.length];
  const element = xml`  <testsuite name="${experiment}" tests="${tests}" failures="${failures}" errors="0" skipped="${skips.length}" time="0">
${cases}    <system-out>${findings.join("\n")}</system-out>
  </testsuite>
`;
  return { tests, failures, element };
}
