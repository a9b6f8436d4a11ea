import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSpec } from "../../src/output/formats/vega.js";

test("each row of data stands on one line, the rest is indented", () => {
  const spec = {
    layer: [
      {
        data: { values: [{ update: 0, cost: 1.5 }, { update: 5, at: [1, { x: null }] }, {}] },
        mark: { type: "line", strokeDash: [2, 3] },
      },
      { data: { values: [] }, encoding: { y: { axis: { values: [1, 2, 5] } } } },
    ],
  };
  expect(formatSpec(spec)).toBe(`{
  "layer": [
    {
      "data": {
        "values": [
          { "update": 0, "cost": 1.5 },
          { "update": 5, "at": [1, { "x": null }] },
          {}
        ]
      },
      "mark": {
        "type": "line",
        "strokeDash": [2, 3]
      }
    },
    {
      "data": {
        "values": []
      },
      "encoding": {
        "y": {
          "axis": {
            "values": [1, 2, 5]
          }
        }
      }
    }
  ]
}
`);
});

/** Everything JSON can hold, as the rows of one layer and as the whole. */
const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test("the rows of named data sets, too", () => {
  expect(formatSpec({ datasets: { costs: [{ cost: 1 }, { cost: [2, { x: 3 }] }], none: [] } })).toBe(`{
  "datasets": {
    "costs": [
      { "cost": 1 },
      { "cost": [2, { "x": 3 }] }
    ],
    "none": []
  }
}
`);
});

test("what is written parses back to the same content", () => {
  fc.assert(
    fc.property(values, fc.array(values), (value, rows) => {
      const spec = { mark: value, data: { values: rows } };
      expect(JSON.parse(formatSpec(spec))).toEqual(spec);
    }),
    { numRuns: 500 },
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("a row with %d in it is refused", (bad) => {
  expect(() => formatSpec({ values: [{ cost: bad }] })).toThrow(`${bad} reached the JSON writer unnamed`);
});
