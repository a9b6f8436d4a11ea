import { writeFileSync } from "node:fs";
import { join } from "node:path";
import leven from "leven";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { loadConfiguration } from "../../src/config/load.js";
import { ExpectedError } from "../../src/errors.js";
import { MOST_SHOWN, Problems } from "../../src/problems.js";
import { emptyFolder } from "../cli/command.js";

vi.mock("leven", { spy: true });
vi.mock("yaml", async (original) => {
  const yaml = await original<typeof import("yaml")>();
  return { ...yaml, parseDocument: vi.fn(yaml.parseDocument) };
});

function linesOf(yaml: string): readonly string[] {
  const file = join(emptyFolder(), "many.yaml");
  writeFileSync(file, yaml);
  try {
    loadConfiguration(file, {});
  } catch (error) {
    if (error instanceof ExpectedError) return error.lines;
    throw error;
  }
  throw new Error("nothing is wrong with it");
}

const times = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i)).join("");

describe("a file with very many problems", () => {
  beforeEach(() => vi.mocked(leven).mockClear());

  const distances = (count: number) => {
    vi.mocked(leven).mockClear();
    const lines = linesOf(times(count, (i) => `wisdth${i}: 1\n`));
    expect(lines[0]).toBe(`${count} problems in the configuration:`);
    expect(lines).toHaveLength(1 + MOST_SHOWN + 1);
    expect(lines.at(-1)).toBe(`  and ${count - MOST_SHOWN} more`);
    return vi.mocked(leven).mock.calls.length;
  };

  test("shows twenty and counts the others; a thousand times more keys are compared no more often", () => {
    const few = distances(30);
    expect(few).toBeGreaterThan(MOST_SHOWN);
    expect(distances(30_000)).toBe(few);
  });

  test("is not searched for keys that stand twice by comparing each with each, as the parser would", () => {
    linesOf(times(1000, (i) => `key${i}: 1\n`));
    expect(vi.mocked(parseDocument).mock.lastCall?.[1]).toMatchObject({ uniqueKeys: false });
  });

  test.each([
    ["keys that stand twice", times(20_000, () => "seed: 1\n"), 19_999],
    ["syntax errors", times(5000, () => "- a: b: c\n"), 5000],
    ["unknown keys of arms", `arms:\n${times(5000, (i) => `  a${i}: { widht: 1 }\n`)}`, 5001],
    ["unknown keys of the gates", `check:\n${times(5000, (i) => `  key${i}: 1\n`)}`, 5000],
  ])("%s", (_, yaml, count) => {
    const lines = linesOf(yaml);
    expect(lines[0]).toBe(`${count} problems in the configuration:`);
    expect(lines).toHaveLength(1 + MOST_SHOWN + 1);
    expect(vi.mocked(leven).mock.calls.length).toBeLessThan(MOST_SHOWN * 50);
  });

  test("a very long word is compared with nothing: no key is as long", () => {
    expect(linesOf(`${"x".repeat(1000)}: 1\n`)).toHaveLength(1);
    expect(leven).not.toHaveBeenCalled();
  });
});

describe("problems", () => {
  test("are worded while they are shown, kept to twenty, and the same one counts once", () => {
    const problems = new Problems();
    let worded = 0;
    for (let i = 0; i < 1000; i++) {
      problems.push(() => `problem ${++worded}`);
      problems.push("problem 1");
    }
    expect(worded).toBe(MOST_SHOWN);
    expect(problems.lines()).toHaveLength(MOST_SHOWN + 1);
    expect(problems.lines()[0]).toBe("problem 1");
  });

  test("of which there are twenty or fewer are all shown", () => {
    const problems = new Problems();
    for (let i = 0; i < MOST_SHOWN; i++) problems.push(`problem ${i}`);
    expect(problems.lines()).toHaveLength(MOST_SHOWN);
    expect(problems.lines().at(-1)).toBe(`problem ${MOST_SHOWN - 1}`);
  });
});
