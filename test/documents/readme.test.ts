import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flagOf, keyNames } from "../../src/config/keys.js";
import { activations } from "../../src/model/activations.js";
import { bnCompare, emptyFolder } from "../cli/command.js";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const README = read("README.md");
const FINDINGS = read("docs/findings.md");
const CLI = read("docs/cli.md");

/** The arguments of a documented `npx bn-compare …`, run quietly in an empty folder; returns stdout and the folder. */
async function printedBy(command: string) {
  const cwd = emptyFolder();
  const args = command.replace("npx bn-compare ", "").split(" ");
  const { exitCode, stdout } = await bnCompare(cwd, ...args, "--quiet", "--out", "run");
  expect(exitCode).toBe(0);
  return { stdout, folder: join(cwd, "run") };
}

test.each(keyNames.map(flagOf))("docs/cli.md names the flag %s", (flag) => {
  expect(CLI).toMatch(new RegExp(`^\\| \`${flag}[ \`]`, "m"));
});

test.each(Object.keys(activations))("docs/cli.md names the activation %s", (name) => {
  expect(CLI).toContain(`\`${name}\``);
});

describe("what README and docs/findings.md say that a command prints", () => {
  const rowsOf = (document: string) => [
    ...document.matchAll(/^\| `(npx bn-compare run [^`]+)` \| ([^|]+) \| learned: ([\d.]+) \/ ([\d.]+) \|$/gm),
  ];
  const rows = rowsOf(FINDINGS);

  test("is a table of several commands", () => {
    expect(rows.length).toBeGreaterThanOrEqual(7);
  });

  test("is, for the README's three findings, rows of that table", () => {
    const found = rowsOf(README).map(([row]) => row);
    expect(found).toHaveLength(3);
    expect(rows.map(([row]) => row)).toEqual(expect.arrayContaining(found));
  });

  test.each(rows.map(([, command, plain, inference, training]) => ({ command, plain, inference, training })))(
    "$command",
    async ({ command, plain, inference, training }) => {
      const { stdout } = await printedBy(command as string);
      const [whatPlainDid] = (plain as string).split(" (");
      expect(stdout).toContain(`plain ${whatPlainDid?.trim()}`);
      expect(stdout).toContain(`bn learned: ${inference} in inference mode`);
      expect(stdout).toMatch(new RegExp(`^bn +trained .* ${inference} +${training}$`, "m"));
    },
  );

  test("is, for the first command, the whole output", async () => {
    const { stdout } = await printedBy("npx bn-compare run --activation relu");
    const [table] = stdout.split("\nrun/") as [string];
    expect(README).toContain(table.trimEnd());
  });

  const overSeeds = [
    ...FINDINGS.matchAll(
      /^\| `(npx bn-compare run [^`]+--seeds 10)` \| (\d+ of 10) \| (\d+ of 10) \(([^)]+)\) \| ([^|]+) \|$/gm,
    ),
  ].map(([, command, diverged, wins, interval, factor]) => ({ command, diverged, wins, interval, factor }));

  test.each(overSeeds)("$command", async ({ command, diverged, wins, interval, factor }) => {
    const { stdout } = await printedBy(command as string);
    expect(stdout).toMatch(new RegExp(`^plain +${diverged} `, "m"));
    const row = /^bn +plain .*$/m.exec(stdout)?.[0] ?? "";
    for (const cell of [wins, interval, ...(factor ?? "").split(" / ")]) expect(row).toContain(cell?.trim());
  });

  test("has several seeds in some commands", () => {
    expect(overSeeds.length).toBeGreaterThanOrEqual(4);
  });

  test("is, for the factors that the README repeats, in the table over seeds", () => {
    const factorOf = (flags: string) =>
      overSeeds.find(({ command }) => command === `npx bn-compare run --activation tanh${flags} --seeds 10`)?.factor;
    const [, raw, standardized] =
      /divides the\s+cost of prediction by ([\d.]+), and by ([\d.]+) with/.exec(README) ?? [];
    expect(factorOf("")).toMatch(`${raw} (`);
    expect(factorOf(" --standardize-inputs")).toMatch(`${standardized} (`);
  });

  test("is, in the picture of docs/concepts.md, what the command draws", async () => {
    const { folder } = await printedBy("npx bn-compare run --activation tanh --epochs 250");
    const drawn = readFileSync(join(folder, "histograms.svg"), "utf8");
    expect(read("docs/images/tutorial-tanh-histograms.svg") === drawn, "docs/images is out of date").toBe(true);
  });
});

test.each(["tutorial-relu", "tutorial-tanh", "tutorial-minibatch"])(
  "what experiments/%s/README.md says is what its command prints",
  async (name) => {
    const text = read(`experiments/${name}/README.md`);
    const { stdout } = await printedBy(`npx bn-compare run experiments/${name}`);
    const bn = /bn learned: ([\d.]+ in inference mode)/.exec(stdout)?.[1];
    expect(text).toContain(bn);
    const plain = /^plain (diverged at update \d+|learned little: [\d.]+)/m.exec(stdout)?.[1];
    expect(text).toContain(plain);
  },
);

describe("what experiments/controls/README.md says", () => {
  const text = read("experiments/controls/README.md");
  const sections = text.split(/^With (?:ReLU|tanh):$/m).slice(1);
  const commands = [
    "npx bn-compare run experiments/controls",
    "npx bn-compare run experiments/controls --activation tanh",
  ];

  test.each(commands.map((command, i) => ({ command, section: sections[i] as string })))(
    "is what $command prints",
    { timeout: 180_000 },
    async ({ command, section }) => {
      const { stdout } = await printedBy(command);
      const rows = [...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)];
      expect(rows).toHaveLength(16);
      for (const [, arm, cells] of rows) {
        const printed = [...stdout.matchAll(new RegExp(`^${arm} .*$`, "gm"))].map(([line]) => line).join("\n");
        const numbers =
          (cells as string)
            .split("|")
            .slice(1)
            .join("|")
            .match(/\d+ of 10|[\d.]+ \([\d.–]+\)|[\d.]+/g) ?? [];
        for (const number of numbers) expect(printed).toContain(number);
      }
    },
  );

  test("is that standardized inputs have about nine tenths of BN's effect on tanh, in logarithms, in training mode", () => {
    const effectOf = (arm: string) => {
      const row = new RegExp(`^\\| \`${arm}\` \\|.*[|/] ([\\d.]+) \\([\\d.–]+\\) \\|$`, "m").exec(
        sections[1] as string,
      );
      return Math.log(Number(row?.[1]));
    };
    expect(Math.round((10 * effectOf("plain-standardized")) / effectOf("bn"))).toBe(9);
    for (const document of [text, FINDINGS]) expect(document).toContain("nine tenths of BN's effect, in logarithms");
  });

  test("is repeated correctly in docs/findings.md", () => {
    const factors = [...FINDINGS.matchAll(/^\| [^|]+ \| [^|]+ \| ([\d.]+ \([\d.–]+\))[^|]*\|$/gm)].map(
      ([, factor]) => factor,
    );
    expect(factors.length).toBeGreaterThanOrEqual(9);
    for (const factor of factors) expect(text).toContain(factor);
  });
});
