import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TABLES } from "../../src/tables/index.js";
import { bnCompare, emptyFolder } from "../cli/command.js";
import { readDocument } from "./findings.js";

const text = readDocument("docs/csv.md");

test("docs/csv.md has commands that write files with these columns", async () => {
  const cwd = emptyFolder();
  const commands = [...text.matchAll(/^npx bn-compare (.+)$/gm)].map(([, args]) => args?.split(" ") ?? []);
  expect(commands.length).toBeGreaterThanOrEqual(2);
  for (const args of commands) expect((await bnCompare(cwd, ...args)).exitCode).toBe(0);
  for (const name of ["arms", "costs", "medians", "effects", "layers", "gap", "histograms"]) {
    const [columns] = readFileSync(join(cwd, "runs", "tanh", `${name}.csv`), "utf8").split("\n");
    expect(
      TABLES.find((table) => table.name === name)
        ?.columns.map((column) => column.name)
        .join(","),
    ).toBe(columns);
  }
});
