import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERDICT_RULES } from "../../src/metrics/verdict-rules.js";
import { verdictRules } from "../../src/report/sections.js";

const PAGE = readFileSync(new URL("../../docs/verdicts.md", import.meta.url), "utf8");

test("the table of verdicts in docs/verdicts.md is that of the code, in its order", () => {
  const [, table = ""] = PAGE.split("| verdict | a layer has it when |\n|---|---|\n");
  const [rows = ""] = table.split("\n<!-- end -->");
  expect(rows.split("\n")).toEqual(
    VERDICT_RULES.map(({ verdict, when }) => `| ${verdict} | ${when.replaceAll("|", "\\|")} |`),
  );
});

test("the report's table has the same rows, and what is none of them", () => {
  expect(verdictRules({}).rows.slice(0, -1)).toEqual(VERDICT_RULES.map(({ verdict, when }) => [verdict, when]));
  expect(verdictRules({}).rows.at(-1)?.[0]).toBe("healthy");
});
