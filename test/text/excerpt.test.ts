import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excerpt } from "../../src/text/excerpt.js";

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("what an error message repeats", () => {
  test.each([
    ["a plain name", "plain he", "plain he"],
    ["words of other languages", "Größe Δ 批量 🎲", "Größe Δ 批量 🎲"],
    ["a color", "\u001b[31mred", "\\u{1b}[31mred"],
    ["a change of direction", "a\u202eb", "a\\u{202e}b"],
    ["a byte order mark, which nobody sees", "\ufeffx", "\\u{feff}x"],
    ["new lines", "a\nb\r\u2028c", "a\\u{a}b\\u{d}\\u{2028}c"],
    ["half a pair of UTF-16", "\ud800", "\\u{d800}"],
    ["a tag outside the first plane", "\u{e0041}", "\\u{e0041}"],
  ])("%s", (_, text, expected) => {
    expect(excerpt(text)).toBe(expected);
  });

  test("is cut behind the last character that fits, never within one", () => {
    expect(excerpt("x".repeat(60))).toBe("x".repeat(60));
    expect(excerpt("x".repeat(61))).toBe(`${"x".repeat(60)}…`);
    expect(excerpt("🎲".repeat(3), 3)).toBe("🎲🎲🎲");
    expect(excerpt("🎲".repeat(4), 3)).toBe("🎲🎲🎲…");
    expect(excerpt("\u001b".repeat(10_000), 2)).toBe("\\u{1b}\\u{1b}…");
  });

  test("holds nothing that a terminal obeys, and is short", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(excerpt(text)).not.toMatch(OBEYED);
        // The longest name of a character is \u{10ffff}.
        expect(excerpt(text).length).toBeLessThanOrEqual(60 * 10 + 1);
        expect([...excerpt(text, 200)].length).toBeGreaterThanOrEqual([...text].length);
      }),
    );
  });
});
