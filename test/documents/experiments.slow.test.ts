import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sweepSchema } from "../../src/record/sweep.js";
import { numberText } from "../../src/text/numbers.js";
import { bnCompare, emptyFolder } from "../cli/command.js";
import { sharedRun } from "../cli/shared-run.js";
import { controlSections, readDocument } from "./findings.js";

test.each(["tutorial-relu", "tutorial-tanh", "tutorial-minibatch"])(
  "what experiments/%s/README.md says is what its command prints",
  async (name) => {
    const text = readDocument(`experiments/${name}/README.md`);
    const { exitCode, stdout } = await sharedRun("run", `experiments/${name}`);
    expect(exitCode).toBe(0);
    const bn = /bn learned: ([\d.]+ in inference mode)/.exec(stdout)?.[1];
    expect(text).toContain(bn);
    const plain = /^plain (diverged at update \d+|learned little: [\d.]+)/m.exec(stdout)?.[1];
    expect(text).toContain(plain);
  },
);

describe("what experiments/controls/README.md says", () => {
  const commands = ["run experiments/controls", "run experiments/controls --activation tanh"];

  test.each(commands.map((command, i) => ({ command, section: controlSections[i] as string })))(
    "is what npx bn-compare $command prints",
    async ({ command, section }) => {
      const { exitCode, stdout } = await sharedRun(...command.split(" "));
      expect(exitCode).toBe(0);
      const rows = [...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)];
      expect(rows).toHaveLength(16);
      for (const [, arm, cells] of rows) {
        // The document does not separate thousands.
        const printed = [...stdout.replaceAll(/(?<=\d)\u00a0(?=\d)/g, "").matchAll(new RegExp(`^${arm} .*$`, "gm"))]
          .map(([line]) => line)
          .join("\n");
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
});

/** Medians over the seeds in the tables that a command prints, by arm: "10 of 10" where all diverged, and in both modes. */
async function endsPrinted(command: string): Promise<ReadonlyMap<string, { median: string; training: string }>> {
  const { exitCode, stdout } = await sharedRun(...command.split(" "));
  expect(exitCode).toBe(0);
  const rows = [...stdout.matchAll(/^(\S+) +(\d+ of \d+) {2,}(\S+) {2,}\S+ {2,}(\S+) {2,}\S+$/gm)];
  return new Map(
    rows.map(([, arm = "", diverged = "", median = "", training = ""]) => [
      arm,
      { median: median === "–" ? diverged : median, training },
    ]),
  );
}

/** The cells of a document's table behind the first, by the name in the first. */
function tableOf(text: string): [name: string, cells: string[]][] {
  return [...text.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(([, name = "", cells = ""]) => [
    name,
    cells.split("|").map((cell) => cell.trim()),
  ]);
}

/** The costs in the sentences below the table are in the table. */
function expectToldCosts(text: string): void {
  const numbers = (part: string) => part.match(/(?<![\d.−])\d{2,3}(?:\.\d)?(?![\d.]*\d)/g) ?? [];
  const [told = "", table = ""] = [text.split("\n- ").slice(1).join("\n").split("## What CI gates")[0], text];
  const known = new Set([...tableOf(table).flatMap(([, cells]) => cells.flatMap(numbers)), "751", "10"]);
  expect(numbers(told).length).toBeGreaterThan(5);
  expect(numbers(told).filter((number) => !known.has(number))).toEqual([]);
}

describe("what experiments/normalizers/README.md says", () => {
  const text = readDocument("experiments/normalizers/README.md");
  const commands = [...text.matchAll(/^npx bn-compare (run .+)$/gm)].map(([, command = ""]) => command);
  const table = tableOf(text);

  test("has a column for each of four commands and a row for each of eight arms", () => {
    expect([commands.length, table.length]).toEqual([4, 8]);
    expectToldCosts(text);
  });

  test.each(commands.map((command, column) => ({ command, column })))(
    "is what npx bn-compare $command prints",
    async ({ command, column }) => {
      const printed = await endsPrinted(command);
      expect(table.map(([arm, cells]) => [arm, cells[column]])).toEqual(
        [...printed].map(([arm, { median }]) => [arm, median]),
      );
    },
  );
});

test("what experiments/optimizers/README.md says is what its command prints", async () => {
  const text = readDocument("experiments/optimizers/README.md");
  const printed = await endsPrinted("run experiments/optimizers");
  const table = tableOf(text);
  expect(table.map(([optimizer]) => optimizer)).toEqual(["sgd", "momentum", "adam"]);
  for (const [optimizer, [, ...cells]] of table) {
    for (const [place, rate] of ["-low", "", "-high"].entries()) {
      const [plain, bn] = [printed.get(`plain-${optimizer}${rate}`), printed.get(`bn-${optimizer}${rate}`)];
      expect([cells[place], cells[place + 3]]).toEqual([plain?.median, `${bn?.median} / ${bn?.training}`]);
    }
  }
  expectToldCosts(text);
});

/** Costs of classifiers in the sentences below the tables are in the tables. */
function expectToldInTables(text: string): void {
  const [told = ""] = text.split("\n- ").slice(1).join("\n").split("## What CI gates");
  const tables = new Set(
    [...text.matchAll(/^\|.*\|$/gm)].flatMap(([row]) => row.split(/[|/]/).map((cell) => cell.trim())),
  );
  const numbers = told.match(/(?<![\d.])\d+\.\d+(?!²)/g) ?? [];
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.filter((number) => !tables.has(number))).toEqual([]);
}

test("what experiments/images-where/README.md says is what its command prints", async () => {
  const text = readDocument("experiments/images-where/README.md");
  const printed = await endsPrinted("run experiments/images-where");
  expect(tableOf(text).map(([arm, [, ...cells]]) => [arm, cells.slice(0, 2)])).toEqual(
    [...printed].map(([arm, { median, training }]) => [arm, [median, training]]),
  );
  expectToldInTables(text);
});

describe("what experiments/images-no-improvement/README.md says", () => {
  const text = readDocument("experiments/images-no-improvement/README.md");
  const commands = [...text.matchAll(/^npx bn-compare (run|sweep) (.+)$/gm)].map(
    ([, name, flags]) => `${name} ${flags}`,
  );

  test("is of four commands, and its sentences have the tables' numbers", () => {
    expect(commands.map((command) => command.split(" ")[0])).toEqual(["run", "run", "run", "sweep"]);
    expectToldInTables(text);
  });

  test.each(commands.slice(0, 3).map((command, column) => ({ command, column })))(
    "is what npx bn-compare $command prints",
    async ({ command, column }) => {
      const printed = await endsPrinted(command);
      expect(tableOf(text).map(([arm, cells]) => [arm, cells[column]])).toEqual(
        [...printed].map(([arm, { median, training }]) => [arm, `${median} / ${training}`]),
      );
    },
  );

  test("is what its sweep finds at every rate", async () => {
    const [name = "", folder = "", ...flags] = commands[3]?.split(" ") ?? [];
    const there = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    const { exitCode, stdout } = await bnCompare(
      emptyFolder(),
      name,
      there,
      ...flags,
      "--out",
      "store",
      "--json",
      "--quiet",
    );
    expect(exitCode).toBe(0);
    const { points } = sweepSchema.parse(JSON.parse(stdout));
    const found = points.map(({ values, arms }) => [
      String(values["learningRate"]),
      ...Object.values(arms).map(({ median }) => numberText(median ?? "NaN")),
    ]);
    const rows = [...text.matchAll(/^\| ([\d.]+) \|(.+)\|$/gm)].map(([, rate, cells = ""]) => [
      rate,
      ...cells.split("|").map((cell) => cell.trim()),
    ]);
    expect(rows).toEqual(found);
  });
});
