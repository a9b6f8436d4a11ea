import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatJson } from "../../src/files/json.js";

/** Everything JSON can hold; it has no negative zero. */
const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe("the JSON writer", () => {
  test("writes what parses back to the same value", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(formatJson(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test("writes every finite double so that it reads back bit for bit", () => {
    const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0));
    fc.assert(
      fc.property(doubles, (list) => {
        expect(JSON.parse(formatJson({ list }))).toEqual({ list });
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses %d wherever it stands",
    (bad) => {
      for (const value of [bad, [bad], { a: { b: [1, bad] } }, [{ a: bad }], [[1], [bad]]]) {
        expect(() => formatJson(value)).toThrow(`${bad} reached the JSON writer unnamed`);
      }
    },
  );

  test("puts keys on lines of their own and a list of plain values on one", () => {
    expect(formatJson({ a: 1, list: [1, null, "x"], rows: [{ b: true }, [2]], none: {}, empty: [] })).toBe(
      [
        "{",
        '  "a": 1,',
        '  "list": [1, null, "x"],',
        '  "rows": [',
        "    {",
        '      "b": true',
        "    },",
        "    [2]",
        "  ],",
        '  "none": {},',
        '  "empty": []',
        "}",
        "",
      ].join("\n"),
    );
  });

  test("leaves out what is undefined", () => {
    expect(JSON.parse(formatJson({ a: undefined, b: null }))).toEqual({ b: null });
    expect(formatJson({ a: undefined })).toBe("{}\n");
  });
});
