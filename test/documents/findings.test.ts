import { describe, expect, test } from "vitest";
import { flagOf, keyNames } from "../../src/config/keys.js";
import { activations } from "../../src/model/activations.js";
import { CONTROLS, controlSections, FINDINGS, overSeeds, README, readDocument, rowsOf } from "./findings.js";

const CLI = readDocument("docs/cli.md");

test.each(keyNames.map(flagOf))("docs/cli.md names the flag %s", (flag) => {
  expect(CLI).toMatch(new RegExp(`^\\| \`${flag}[ \`]`, "m"));
});

test.each(Object.keys(activations))("docs/cli.md names the activation %s", (name) => {
  expect(CLI).toContain(`\`${name}\``);
});

// That the commands print it is in findings.slow.test.ts and experiments.slow.test.ts.
describe("what README and docs/findings.md say that a command prints", () => {
  const rows = rowsOf(FINDINGS);

  test("is a table of several commands", () => {
    expect(rows.length).toBeGreaterThanOrEqual(7);
  });

  test("is, for the README's three findings, rows of that table", () => {
    const found = rowsOf(README).map(([row]) => row);
    expect(found).toHaveLength(3);
    expect(rows.map(([row]) => row)).toEqual(expect.arrayContaining(found));
  });

  test("has several seeds in some commands", () => {
    expect(overSeeds.length).toBeGreaterThanOrEqual(4);
  });

  test("is, for the factors that the README repeats, in the table over seeds", () => {
    const factorOf = (flags: string) =>
      overSeeds.find(({ command }) => command === `npx bn-compare run --activation tanh${flags} --seeds 10`)?.factor;
    const [, raw, standardized] =
      /divides the\s+inference-mode cost by ([\d.]+), but only by ([\d.]+) with/.exec(README) ?? [];
    expect(factorOf("")).toMatch(`${raw} (`);
    expect(factorOf(" --standardize-inputs")).toMatch(`${standardized} (`);
  });
});

describe("what experiments/controls/README.md says", () => {
  test("is that standardized inputs have about nine tenths of BN's effect on tanh, in logarithms, in training mode", () => {
    const effectOf = (arm: string) => {
      const row = new RegExp(`^\\| \`${arm}\` \\|.*[|/] ([\\d.]+) \\([\\d.–]+\\) \\|$`, "m").exec(
        controlSections[1] as string,
      );
      return Math.log(Number(row?.[1]));
    };
    expect(Math.round((10 * effectOf("plain-standardized")) / effectOf("bn"))).toBe(9);
    for (const document of [CONTROLS, FINDINGS])
      expect(document).toContain("nine tenths of BN's effect, in logarithms");
  });

  test("is repeated correctly in docs/findings.md", () => {
    const factors = [...FINDINGS.matchAll(/^\| [^|]+ \| [^|]+ \| ([\d.]+ \([\d.–]+\))[^|]*\|$/gm)].map(
      ([, factor]) => factor,
    );
    expect(factors.length).toBeGreaterThanOrEqual(9);
    for (const factor of factors) expect(CONTROLS).toContain(factor);
  });
});
