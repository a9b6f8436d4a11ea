import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvText } from "../../src/output/csv-text.js";

test("a text that a spreadsheet would run as a formula is text; numbers and all other texts come back as they are", () => {
  const cells = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r\n=1",
    "-Infinity",
    -1.5,
    "a=b",
    "x-y",
    'a,"b"\nc',
    null,
  ];
  const back: string[][] = parse(
    csvText(
      [{ name: "cell", type: "text", description: "" }],
      cells.map((cell) => ({ cell })),
    ),
    { from_line: 2, skip_empty_lines: false },
  );
  const expected = [
    "'=1+1",
    "'+1",
    "'-1+2",
    "'@SUM(A1)",
    "' =1",
    "'\t=1",
    "'\r\n=1",
    "-Infinity",
    "-1.5",
    "a=b",
    "x-y",
    'a,"b"\nc',
  ];
  expect(back.map(([cell]) => cell).slice(0, expected.length)).toEqual(expected);
});
