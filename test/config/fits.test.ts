import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits } from "../../src/config/fits.js";
import { keyNames, keyOf } from "../../src/config/keys.js";
import { checkLayer } from "../../src/config/layers.js";
import { checkSchema, valueSchema } from "../../src/config/schema.js";
import { Problems } from "../../src/problems.js";

/** Values around every bound, and of every kind that a file may hold. */
const NUMBERS = [-1, -0, 0, 0.5, 1, 1000, 1001, 4096, 4097, 10_000, 10_001, 1e7, 1e7 + 1, 2 ** 53 - 1, 2 ** 53, 1e37];
const TEXTS = [
  "",
  "full",
  "relu",
  "batch",
  "group 5",
  "dense 3",
  "dense 4097",
  "dense 0",
  "dense 3 3",
  "toString 3",
  "group 0",
  "gate",
  "5%",
  " 5.5 % ",
  "%",
  "con",
  "a.",
  "ä-1",
  "Ω".repeat(64),
  "ꙮ".repeat(64),
];
const choices = keyNames.flatMap((name) => {
  const key = keyOf(name);
  return key.type === "choice" ? key.choices : [];
});
const scalars = [...NUMBERS, Number.NaN, Number.POSITIVE_INFINITY, ...TEXTS, ...choices, true, false, null, undefined];
const value = fc.oneof(
  fc.constantFrom(...scalars),
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...scalars), { maxLength: 3 }),
  fc.constantFrom([...Array(4097).keys()].map(String), [...Array(10_001).keys()], [...Array(4096).keys()].map(String)),
  fc.dictionary(fc.constantFrom("a", "constructor"), fc.constantFrom(...scalars), { maxKeys: 2 }),
);

describe("what a command accepts is what the schema for editors accepts", () => {
  test.each(keyNames)("of the key %s", (name) => {
    const [key, schema] = [keyOf(name), valueSchema(keyOf(name))];
    const agree = (one: unknown) => {
      expect(fits(key, one), JSON.stringify(one)?.slice(0, 200)).toBe(schema.safeParse(one).success);
    };
    for (const one of scalars) agree(one);
    fc.assert(fc.property(value, agree));
  });

  test("of the section check", () => {
    const tolerances = fc.dictionary(fc.constantFrom("bn.train", "plain.gap"), fc.constantFrom(...scalars), {
      maxKeys: 2,
    });
    // A file holds no undefined.
    const held = value.filter((one) => one !== undefined);
    const keys = {
      maxIncrease: held,
      gates: fc.oneof(held, tolerances),
      steps: held,
      seeds: held,
      maxSeeds: held,
    };
    const section = fc.oneof(
      fc.record(keys, { requiredKeys: [] }),
      ...Object.entries(keys).map(([key, holds]) => fc.record({ [key]: holds })),
      fc.record({ step: value }),
      fc.constantFrom(1, "gate", ["gate"], true),
    );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(section, (written) => {
        const problems = new Problems();
        const { settings } = checkLayer(
          { entries: [{ key: "check", value: written }], locate: (key) => key },
          problems,
        );
        const checked = checkSchema.safeParse(written);
        expect(problems.length === 0, problems.lines().join()).toBe(checked.success);
        if (checked.success) expect(settings.check).toEqual(checked.data);
        seen.add(checked.success);
      }),
      { numRuns: 500 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});
