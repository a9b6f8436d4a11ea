import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePoints } from "../../src/data/csv.js";
import { EXIT, ExpectedError } from "../../src/errors.js";

function refusal(text: string): string {
  try {
    parsePoints(text, "points.csv");
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.usage);
    return (error as ExpectedError).message;
  }
  throw new Error("nothing was refused");
}

describe("a file of points", () => {
  const plain = { samples: 2, inputs: 1, x: new Float32Array([1, 3]), y: new Float32Array([2, -4.5]) };

  test.each([
    ["with columns x,y", "x,y\n1,2\n3,-4.5\n"],
    ["without a newline at the end", "x,y\n1,2\n3,-4.5"],
    ["with the columns the other way round", "y,x\n2,1\n-4.5,3\n"],
    ["with the columns x1,y", "x1,y\n1,2\n3,-4.5\n"],
    ["with a byte order mark", "\ufeffx,y\n1,2\n3,-4.5\n"],
    ["with a byte order mark in front of a quote", '\ufeff"x","y"\n1,2\n3,-4.5\n'],
    ["with Windows' line ends", "x,y\r\n1,2\r\n3,-4.5\r\n"],
    ["with byte order mark and Windows' line ends", "\ufeffy,x\r\n2,1\r\n-4.5,3\r\n"],
    ["with spaces around the values", " x , y\n 1 ,2 \n3, -4.5\n"],
    ["with empty lines", "x,y\n\n1,2\n\n3,-4.5\n\n"],
    ["with quotes and exponents", '"x","y"\n"1",20e-1\n3e0,"-4.5"\n'],
  ])("%s is read", (_, text) => {
    expect(parsePoints(text, "points.csv")).toEqual(plain);
  });

  test("with several inputs in any order of columns is read row by row as x1, x2, x3", () => {
    const { samples, inputs, x, y } = parsePoints("x3,y,x1,x2\n3,10,1,2\n6,20,4,5\n", "points.csv");
    expect([samples, inputs]).toEqual([2, 3]);
    expect([...x]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...y]).toEqual([10, 20]);
  });

  test("gives every float32 number back as it was written", () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (rows) => {
        const text = ["x,y", ...rows.map(([x, y]) => `${x},${y}`)].join("\n");
        const { x, y } = parsePoints(text, "points.csv");
        expect([...x]).toEqual(rows.map(([value]) => value + 0));
        expect([...y]).toEqual(rows.map(([, value]) => value + 0));
      }),
    );
  });
});

describe("a file that is refused says where and what would be right", () => {
  test.each([
    ["an empty file", "", "points.csv: the file is empty; the first line must name the columns: x,y or x1,x2,…,y"],
    ["a header alone", "x,y\n", "points.csv: there is a header but no data below it"],
    [
      "another column",
      "x,z\n1,2\n",
      'points.csv:1: the columns must be x,y or x1,x2,…,y separated by commas; found "x", "z", missing y',
    ],
    ["a gap in the inputs", "x1,x3,y\n1,2,3\n", 'found "x1", "x3", "y", missing x2'],
    ["no header", "1,2\n3,4\n", "points.csv:1: the columns must be x,y or x1,x2,…,y"],
    ["semicolons", "x;y\n1;2\n", 'separated by commas; found "x;y"'],
    ["y alone", "y\n1\n", 'points.csv:1: the columns must be x,y or x1,x2,…,y separated by commas; found "y"'],
    ["a column twice", "x,x,y\n1,2,3\n", "missing x1, x2"],
    ["a wrong row", "x,y\n1,2\n3\n", "points.csv:3: 1 values where the header names 2 columns"],
    ["a row too long", "x,y\n1,2,3\n", "points.csv:2: 3 values where the header names 2 columns"],
    ["NaN", "x,y\n1,NaN\n", 'points.csv:2: column y holds "NaN"; it must be a finite number (float32)'],
    ["infinity", "x,y\nInfinity,1\n", 'points.csv:2: column x holds "Infinity"'],
    ["more than float32 holds", "x,y\n1,1e39\n", 'points.csv:2: column y holds "1e39"'],
    ["words", "x,y\none,1\n", 'points.csv:2: column x holds "one"'],
    ["an empty cell", "x,y\n1,\n", "points.csv:2: column y is empty; it must be a finite number (float32)"],
    ["an unclosed quote", 'x,y\n"1,2\n', "points.csv: this is not CSV: "],
  ])("%s", (_, text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  test("names of columns and values are repeated short, and without what a terminal obeys", () => {
    expect(refusal("\u001b[31mx,\u202ey\n1,2\n")).toContain('found "\\u{1b}[31mx", "\\u{202e}y", missing x1, y');
    expect(refusal(`${"x".repeat(10_000)},y\n1,2\n`)).toContain(`found "${"x".repeat(60)}…", "y", missing x1`);
    expect(refusal("x,y\n1,\u001b[31m\n")).toContain('column y holds "\\u{1b}[31m"');
    expect(refusal(`x,y\n1,${"9x".repeat(10_000)}\n`).length).toBeLessThan(200);
    expect(refusal('x,y\n1,"2"\u001b\n')).toMatch(/this is not CSV: .*\\u\{1b\}/);
  });

  test("of many columns the first ten are listed, and the rest is counted", () => {
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`);
    const ten = names.slice(0, 10).map((name) => `"${name}"`);
    expect(refusal(`${names.join(",")}\n`)).toMatch(
      new RegExp(`found ${ten.join(", ")} and 20 more, missing (x\\d+, ){9}x10 and 20 more$`),
    );
  });

  test.each(["\n", "\r\n"])("the line is right behind empty lines and with line ends %j", (end) => {
    expect(refusal(["x,y", "1,2", "", "3,bad", "5,6"].join(end))).toMatch(/^points\.csv:4: column y holds "bad"/);
  });

  test("every fault is listed, up to ten, and the rest is counted", () => {
    const lines = refusal(`x,y\n${"no,NaN\n".repeat(8)}1,2\n`).split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[1]).toMatch(/^points\.csv:2: column y/);
    expect(lines[9]).toMatch(/^points\.csv:6: column y/);
    expect(lines[10]).toBe("points.csv: and 6 more");
  });
});
