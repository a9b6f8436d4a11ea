import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";
import { describe, expect, test } from "vitest";
import { fitted, openTerminal } from "../../src/output/terminal.js";
import { fittingTable } from "../../src/text/screen-table.js";
import { inProcess } from "../cli/in-process.js";

const WIDTHS = Array.from({ length: 181 }, (_, i) => 20 + i);
const SENTENCE =
  "With BN the final error is about a sixth of the plain net's (90 against 519, in inference mode). 莫烦教程对比 — runs/data-relu-0123456789abcdef/report.html";

async function said(columns: number, line: string, isTTY = true): Promise<string> {
  let text = "";
  const stream = {
    isTTY,
    columns,
    write(part: string, done: () => void) {
      text += part;
      done();
    },
  };
  const { terminal, settled } = openTerminal(stream, stream, {});
  terminal.say(line);
  await settled();
  return text;
}

/** Lines that are too wide though they have a place to break. */
const tooWide = (text: string, columns: number) =>
  stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => stringWidth(line) > columns && /\S \S/.test(line.trim()));

describe("text on a terminal", () => {
  test("breaks between words at every width from 20 to 200, and loses none", async () => {
    for (const columns of WIDTHS) {
      const text = await said(columns, SENTENCE);
      expect(tooWide(text, columns), String(columns)).toEqual([]);
      expect(text.split(/\s+/).filter(Boolean)).toEqual(SENTENCE.split(/\s+/));
    }
  });

  test("has no space at the start or the end of a broken line, also where it is bold", () => {
    for (const columns of WIDTHS) {
      const text = fitted(`\u001b[1m${SENTENCE}\u001b[22m`, { isTTY: true, columns, write: () => true });
      const lines = stripVTControlCharacters(text).split("\n");
      expect(lines.join(" "), String(columns)).toBe(SENTENCE);
    }
  });

  test("keeps its lines where it fits and where nothing is known of a width", async () => {
    expect(await said(200, `  ${SENTENCE}`)).toBe(`  ${SENTENCE}\n`);
    expect(await said(20, SENTENCE, false)).toBe(`${SENTENCE}\n`);
  });

  test("help breaks between words as well", async () => {
    for (const columns of [20, 33, 47, 60, 80, 110]) {
      const { stdout } = await inProcess(["run", "--help"], { columns });
      expect(tooWide(stdout, columns), String(columns)).toEqual([]);
    }
  });
});

describe("a table with names in any script", () => {
  const rows = {
    head: ["arm", "cost"],
    rows: [
      ["莫烦教程对比", "1"],
      ["plain", "23"],
    ],
    left: 1,
  };

  test("has its columns under each other as they are seen", () => {
    const lines = stripVTControlCharacters(fittingTable(rows, 80).text).split("\n");
    expect(lines.map((line) => stringWidth(line))).toEqual([18, 18, 18]);
  });

  test("becomes blocks where it is seen to be wider than the terminal", () => {
    // Two columns of 12 and 4, each with two spaces: 20.
    expect(stripVTControlCharacters(fittingTable(rows, 20).text).split("\n")).toHaveLength(3);
    expect(stripVTControlCharacters(fittingTable(rows, 19).text)).toContain("arm   莫烦教程对比");
  });
});
