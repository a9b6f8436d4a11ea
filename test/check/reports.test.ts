import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { CheckReport } from "../../src/check/check.js";
import { annotations } from "../../src/output/annotations.js";
import { decisionText } from "../../src/output/check-text.js";
import { junitOf } from "../../src/output/formats/junit.js";
import { checkMarkdown } from "../../src/output/formats/markdown.js";
import { reportFixture } from "./report-fixture.js";

const report = (name: string, outcome: CheckReport["outcome"] = "regression") => reportFixture(outcome, name);

const HOSTILE = `a|b<"'&>\u0007]]>`;

test("a decision's sentence has every number that it rests on", () => {
  const [, decision] = report("x").decisions;
  if (decision === undefined) throw new Error("no decision");
  expect(decisionText(decision)).toBe(
    "REGRESSION bn.train: 80 in the baseline, 90 now; mean difference +10 (+8 to +12), 95\u00a0% interval over 10 seeds, ±0.5 of it for rounding, tolerance 5 % = 4. The difference is beyond the tolerance.",
  );
});

describe("JUnit", () => {
  const parsed = (xml: string) => new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites;

  test("has a suite an experiment and a case a gate, and counts them", () => {
    const xml = junitOf({ reports: [report("one"), report("two", "pass")], warns: false });
    expect(XMLValidator.validate(xml)).toBe(true);
    const suites = parsed(xml);
    expect(suites).toMatchObject({ "@_tests": "4", "@_failures": "1", "@_errors": "0" });
    expect(suites.testsuite.map((suite: Record<string, unknown>) => suite["@_name"])).toEqual(["one", "two"]);
    const [, failed] = suites.testsuite[0].testcase;
    expect(failed).toMatchObject({ "@_classname": "bn-compare.one", "@_name": "bn.train" });
    expect(failed.failure["#text"]).toContain("first different state: update 1, bn, layer 3, layers.2.kernel");
    expect(failed.failure["#text"]).toContain("cause: the code");
  });

  test("skips what is undecided where that only warns, and fails it elsewhere", () => {
    const [warned, failed] = [true, false].map((warns) =>
      parsed(junitOf({ reports: [report("x", "inconclusive")], warns })),
    );
    expect(warned.testsuite).toMatchObject({ "@_failures": "0", "@_skipped": "1" });
    expect(failed.testsuite).toMatchObject({ "@_failures": "1", "@_skipped": "0" });
  });

  test("is sound with hostile names", () => {
    const xml = junitOf({ reports: [report(HOSTILE)], warns: false });
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).not.toContain("\u0007");
  });
});

describe("Markdown", () => {
  test("has the table, the sentence, the curves and the pictures' names", () => {
    const x = report("x");
    const text = checkMarkdown({
      reports: [x],
      pictures: new Map([[x, ["runs/check/x/costs-against-baseline.svg"]]]),
    }).text;
    expect(text).toContain("## ❌ x: REGRESSION");
    expect(text).toContain("| bn.train | REGRESSION | 80 | 90 | +10 (+8 to +12) | 5 % = 4 |");
    expect(text).toContain("| bn | 1000 | 80 → 90 |");
    expect(text).toContain("<code>runs/check/x/costs-against-baseline.svg</code>");
  });
});

test("annotations escape what GitHub reads as its own", () => {
  const lines = annotations({ reports: [report("a:b,c")], warns: false }).map(({ text }) => text);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^::error file=experiments\/a%3Ab%2Cc\/experiment\.yaml,title=a%3Ab%2Cc%3A bn\.train::REGRESSION bn\.train: /,
  );
  expect(lines[0]).toContain("5\u00a0%25");
  expect(lines[0]).not.toContain("\n");
  expect(annotations({ reports: [report("x", "inconclusive")], warns: true })[0]?.text).toMatch(/^::warning /);
});
