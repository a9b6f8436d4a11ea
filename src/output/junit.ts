import XMLBuilder from "fast-xml-builder";
import type { CheckReport } from "../check/check.js";
import { visible } from "../text/excerpt.js";
import { removeControls } from "../text/xml.js";
import { decisionText, findingLines, OUTCOME_TEXT } from "./check-text.js";

/**
 * JUnit XML as GitHub's reporters, GitLab and Jenkins read it: a suite an experiment, a case a gated quantity. What is
 * inconclusive is a failure, or skipped where it only warns.
 */
export function junitOf(reports: readonly CheckReport[], inconclusiveWarns: boolean): string {
  const suites = reports.map((report) => suiteOf(report, inconclusiveWarns));
  const sum = (key: "@_tests" | "@_failures") => suites.reduce((total, suite) => total + suite[key], 0);
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    format: true,
    indentBy: "  ",
    suppressEmptyNode: true,
    // Or an experiment of the name "true" has an attribute without a value.
    suppressBooleanAttributes: false,
  });
  const body = builder.build({
    testsuites: {
      "@_name": "bn-compare check",
      "@_tests": sum("@_tests"),
      "@_failures": sum("@_failures"),
      "@_errors": 0,
      testsuite: suites,
    },
  });
  return removeControls(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

function suiteOf(report: CheckReport, inconclusiveWarns: boolean) {
  const experiment = visible(report.experiment);
  const findings = findingLines(report).map(visible);
  const cases = report.decisions.map((decision) => {
    const sentence = visible(decisionText(decision));
    const head = { "@_classname": `bn-compare.${experiment}`, "@_name": visible(decision.quantity), "@_time": "0" };
    const skipped = decision.outcome === "inconclusive" && inconclusiveWarns;
    if (decision.outcome === "pass") return head;
    if (skipped) return { ...head, skipped: { "@_message": sentence } };
    return {
      ...head,
      failure: {
        "@_type": OUTCOME_TEXT[decision.outcome],
        "@_message": sentence,
        "#text": [sentence, ...findings].join("\n"),
      },
    };
  });
  return {
    "@_name": experiment,
    "@_tests": cases.length,
    "@_failures": cases.filter((entry) => "failure" in entry).length,
    "@_errors": 0,
    "@_skipped": cases.filter((entry) => "skipped" in entry).length,
    "@_time": "0",
    testcase: cases,
    "system-out": findings.join("\n"),
  };
}
