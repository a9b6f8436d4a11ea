import { expect, test } from "vitest";
import { sharedRun } from "../cli/shared-run.js";
import { readDocument } from "./findings.js";

const document = readDocument("docs/questions.md");
const rows = [...document.matchAll(/^\| `npx bn-compare ([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];

/** A row takes up to a minute; `QUESTIONS=all` tries every one. */
const tried = process.env["QUESTIONS"] === "all" ? rows : rows.filter((_, place) => place % 8 === 7);

test("there are twelve questions, each with rows and one sentence in front of them", () => {
  const questions = document.split("\n## ").slice(1);
  expect(questions).toHaveLength(12);
  for (const question of questions) {
    const [, answer = ""] = question.split("\n\n");
    expect(answer).toMatch(/^[A-Z][^|]+\.$/);
    expect(question).toContain("| `npx bn-compare run ");
  }
  expect(rows).toHaveLength(28);
});

test.each(tried.map(([, command = "", plain = "", bn = ""]) => ({ command, plain, bn })))(
  "$command ends as docs/questions.md says",
  async ({ command, plain, bn }) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plainWord]) => quoted ?? plainWord ?? "");
    const { exitCode, stdout } = await sharedRun(...words);
    expect(exitCode).toBe(0);
    for (const [arm, said] of [
      ["plain", plain],
      // Another normalizer's arm has its name.
      ["(?!plain)[a-z]+(?: \\d+)?", bn],
    ] as const) {
      const [cost = "", accuracy] = said.trim().split(", ");
      // Columns are apart by two blanks; numbers and their signs by a narrow one.
      const [line = ""] = new RegExp(`^${arm} +(?:trained|diverged).*$`, "m").exec(stdout) ?? [];
      const cells = line.replaceAll("\u00a0", " ").split(/ {2,}/);
      expect(cells[4]).toBe(cost);
      if (accuracy !== undefined) expect(cells[6]).toBe(accuracy);
    }
  },
);
