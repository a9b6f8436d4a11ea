import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bold, screen, shown } from "../../src/text/screen.js";

const plainly = (line: Parameters<typeof shown>[0]) => shown(line, { colors: false });
const colored = (line: Parameters<typeof shown>[0]) => shown(line, { colors: true });

describe("what is shown on a terminal", () => {
  test("is one line when it is a string: a line break in it came from a name", () => {
    expect(plainly("cannot read a\n::error::b\u001b[2J\u202e.csv: it does not exist")).toBe(
      "cannot read a\\u{a}::error::b\\u{1b}[2J\\u{202e}.csv: it does not exist",
    );
  });

  test("keeps the program's own lines and colors, and escapes what stands between them", () => {
    const text = screen`${bold("a\nb")}\n${["\u001b[31mc", screen`\n${7}`, undefined]}`;
    expect(colored(text)).toBe("\u001b[1ma\\u{a}b\u001b[22m\n\\u{1b}[31mc\n7");
    expect(plainly(text)).toBe("a\\u{a}b\n\\u{1b}[31mc\n7");
    expect(plainly(screen.joined(["a", bold("b")], "\n"))).toBe("a\nb");
  });

  test.each([
    ["a workflow command", "::error::x", "\\u{3a}:error::x"],
    ["one behind spaces, which GitHub skips", " \u3000::set-output name=a::b", " \u3000\\u{3a}:set-output name=a::b"],
    ["one on a line of its own", screen`pass\n${"::stop-commands::x"}`, "pass\n\\u{3a}:stop-commands::x"],
    ["one of two parts", screen`${":"}${":warning::x"}`, "\\u{3a}:warning::x"],
    ["the older form, which GitHub takes anywhere in a line", "x ##[error]y", "x #\\u{23}[error]y"],
    ["Azure's", "a##vso[task.setvariable variable=b]c", "a#\\u{23}vso[task.setvariable variable=b]c"],
  ])("obeys no name: %s", (_, line, expected) => {
    expect(plainly(line)).toBe(expected);
  });

  test("obeys none in color either", () => {
    expect(colored(bold("::error::x"))).toBe("\u001b[1m\\u{3a}:error::x\u001b[22m");
  });

  test("leaves names alone that only look a little like it", () => {
    for (const name of ["a::b", "std::vector", ":x:", "# 1", "#[x]", "## title"]) expect(plainly(name)).toBe(name);
  });

  test("is never a command, whatever is put together", () => {
    const part = fc.oneof(
      fc.constantFrom("::", ":", "error", "##", "[", "#", " ", "\n", "\r", "\u001b[1m", "\u2028"),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.boolean(), (parts, colors) => {
        const text = shown(screen`${parts}\n${parts.map(bold)}${bold(parts)}${parts.join("")}`, { colors });
        for (const line of text.split("\n")) {
          // As GitHub's runner reads a line: ActionCommand.TryParseV2, then TryParse.
          expect(line.trimStart().startsWith("::")).toBe(false);
          expect(line).not.toContain("##[");
        }
        expect(text.split("\n")).toHaveLength(2);
      }),
    );
  });
});
