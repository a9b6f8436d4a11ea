import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTable, type TableChoice } from "../../src/data/csv.js";
import { EXIT, ExpectedError } from "../../src/errors.js";

const bytesOf = (content: string | Uint8Array) => (typeof content === "string" ? Buffer.from(content) : content);
const read = (content: string | Uint8Array, choice?: TableChoice) => readTable(bytesOf(content), "points.csv", choice);
const caseFile = (name: string) => readFileSync(new URL(`cases/${name}`, import.meta.url));

function refusal(content: string | Uint8Array, choice?: TableChoice): string {
  try {
    read(content, choice);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.usage);
    return (error as ExpectedError).message;
  }
  throw new Error("nothing was refused");
}

/** Names and numbers of a table, row by row with the target last. */
function contents(content: string | Uint8Array, choice?: TableChoice) {
  const { points, inputs, target, notices } = read(content, choice);
  const rows = [...points.y].map((y, i) => [...points.x.subarray(i * points.inputs, (i + 1) * points.inputs), y]);
  return { names: [...inputs, target], rows, notice: notices.join("\n").replace("points.csv: ", "") };
}

const utf16 = (text: string) => Buffer.from(text, "utf16le");

describe("points in the plainest form are read without a word", () => {
  test.each([
    ["with columns x,y", "x,y\n1,2\n3,-4.5\n"],
    ["without a newline at the end", "x,y\n1,2\n3,-4.5"],
    ["with the columns the other way round", "y,x\n2,1\n-4.5,3\n"],
    ["with a byte order mark", "\ufeffx,y\n1,2\n3,-4.5\n"],
    ["with a byte order mark in front of a quote", '\ufeff"x","y"\n1,2\n3,-4.5\n'],
    ["with Windows' line ends", "x,y\r\n1,2\r\n3,-4.5\r\n"],
    ["with line ends of old Macs", "x,y\r1,2\r3,-4.5\r"],
    ["with line ends of every kind", "x,y\r\n1,2\n3,-4.5\r"],
    ["with the end-of-file mark of DOS", "x,y\r\n1,2\r\n3,-4.5\r\n\u001a"],
    ["with spaces around the values", " x , y\n 1 ,2 \n3, -4.5\n"],
    ["with empty lines", "x,y\n\n1,2\n\n3,-4.5\n\n"],
    ["with rows of empty cells, as spreadsheets leave them", "x,y\n1,2\n,\n3,-4.5\n,\n,\n"],
    ["with quotes and exponents", '"x","y"\n"1",20e-1\n3e0,"-4.5"\n'],
    ["with signs, points at either end and a minus sign of typesetters", "x,y\n+1.,.2e1\n3,\u22124.5\n"],
    ["with a delimiter behind the last value", "x,y,\n1,2,\n3,-4.5,\n"],
    ["with a delimiter behind the last value of the data alone", "x,y\n1,2,\n3,-4.5,\n"],
    ["with a delimiter behind the header alone", "x,y,\n1,2\n3,-4.5\n"],
    ["with comments above", "# measured in May\n#\nx,y\n1,2\n3,-4.5\n"],
    ["with a comment for a header, as NumPy writes it", "# x,y\n1,2\n3,-4.5\n"],
  ])("%s", (_, text) => {
    expect(contents(text)).toEqual({
      names: ["x", "y"],
      rows: [
        [1, 2],
        [3, -4.5],
      ],
      notice: "",
    });
  });

  test("several inputs in any order of columns come as x1, x2, x3", () => {
    expect(contents("x3,y,x1,x2\n3,10,1,2\n6,20,4,5\n")).toEqual({
      names: ["x1", "x2", "x3", "y"],
      rows: [
        [1, 2, 3, 10],
        [4, 5, 6, 20],
      ],
      notice: "",
    });
  });

  test("every float32 number comes back as it was written", () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (rows) => {
        const { x, y } = read(["x,y", ...rows.map(([x, y]) => `${x},${y}`)].join("\n")).points;
        expect([...x]).toEqual(rows.map(([value]) => value + 0));
        expect([...y]).toEqual(rows.map(([, value]) => value + 0));
      }),
    );
  });
});

describe("points as programs write them are read, and what was taken is said", () => {
  test.each<[string, string | Uint8Array, string[], number[], string]>([
    ["upper case", "X,Y\n1,2\n", ["X", "Y"], [1, 2], 'target "Y", input "X"'],
    ["names, the target last", "size,rooms,price\n1,2,3\n", ["size", "rooms", "price"], [1, 2, 3], "(the last column)"],
    ["y in the middle", "a,y,b\n1,2,3\n", ["a", "b", "y"], [1, 3, 2], 'target "y", inputs "a", "b"'],
    ["years as names", "2019,2020,y\n1,2,3\n", ["2019", "2020", "y"], [1, 2, 3], 'inputs "2019", "2020"'],
    ["no header", "1,2\n3,4\n", ["x", "y"], [1, 2], 'no header; target "y", input "x"'],
    ["no header, three columns", "1,2,3\n", ["x1", "x2", "y"], [1, 2, 3], 'no header; target "y", inputs "x1", "x2"'],
    ["semicolons", "a;b\n1.5;2\n", ["a", "b"], [1.5, 2], "columns separated by semicolons"],
    ["decimal commas", "a;b\n1,5;2,25e1\n", ["a", "b"], [1.5, 22.5], "separated by semicolons, decimal commas"],
    ["decimal commas, no header", "1,5;2,25\n3,5;4\n", ["x", "y"], [1.5, 2.25], "decimal commas, no header"],
    ["tabs", "x\ty\n1\t2\n", ["x", "y"], [1, 2], "columns separated by tabs"],
    ["tabs and decimal commas", "x\ty\n1,5\t2\n", ["x", "y"], [1.5, 2], "separated by tabs, decimal commas"],
    ["vertical bars", "x|y\n1|2\n", ["x", "y"], [1, 2], "separated by vertical bars"],
    ["columns aligned with spaces", "x    y\n 1.5   2\n10   3\n", ["x", "y"], [1.5, 2], "separated by spaces"],
    ["sep=", "sep=;\r\na;b\r\n1;2\r\n", ["a", "b"], [1, 2], "columns separated by semicolons"],
    ["sep= in quotes", '"sep=\t"\na\tb\n1\t2\n', ["a", "b"], [1, 2], "columns separated by tabs"],
    ["a delimiter in a quoted name", '"a, b";c\n1;2\n', ["a, b", "c"], [1, 2], 'input "a, b"'],
    ["pandas' index", ",x,y\n0,5,6\n1,7,8\n", ["x", "y"], [5, 6], "without a name is left out: it counts 0, 1, 2 …"],
    ["pandas' index, read again", "Unnamed: 0,x,y\n0,5,6\n1,7,8\n", ["x", "y"], [5, 6], '"Unnamed: 0" is left out'],
    ["pandas' index and numbers as names", ",0,1\n0,5,6\n", ["0", "1"], [5, 6], "is left out"],
    ["# as a name", "#,hp,y\n1,2,3\n2,3,4\n", ["#", "hp", "y"], [1, 2, 3], 'inputs "#", "hp"'],
    [
      "UTF-16 of Windows",
      utf16("\ufeffx\ty\r\n1\t2\r\n"),
      ["x", "y"],
      [1, 2],
      "UTF-16 text, columns separated by tabs",
    ],
    ["UTF-16, big-endian", utf16("\ufeffx,y\n1,2\n").swap16(), ["x", "y"], [1, 2], "UTF-16 text; target"],
    ["UTF-16 without a mark", utf16("x,y\n1,2\n"), ["x", "y"], [1, 2], "UTF-16 text; target"],
    ["Windows-1252", Buffer.from("größe,y\n1,2\n", "latin1"), ["größe", "y"], [1, 2], "Windows-1252 text"],
    ["gzip", gzipSync("x;y\n1;2\n"), ["x", "y"], [1, 2], "gzip, columns separated by semicolons"],
    ["UTF-16 in gzip", gzipSync(utf16("\ufeffx,y\n1,2\n")), ["x", "y"], [1, 2], "gzip, UTF-16 text"],
  ])("%s", (_, content, names, firstRow, notice) => {
    const found = contents(content);
    expect(found.names).toEqual(names);
    expect(found.rows[0]).toEqual(firstRow);
    expect(found.notice).toContain(notice);
  });

  test("winequality.csv: semicolons, quoted names, the target last", () => {
    expect(contents(caseFile("winequality.csv"))).toEqual({
      names: ["fixed acidity", "volatile acidity", "citric acid", "quality"],
      rows: [[7.4, 0.7, 0, 5].map(Math.fround), [7.8, 0.88, 0, 5].map(Math.fround)],
      notice:
        'columns separated by semicolons; target "quality" (the last column), inputs "fixed acidity", "volatile acidity", "citric acid"',
    });
  });

  test("utf16.csv and pandas-index.csv are the same forty points", () => {
    expect(contents(caseFile("utf16.csv")).rows).toHaveLength(40);
    const [one, other] = ["utf16.csv", "pandas-index.csv"].map((name) => read(caseFile(name)));
    expect(one?.points).toEqual(other?.points);
    expect(one?.reading).toEqual({ encoding: "UTF-16", delimiter: "tab", decimalMark: ".", header: true, unused: [] });
  });

  test("a headerless first column that counts is data", () => {
    expect(contents("0,5\n1,6\n2,7\n").rows[1]).toEqual([1, 6]);
  });
});

describe("what a file leaves open is settled", () => {
  const text = "a,b,c,note\n1,2,3,x\n4,5,6,z\n";

  test.each<[string, string, TableChoice, string[], number[]]>([
    ["target and columns", text, { target: "b", columns: ["c", "a"] }, ["c", "a", "b"], [3, 1, 2]],
    ["target alone", "a,b,c\n1,2,3\n", { target: "a" }, ["b", "c", "a"], [2, 3, 1]],
    ["columns alone", "a,b,c\n1,2,3\n", { columns: ["b"] }, ["b", "c"], [2, 3]],
    ["a name in another case", "Size,Price\n1,2\n", { target: "size" }, ["Price", "Size"], [2, 1]],
    ["the delimiter", "a;1,b\n1,5\n", { delimiter: "," }, ["a;1", "b"], [1, 5]],
    ["a column that counts", ",x,y\n5,1,2\n9,3,4\n", { columns: ["x"], target: "y" }, ["x", "y"], [1, 2]],
    [
      "the training points' names",
      "y,z,b,a\n1,2,3,4\n",
      { like: { inputs: ["a", "b"], target: "y" } },
      ["a", "b", "y"],
      [4, 3, 1],
    ],
  ])("by %s", (_, content, choice, names, firstRow) => {
    const found = contents(content, choice);
    expect(found.names).toEqual(names);
    expect(found.rows[0]).toEqual(firstRow);
  });

  test("what is not used is said and recorded", () => {
    const { notices, reading } = read(text, { columns: ["a"], target: "b" });
    expect(notices[0]).toContain('not used: "c", "note"');
    expect(reading.unused).toEqual(["c", "note"]);
  });

  test.each<[string, string, TableChoice, string]>([
    [
      "a name that there is not",
      "a,b\n1,2\n",
      { target: "z" },
      'there is no column "z" (target); the file has "a", "b"',
    ],
    ["a name that there is twice", "a,a,b\n1,2,3\n", { columns: ["a"] }, '2 columns are called "a" (columns)'],
    ["the target among the inputs", "a,y\n1,2\n", { columns: ["a", "y"] }, 'columns lists "y", but that is the target'],
    [
      "the last column among them",
      "a,b\n1,2\n",
      { columns: ["b"] },
      'lists "b", but that, the last column, is the target',
    ],
    [
      "a column of the training points that is missing",
      "b,y\n1,2\n",
      { like: { inputs: ["a"], target: "y" } },
      'there is no column "a" (as in the training points)',
    ],
  ])("%s is refused", (_, content, choice, expected) => {
    expect(refusal(content, choice)).toContain(expected);
  });
});

describe("a cell that is no number is refused by what it is", () => {
  test.each([
    ["", "is empty; fill it in or remove the row"],
    ["NA", 'contains "NA" (a missing value)'],
    ["NaN", 'contains "NaN" (a missing value)'],
    ["?", 'contains "?" (a missing value)'],
    ["Infinity", 'contains "Infinity" (an infinite value)'],
    ["∞", 'contains "∞" (an infinite value)'],
    ["1e39", 'contains "1e39" (a number beyond float32); float32 ends at 3.4e38'],
    ["one", 'contains "one" (text)'],
    ["0x10", 'contains "0x10" (a number in another notation)'],
    ["1.0D+2", 'contains "1.0D+2" (a number in another notation)'],
    ["1_000", 'contains "1_000" (thousands separators)'],
    ["1'000", "(thousands separators)"],
    ["1\u00a0000", "(thousands separators)"],
    ["1.000.000", "(thousands separators)"],
    ['"1,234"', "(thousands separators)"],
    ['"1,5"', "(a decimal comma); decimal commas are read only where ; or a tab separates the columns"],
    ["2024-01-31", "(a date); give a number instead"],
    ["31.1.2024", "(a date)"],
    ["12:30", "(a time)"],
    ["true", "(a boolean); write 1 and 0"],
    ["5 %", "(a percentage)"],
    ["$5", "(an amount of money)"],
    ["#DIV/0!", "(a spreadsheet's error)"],
    ["# gone", "(a comment)"],
  ])("%s", (cell, expected) => {
    const message = refusal(`x,y\n1,2\n3,4\n5,${cell}\n`);
    expect(message).toMatch(/^points\.csv:4: column y /);
    expect(message).toContain(expected);
  });

  test.each([
    [
      "day,x,y\n2024-01-01,1,2\n2024-01-02,3,4\n",
      'column day contains dates ("2024-01-01" in line 2); ',
      '--columns "x"',
    ],
    [
      "color,x,z,y\nred,1,2,3\nblue,3,4,5\n",
      'column color contains text ("red" in line 2); leave it out with',
      '"x,z"',
    ],
    ["x,kind\n1,cat\n2,dog\n", "column kind contains text", "; name a column of numbers with --target"],
    ["x,w,y\n1,,2\n2,,3\n", "column w contains missing values (an empty cell in line 2)", '--columns "x"'],
  ])("a column of them is one fault: %j", (text, expected, remedy) => {
    const message = refusal(text);
    expect(message).toContain(expected);
    expect(message).toContain(remedy);
    expect(message.split("\n")).toHaveLength(1);
  });

  test("every fault is listed in the file's order, up to twenty, and the rest is counted", () => {
    const lines = refusal(`x,y\n${"no,NaN\n".repeat(13)}${"1,2\n".repeat(14)}`).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines[1]).toMatch(/^points\.csv:2: column y/);
    expect(lines[19]).toMatch(/^points\.csv:11: column y/);
    expect(lines[20]).toBe("and 6 more");
  });

  test("the line is right behind empty lines, sep= and comments, whatever the line ends", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = ["sep=,", "# note", "x,y", "1,2", "", "3,bad", "5,6"].join(end);
      expect(refusal(text)).toMatch(/^points\.csv:6: column y contains "bad"/);
    }
  });
});

describe("a file that is refused says where and what would be right", () => {
  test.each<[string, string, string]>([
    ["an empty file", "", "points.csv: the file is empty; it needs at least an input column and a target"],
    ["delimiters alone", ",\n,,\n", "points.csv: the file is empty; it needs"],
    ["quotation marks alone", '""\n', "points.csv: the file is empty; it needs"],
    ["a comment above delimiters", "# x,y\n , \n", "points.csv: the file is empty; it needs"],
    ["a header alone", "x,y\n", "points.csv: there is a header but no data below it"],
    ["y alone", "y\n1\n", 'points.csv: an input column and a target are needed; found only "y"'],
    ["a column twice", "x,x,y\n1,2,3\n", 'points.csv: two columns are called "x"; rename one, or choose others'],
    ["a wrong row", "x,y\n1,2\n3\n", "points.csv:3: 1 value where the header names 2 columns"],
    ["a row too long", "x,y\n1,2,3\n", "points.csv:2: 3 values where the header names 2 columns"],
    ["a row too short without a header", "1,2,3\n4,5\n", "points.csv:2: 2 values where the first row has 3 columns"],
    ["a comment among the data", "x,y\n1,2\n# b\n", "; comments are allowed only at the top of the file"],
    ["both decimal marks", "x;y\n1,5;2\n3;4.5\n", '("1,5" in line 2) and decimal points ("4.5" in line 3) in one file'],
    [
      "a first row that would be lost",
      "5.1,3.5,setosa\n4.9,3,setosa\n",
      "this line is neither a header nor a row of numbers",
    ],
    ["a first row with a value missing", "1,NA,3\n4,5,6\n", 'it contains "1" and "NA"'],
    [
      "row numbers that do not count from 0",
      ",x,y\n5,1,2\n9,3,4\n",
      "column 1 has no name, and does not count 0, 1, 2 …",
    ],
    ["a column without a name", "x,,y\n1,2,3\n", "column 2 has no name; name it, or choose the inputs with --columns"],
    ["an unknown sep=", "sep=:\nx:y\n1:2\n", 'points.csv:1: sep= declares ":", which separates no columns here'],
    ["an unclosed quote", 'x,y\n"1,2\n', "points.csv: a quotation mark is opened and never closed"],
    ["a quote inside", 'x,y\n1,2"3\n', "points.csv:2: a quotation mark in the middle of a value"],
    ["text behind a quote", 'x,y\n1,"2"3\n', "points.csv:2: text after a closing quotation mark"],
    ["another delimiter", 'x,y\n1,"2";3\n', "(set another delimiter with --delimiter)"],
  ])("%s", (_, text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  test.each<[string, Uint8Array, string]>([
    [
      "a workbook",
      Buffer.from("PK\u0003\u0004....[Content_Types].xml..xl/workbook.xml"),
      "an Excel workbook (.xlsx); save it",
    ],
    ["a zip archive", Buffer.from("PK\u0003\u0004....points.csv"), "a zip archive; unpack it first"],
    ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), "an old Excel workbook (.xls)"],
    ["Parquet", Buffer.from("PAR1\u0000\u0001"), "a Parquet file"],
    ["a NumPy array", Buffer.from("\u0093NUMPY", "latin1"), "a NumPy array (.npy)"],
    ["JSON", Buffer.from('[{"x": 1}]'), "JSON"],
    ["a web page", Buffer.from("\n<!DOCTYPE html>"), "an HTML page; download the file itself"],
    ["a pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer"],
    ["a workbook in gzip", gzipSync("PK\u0003\u0004 xl/"), "an Excel workbook (.xlsx) inside gzip"],
    ["gzip twice", gzipSync(gzipSync("x,y\n1,2\n")), "gzip inside gzip"],
    ["half of a gzip file", gzipSync("x,y\n1,2\n").subarray(0, 20), "gzip that is damaged or cut off"],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x78, 0, 0, 0]), "UTF-32 text"],
    ["half a character of UTF-16", utf16("\ufeffx,y\n1,2\n").subarray(0, 9), "UTF-16 text that is damaged or cut off"],
  ])("%s is told by what it is", (_, content, expected) => {
    expect(refusal(content)).toContain(`points.csv: this is ${expected}`);
  });

  test("bytes that are no text are refused with their line", () => {
    expect(refusal(`x,y\n1,2\n${"3,4\n".repeat(20)}5,\u00006\n`)).toBe(
      "points.csv:23: this is not text: it contains the byte 0x00",
    );
    expect(refusal(Buffer.from([0xe9, 0x2c, 0x01]))).toContain(
      "points.csv:1: this is not text: it contains the byte 0x01",
    );
  });

  test("names of columns and values are repeated short, and without what a terminal obeys", () => {
    expect(refusal("\u001b[31mx,\u202ey,z\n1,2,no\n2,3,4\n")).toContain("column z");
    expect(refusal("\u001b[31mx,\u202ey\n1,no\n2,3\n")).toContain("column \\u{202e}y contains");
    expect(refusal(`${"x".repeat(10_000)},y\n1,2\n`, { target: "z" })).toContain(`has "${"x".repeat(60)}…", "y"`);
    expect(refusal("x,y\n1,\u001b[31m\n2,3\n")).toContain('column y contains "\\u{1b}[31m"');
    expect(refusal(`x,y\n1,${"9x".repeat(10_000)}\n2,3\n`).length).toBeLessThan(200);
  });

  test("of many columns the first ten are listed, and the rest is counted", () => {
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`);
    const ten = names.slice(0, 10).map((name) => `"${name}"`);
    expect(refusal(`${names.join(",")}\n${names.map(() => 1).join(",")}\n`, { target: "z" })).toContain(
      `the file has ${ten.join(", ")} and 20 more`,
    );
  });
});

test("rows are the same rows whether a quotation mark is in the file or not", () => {
  const blank = fc.constantFrom("", "", "", " ", "  ", "\u00a0", "\f", "\u3000");
  const value = fc.constantFrom("1", "2.5", "-3e4", "7", "", "z", "x", "#1");
  const cell = fc.tuple(blank, value, blank).map((parts) => parts.join(""));
  const row = (delimiter: string) => fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(delimiter));
  const table = fc
    .constantFrom(",", ";", "\t", "|")
    .chain((delimiter) => fc.tuple(fc.constant(delimiter), fc.array(row(delimiter), { minLength: 1, maxLength: 6 })));
  const reading = (text: string, choice: TableChoice) => {
    try {
      const { points, inputs, target, notices } = read(text, choice);
      return { points, inputs, target, notices };
    } catch (error) {
      if (error instanceof ExpectedError) return error.message;
      throw error;
    }
  };
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(table, ([delimiter, rows]) => {
      const choice = { delimiter: delimiter === "\t" ? "tab" : delimiter } as TableChoice;
      const below = `${delimiter}y\n${rows.join("\n")}\n1${delimiter}2\n`;
      const plain = reading(`x${below}`, choice);
      outcomes.add(typeof plain);
      expect(reading(`"x"${below}`, choice)).toEqual(plain);
    }),
    { numRuns: 2000 },
  );
  expect(outcomes).toEqual(new Set(["string", "object"]));
});

describe("reading takes time in proportion to the file", () => {
  // With an expression or a search that starts again at every place these would not end.
  test.each<[string, string]>([
    ["one long cell of digits", `x,y\n${"9".repeat(1_000_000)},1\n2,3\n`],
    ["one long cell of separators", `x,y\n${"1,".repeat(200_000)}\n`],
    ["spaces", `x,y\n1,${" ".repeat(1_000_000)}z\n2,3\n`],
    ["rows of another width", `x,y\n${"1,2,3\n".repeat(1_000_000)}`],
    ["wide rows", `${"a,".repeat(20_000)}b\n${"1,".repeat(20_000)}2\n`],
  ])("%s", (_, text) => {
    expect(refusal(text)).toMatch(/^points\.csv/);
  });
});
