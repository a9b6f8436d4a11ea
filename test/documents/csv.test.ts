import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distributionSchema, gapSchema, layerSchema, verdictSchema } from "../../src/experiment/result-layers.js";
import { RULES, VERDICTS } from "../../src/metrics/verdict-rules.js";
import { CSV_NAMES, csvFilesOf } from "../../src/output/csv-export.js";
import { makeResult } from "../charts/result-fixture.js";
import { bnCompare, emptyFolder } from "../cli/command.js";

const text = readFileSync(new URL("../../docs/csv.md", import.meta.url), "utf8");
const sections = text.split(/^## /m).slice(1);
const sectionOf = (file: string) => sections.find((section) => section.startsWith(`${file}\n`)) ?? "";

/** The names in the first cell of every row of the table with this head. */
function namesIn(section: string, head: string): string[] {
  const [, table = ""] = section.split(`| ${head} | unit | meaning |\n|---|---|---|\n`);
  const [rows = ""] = table.split("\n\n");
  return rows
    .split("\n")
    .flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
}

describe("docs/csv.md", () => {
  const files = csvFilesOf(makeResult({ seeds: 2, plainDivergesAt: 1 }));

  test.each(CSV_NAMES)("has the columns of %s in their order", (file) => {
    expect(namesIn(sectionOf(file), "column")).toEqual(files[file].split("\n")[0]?.split(","));
  });

  test("has every quantity that a layer can have, and no other", () => {
    const { edges: _, counts: __, ...moments } = distributionSchema.shape;
    const { verdict: ___, evidence, ...health } = verdictSchema.shape;
    const { rule: ____, ...judged } = evidence.unwrap().shape;
    const parts = Object.entries(gapSchema.shape).flatMap(([moment, { shape }]) =>
      Object.keys(shape).map((part) => `gap.${moment}.${part}`),
    );
    const quantities = [
      ...["preActivation", "layerInput"].flatMap((values) => Object.keys(moments).map((name) => `${values}.${name}`)),
      ...Object.keys(layerSchema.shape.gradientNorms.shape).map((name) => `gradientNorms.${name}`),
      ...Object.keys(health).map((name) => `health.${name}`),
      ...Object.keys(judged).map((name) => `health.evidence.${name}`),
      ...parts,
    ];
    expect(namesIn(sectionOf("layers.csv"), "quantity").sort()).toEqual(quantities.sort());
  });

  test("has every verdict", () => {
    const row = /^\| `verdict` .*$/m.exec(sectionOf("layers.csv"))?.[0] ?? "";
    for (const verdict of VERDICTS) expect(row).toContain(`\`${verdict}\``);
  });

  test("has every rule of a verdict", () => {
    const row = /^\| `rule` .*$/m.exec(sectionOf("layers.csv"))?.[0] ?? "";
    for (const rule of RULES) expect(row).toContain(`\`${rule}\``);
  });

  test("has commands that write files with these columns", async () => {
    const cwd = emptyFolder();
    const commands = [...text.matchAll(/^npx bn-compare (.+)$/gm)].map(([, args]) => args?.split(" ") ?? []);
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const args of commands) expect((await bnCompare(cwd, ...args)).exitCode).toBe(0);
    for (const file of CSV_NAMES) {
      const [head] = readFileSync(join(cwd, "runs", "tanh", file), "utf8").split("\n");
      expect(namesIn(sectionOf(file), "column").join(",")).toBe(head);
    }
  });
});
