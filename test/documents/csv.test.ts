import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { distributionSchema, gapSchema, layerSchema, verdictSchema } from "../../src/record/layers.js";
import { RULES, VERDICTS } from "../../src/record/verdicts.js";
import { TABLES } from "../../src/tables/index.js";
import type { Column, Table } from "../../src/tables/table.js";

const DOCUMENT = new URL("../../docs/csv.md", import.meta.url);
const text = readFileSync(DOCUMENT, "utf8");
/** What is written by hand, before the first table. */
const [head = ""] = text.split(/^## \w+\.csv$/m);

function sectionOf({ name, description, columns, details }: Table): string {
  const row = ({ name, unit = "", description }: Column) =>
    `| \`${name}\` | ${unit === "" ? "" : `${unit} `}| ${description} |`;
  const table = ["| column | unit | meaning |", "|---|---|---|", ...columns.map(row)].join("\n");
  return [`## ${name}.csv`, description, table, ...(details === undefined ? [] : [details])].join("\n\n");
}

describe("docs/csv.md", () => {
  // To write it again: npx vitest run test/documents/csv.test.ts --update
  test("says what every column of every table means", async () => {
    const whole = `${[head.trim(), ...TABLES.map(sectionOf)].join("\n\n")}\n`;
    await expect(whole).toMatchFileSnapshot(DOCUMENT.pathname);
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
    const [, table = ""] = (TABLES.find(({ name }) => name === "layers")?.details ?? "").split("|---|---|---|\n");
    const named = table.split("\n").flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)]);
    expect(named.map(([, name]) => name).sort()).toEqual(quantities.sort());
  });

  test("has every verdict and every rule of one", () => {
    for (const verdict of [...VERDICTS, ...RULES]) expect(text).toContain(`\`${verdict}\``);
  });

  test("names every column of numbers that pandas has to be told of", () => {
    const [, list = ""] = /NUMBERS = \[([^\]]*)\]/.exec(head) ?? [];
    const numbers = TABLES.flatMap(({ columns }) =>
      columns.filter(({ type }) => type === "number" || type === "count"),
    );
    for (const name of list.match(/[\w]+/g) ?? []) expect(numbers.map((column) => column.name)).toContain(name);
    for (const name of ["cost", "value", "low", "high", "ratio", "gap", "norm"]) expect(list).toContain(`"${name}"`);
  });
});
