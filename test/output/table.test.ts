import { describe, expect, test, vi } from "vitest";
import type { Result } from "../../src/record/result.js";

// Set before anything is imported, as a terminal that asks for colors would.
vi.hoisted(() => {
  process.env["FORCE_COLOR"] = "1";
  delete process.env["NO_COLOR"];
});

import { effectRows, seedRows } from "../../src/output/evidence.js";
import { gapRows, verdictRows } from "../../src/output/inspection.js";
import { costTableRows, referenceLines } from "../../src/output/table.js";
import { markdownTable } from "../../src/text/markdown.js";
import type { Rows } from "../../src/text/rows.js";
import { shown } from "../../src/text/screen.js";
import { fittingTable } from "../../src/text/screen-table.js";
import { makeResult } from "../charts/result-fixture.js";

const plainTable = (rows: Rows, columns: number) => shown(fittingTable(rows, columns), { colors: false });
const ESCAPE = "\u001b";
/** Bold text between stars. */
const starred = (rows: Rows, columns: number) =>
  shown(fittingTable(rows, columns), { colors: true }).replaceAll(`${ESCAPE}[1m`, "*").replaceAll(`${ESCAPE}[22m`, "*");

const WIDE = 200;
const NARROW = 50;

const half = makeResult({ plainDivergesAt: 1 });
const results: Readonly<Record<string, Result>> = {
  trained: makeResult(),
  "plain diverged": half,
  "both diverged at once": makeResult({ plainDivergesAt: 0, bnDivergesAt: 0 }),
};

const costRows = (result: Result) => costTableRows(result).rows;
const costHeadings = costTableRows(half).head;
const costTable = (result: Result, columns: number) => plainTable(costTableRows(result), columns);

const words = (text: string) => text.split(/\s{2,}|\n/).filter((word) => word !== "");

describe("the rows of the table", () => {
  test("say of a trained arm its costs at the start and the end, and that the bn arm has no averages to predict with yet", () => {
    const [plain, bn] = costRows(makeResult());
    expect(plain).toEqual(["plain", "trained", "1070", "1070", "301", "301"]);
    expect(bn).toEqual(["bn", "trained", "– (no averages yet)", "1070", "111", "108"]);
  });

  test("say of a diverged arm where, and leave its end open", () => {
    expect(costRows(half)[0]).toEqual(["plain", "diverged at update 1", "9.9e8", "9.9e8", "–", "–"]);
  });

  test("leave everything open where not even the start has a cost", () => {
    const arm = { ...half.arms["plain"], costs: [] } as Result["arms"][string];
    expect(costRows({ ...half, arms: { ...half.arms, plain: arm } })[0]).toEqual([
      "plain",
      "diverged at update 1",
      "–",
      "–",
      "–",
      "–",
    ]);
  });

  test("have one cost where no arm has two modes", () => {
    const layers = makeResult({ config: { normalizer: "layer" }, seeds: 2 });
    const table = costTableRows(layers);
    expect(table.head).toEqual(["arm", "status", "start", "end"]);
    expect(table.rows[0]).toEqual(["plain", "trained", "1070", "301"]);
    expect(seedRows(layers)?.head).toEqual(["arm", "diverged", "median end", "25–75 %"]);
    expect(seedRows(layers)?.rows[0]).toHaveLength(4);
  });
});

describe.each(Object.entries(results))("the table of a run: %s", (_, result) => {
  test("in a wide terminal has a line of headings and one an arm, columns below each other", () => {
    const lines = costTable(result, WIDE).split("\n");
    expect(lines).toHaveLength(1 + Object.keys(result.arms).length);
    expect(lines.map(words)).toEqual([[...costHeadings], ...costRows(result)]);
    const [headings, ...rows] = lines as [string, ...string[]];
    for (const row of rows) {
      expect(row.indexOf(words(row)[1] as string)).toBe(headings.indexOf("status"));
      expect(row.trimEnd().length).toBe(headings.trimEnd().length);
    }
  });

  test("in a narrow terminal has a block an arm, a line a value", () => {
    const blocks = costTable(result, NARROW).split("\n\n");
    expect(blocks).toHaveLength(Object.keys(result.arms).length);
    for (const [i, row] of costRows(result).entries()) {
      const lines = (blocks[i] as string).split("\n");
      expect(lines.map(words)).toEqual(row.map((value, column) => [costHeadings[column], value]));
    }
  });

  test("never is wider than the terminal, from 40 columns on", () => {
    for (let columns = 40; columns <= WIDE; columns++) {
      for (const line of costTable(result, columns).split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  test("has no colors where none are wanted, even where the environment asks for them", () => {
    for (const columns of [NARROW, WIDE, Number.POSITIVE_INFINITY]) {
      expect(costTable(result, columns)).not.toContain(ESCAPE);
    }
  });
});

test("emphasis is on the headings of a wide table and on the arms' names of a narrow one", () => {
  const headings = starred(costTableRows(half), WIDE).split("\n")[0] as string;
  for (const heading of costHeadings) expect(headings).toContain(`*${heading}*`);
  expect(starred(costTableRows(half), NARROW).match(/\*[^*]+\*/g)).toEqual(["*plain*", "*bn*"]);
});

const seeds = makeResult({
  seeds: 5,
  arms: {
    "no normalization": { divergesAt: (seed) => (seed === 2 ? 3 : undefined) },
    bn: { normalized: true },
    centered: { normalized: true, own: { transform: "center" }, scale: 1.5, against: "bn" },
  },
});

test.each<[string, Rows | undefined]>([
  ["seeds", seedRows(seeds)],
  ["effects", effectRows(seeds)],
  ["verdicts", verdictRows(seeds)],
  ["gaps", gapRows(seeds)],
])("the table of %s is never wider than the terminal, from 60 columns on, and loses no cell", (_, rows) => {
  const { head, rows: cells } = rows as Rows;
  for (let columns = 60; columns <= WIDE; columns++) {
    const table = plainTable(rows as Rows, columns);
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    for (const cell of [head, ...cells].flat()) expect(table).toContain(cell);
  }
});

describe("a table that just fits", () => {
  const rows: Rows = { head: ["arm", "cost"], rows: [["plain", "12"]], left: 1 };

  test("is a table at its width with two spaces behind each column, and a block below it", () => {
    expect(plainTable(rows, 13)).toBe("arm    cost\nplain    12");
    expect(plainTable(rows, 12)).toBe("arm   plain\ncost  12");
  });

  test("has its first columns to the left and the others to the right, in Markdown too", () => {
    expect(markdownTable({ ...rows, left: 2 }).text).toBe("| arm | cost |\n| --- | --- |\n| plain | 12 |");
    expect(markdownTable(rows).text).toBe("| arm | cost |\n| --- | ---: |\n| plain | 12 |");
  });
});

test("a name that is Markdown or HTML stays a name", () => {
  const table = markdownTable({ head: ["arm"], rows: [["<img src=x onerror=a>&|\n\u001b[2Jx"]], left: 1 }).text;
  expect(table.split("\n")[2]).toBe("| &lt;img src=x onerror=a&gt;&amp;\\| \\[2Jx |");
});

describe("what the costs are to be read against", () => {
  test("is the noise floor and predicting the mean", () => {
    expect(referenceLines(makeResult())).toEqual([
      "noise floor 64 (realized on these points: 63.2)",
      "predicting the mean costs 746",
    ]);
  });

  test("is predicting the mean alone on given data", () => {
    expect(referenceLines(makeResult({ inputs: 3 }))).toEqual(["predicting the mean costs 746"]);
  });
});
