import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printed } from "../../src/commands/reproduce.js";
import { agrees, type Claim, type Tolerance } from "../../src/published/claim.js";
import { claimNames, loadClaim } from "../../src/published/claim-files.js";
import type { Sweep } from "../../src/record/sweep.js";
import { readStore } from "../../src/sweep/store.js";
import { bnCompare, emptyFolder } from "../cli/command.js";

const FOLDER = fileURLToPath(new URL("../../experiments/published/", import.meta.url));
const read = (...path: string[]) => readFileSync(join(FOLDER, ...path), "utf8");

interface Interval {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}
interface Answer {
  readonly claims: readonly {
    readonly name: string;
    readonly holds: boolean;
    readonly numbers: readonly { readonly name: string; readonly measured: Interval; readonly holds: boolean }[];
  }[];
}

const toPrinted = ({ value, low, high }: Interval) =>
  [value, low, high].map((each) => (each === undefined ? undefined : printed(each)));
const toleranceText = (tolerance: Tolerance) =>
  "relative" in tolerance ? `${printed(100 * tolerance.relative)} %` : printed(tolerance.absolute);

describe("every claim at its own size", () => {
  const cwd = mkdtempSync(join(tmpdir(), "bn-compare-test-"));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  let answer: Answer;

  beforeAll(async () => {
    const { exitCode, stdout, stderr } = await bnCompare(cwd, "reproduce", "--json", "--quiet");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    answer = JSON.parse(stdout) as Answer;
  });

  test("all are measured, and hold", () => {
    expect(answer.claims.map(({ name }) => name)).toEqual(claimNames());
    expect(answer.claims.filter(({ holds }) => !holds)).toEqual([]);
  });

  describe.each(claimNames())("%s", (name) => {
    const claim = loadClaim(name);
    const measured = (number: string) =>
      answer.claims.find((each) => each.name === name)?.numbers.find((each) => each.name === number)
        ?.measured as Interval;

    // After a change that is meant to move numbers, the command prints what belongs into both files.
    test.each(claim.numbers)("claim.yaml and README have what is measured now: $name", (number) => {
      expect(toPrinted(number.measured as Interval)).toEqual(toPrinted(measured(number.name)));
      const [value, low, high] = toPrinted(measured(number.name));
      const published = `${printed(number.published)} ± ${toleranceText(number.tolerance)}`;
      expect(read(name, "README.md")).toContain(
        `\n| ${number.name} | ${published} | ${value} | ${low} to ${high} | yes |\n`,
      );
    });

    test("a published number that is 10 % off would not hold, where the tolerance is smaller", () => {
      for (const { name: number, published, tolerance } of claim.numbers) {
        const reach = "relative" in tolerance ? tolerance.relative : tolerance.absolute / published;
        if (reach < 0.05) expect(agrees(1.1 * published, tolerance, measured(number).value), number).toBe(false);
      }
    });

    test("its README has the common form", () => {
      expectCommonForm(read(name, "README.md"), claim);
    });
  });

  // To draw it anew: npx vitest run test/published/reproduce.slow.test.ts --update
  test("the sweep of learning-rate draws the picture that is kept, and its cells say what the claim measured", async () => {
    const { exitCode } = await bnCompare(cwd, "sweep", "published/learning-rate", "--quiet", "--out", "rates");
    expect(exitCode).toBe(0);
    await expect(readFileSync(join(cwd, "rates", "map.svg"), "utf8")).toMatchFileSnapshot(
      join(FOLDER, "learning-rate", "map.svg"),
    );
    const { points } = JSON.parse(readFileSync(join(cwd, "rates", "sweep.json"), "utf8")) as Sweep;
    const store = readStore(join(cwd, "rates"));
    const endsBelow = (cell: string) => {
      const arm = store.read(cell)?.arm;
      return arm?.status === "trained" && Number(arm.final.train) < Number(arm.costs[0]?.train);
    };
    const largest = (arm: string) =>
      Math.log10(Number(points.findLast(({ arms }) => arms[arm]?.cells.every(endsBelow))?.values["learningRate"]));
    const claim = answer.claims.find(({ name }) => name === "learning-rate");
    for (const { name, parameters } of loadClaim("learning-rate").numbers) {
      const { control, treated } = parameters as { control: string; treated: string };
      const { measured } = claim?.numbers.find((number) => number.name === name) ?? {};
      expect(measured?.value, name).toBeCloseTo(largest(treated) - largest(control), 4);
    }
  });
});

function expectCommonForm(text: string, claim: Claim): void {
  const headings = [...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading);
  expect(headings).toEqual([`# ${claim.name}`, "## What is computed", "## Last measured", "## Does it hold?"]);
  expect(text).toContain(`\n${claim.claim}\n\n**Source.** ${claim.source}.\n`);
  expect(text).toContain(`npx bn-compare reproduce ${claim.name}\n`);
  expect(text).toMatch(/^It takes about \d+ s of computing on one core\.$/m);
  expect(text.match(/^\| .* \| (yes|no) \|$/gm)).toHaveLength(claim.numbers.length);
}

describe("the command", () => {
  /** A quick claim, changed. */
  function changedClaim(change: (text: string) => string): string {
    const folder = emptyFolder();
    const text = read("tanh-saturation", "claim.yaml");
    expect(change(text)).not.toBe(text);
    writeFileSync(join(folder, "claim.yaml"), change(text));
    return folder;
  }

  test("prints a table of at most 80 columns, progress on stderr, and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await bnCompare(emptyFolder(), "reproduce", "tanh-saturation");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^claim +published +tolerance +measured +over seeds +holds +s$/m);
    expect(stdout).toMatch(/^ {2}saturated +0\.599 +± [\d.]+(?: %)? +0\.\d+ +0\.\d+ to 0\.\d+ +yes *$/m);
    expect(stdout).toContain("All hold: 2 of 2 numbers in one claim.");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stderr).toBe("1 of 1: tanh-saturation holds\n");
  });

  test("exits with 1 where a published number is 10 % off, and says which", async () => {
    const folder = changedClaim((text) => text.replace("published: 0.599", "published: 0.659"));
    const { exitCode, stdout, stderr } = await bnCompare(emptyFolder(), "reproduce", folder, "--quiet");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ {2}saturated .* NO *$/m);
    expect(stdout).toContain("Not all hold: 1 of 2 numbers");
    expect(stderr).toMatch(/saturated: 0\.59\d*; published: 0\.659 ± 0\.01/);
  });

  test("calls a number undefined where it is, with the reason, and exits with 1", async () => {
    // A net of one unit is soon dead: its second moments are 0, and their ratios no numbers.
    const folder = changedClaim((text) =>
      text
        .replace("statistic: secondMoment\n", "statistic: secondMomentGrowth\n")
        .replace("{arm: plain, from: 10}", "{arm: plain, mean: geometric}")
        .replace("activation: tanh", "activation: relu")
        .replace("width: 30", "width: 1")
        .replace(/ {2}saturated:.*/s, ""),
    );
    const { exitCode, stdout, stderr } = await bnCompare(emptyFolder(), "reproduce", folder, "--quiet");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ {2}q\* +25\.32 +± 1\u00a0% +undefined +– +NO *$/m);
    expect(stderr).toMatch(/undefined \((NaN|−Infinity) at seed number \d+\)/);
  });

  test("gives the same digits in float64 and with any number of workers", async () => {
    const outputs = await Promise.all(
      [
        ["--workers", "1"],
        ["--workers", "3"],
        ["--engine", "reference"],
      ].map((flags) => bnCompare(emptyFolder(), "reproduce", "tanh-saturation", "--json", "--quiet", ...flags)),
    );
    const measured = outputs.map(({ stdout }) =>
      (JSON.parse(stdout) as Answer).claims[0]?.numbers.map((number) => toPrinted(number.measured)),
    );
    expect(measured[0]).toEqual(measured[1]);
    // A tanh net of 20 layers at this weight variance is chaotic: float32 and float64 part, their statistics do not.
    expect(measured[2]?.map(([value]) => Number(value))).toEqual([
      expect.closeTo(Number(measured[0]?.[0]?.[0]), 0),
      expect.closeTo(Number(measured[0]?.[1]?.[0]), 2),
    ]);
  });

  test.each([
    [["reproduce", "born-ded"], "there is no claim born-ded; did you mean born-dead?"],
    [["reproduce", "--engine", "fusd"], "did you mean fused?"],
    [["reproduce", "--workers", "0"], "--workers: 0 is not a whole number"],
  ])("%j exits with 2", async (args, says) => {
    const cwd = emptyFolder();
    const { exitCode, stdout, stderr } = await bnCompare(cwd, ...args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(says);
    expect(existsSync(join(cwd, "x"))).toBe(false);
  });

  test("lists the claims with their sources, and measures nothing", async () => {
    const { exitCode, stdout } = await bnCompare(emptyFolder(), "reproduce", "--list");
    expect(exitCode).toBe(0);
    for (const name of claimNames()) expect(stdout).toMatch(new RegExp(`^${name}$`, "m"));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const { stdout: json } = await bnCompare(emptyFolder(), "reproduce", "--list", "--json");
    expect((JSON.parse(json) as Answer).claims.map(({ name }) => name)).toEqual(claimNames());
  });
});
