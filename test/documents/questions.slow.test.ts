import { expect, test } from "vitest";
import { sharedRun } from "../cli/shared-run.js";
import { readDocument } from "./findings.js";

const rows = [
  ...readDocument("docs/questions.md").matchAll(/^\| `npx bn-compare ([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm),
];

/** A row takes up to a minute; `QUESTIONS=all` tries every one. */
const tried = process.env["QUESTIONS"] === "all" ? rows : rows.filter((_, place) => place % 8 === 7);

test("there are rows", () => expect(rows.length).toBe(16));

test.each(tried.map(([, command = "", plain = "", bn = ""]) => ({ command, plain, bn })))(
  "$command ends as docs/questions.md says",
  async ({ command, plain, bn }) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plainWord]) => quoted ?? plainWord ?? "");
    const { exitCode, stdout } = await sharedRun(...words);
    expect(exitCode).toBe(0);
    for (const [arm, said] of [
      ["plain", plain],
      ["bn", bn],
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
