import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CHARTS } from "../../src/charts/index.js";
import { effectNote, effectRows, roundingLines, seedRows } from "../../src/output/evidence.js";
import { writeRunFolder } from "../../src/output/run-folder.js";
import { summaryOf } from "../../src/output/summary.js";
import { costTableRows, referenceLines } from "../../src/output/table.js";
import { sentenceOf } from "../../src/text/findings.js";
import { markdownTable } from "../../src/text/markdown.js";
import type { Rows } from "../../src/text/rows.js";
import { makeResult } from "../charts/result-fixture.js";

describe.each([makeResult(), makeResult({ plainDivergesAt: 1 }), makeResult({ inputs: 3 })])(
  "a run's summary",
  (result) => {
    const DRAWN = ["histograms", "data", "costs", "activations"];
    const summary = summaryOf(result, DRAWN).text;

    test("says in its title what was run", () => {
      expect(summary.split("\n")[0]).toBe("# Batch normalization compared: tanh, 100 updates, seed 1");
    });

    test("has the sentence and what the costs are to be read against", () => {
      expect(summary).toContain(`\n\n${sentenceOf(result)}\n\n`);
      for (const line of referenceLines(result)) expect(summary).toContain(line);
    });

    test("has the table in Markdown: every row with as many cells as the headings", () => {
      const rows = summary.split("\n").filter((line) => line.startsWith("|"));
      const cells = rows.map((row) => row.slice(2, -2).split(" | "));
      const { head, rows: costs } = costTableRows(result);
      expect(cells).toEqual([head, ["---", "---", "---:", "---:", "---:", "---:"], ...costs]);
    });

    test("embeds each picture that was drawn, in its own order, under its caption, with a text for those who do not see it", () => {
      const embedded = [...summary.matchAll(/^## (.+)\n\n!\[(.+)\]\((.+)\)$/gm)];
      expect(embedded.map(([, , , file]) => file)).toEqual([
        "data.svg",
        "costs.svg",
        "histograms.svg",
        "activations.svg",
      ]);
      for (const [, caption, alternative] of embedded) expect(alternative).toBe(caption);
    });

    test("names what computed it, and ends with a newline", () => {
      expect(summary).toMatch(
        /Computed by engine reference \(typescript\), bn-compare 0\.1\.0; decay 0\.5 is .*\. All numbers .*\n$/,
      );
    });
  },
);

describe("a summary over seeds", () => {
  const result = {
    ...makeResult({ seeds: 4, probe: 3 }),
    warnings: [{ code: "inference-gap", arm: "bn", value: 0.5, limit: 0.1, train: 2, inference: 3 } as const],
  };
  const summary = summaryOf(result, []).text;
  const tables = summary.split("\n\n").filter((part) => part.startsWith("|"));

  test("says so in its title, and of which seed the costs are", () => {
    expect(summary.split("\n")[0]).toBe("# Batch normalization compared: tanh, 100 updates, 4 seeds");
    expect(summary).toContain("Costs are mean squared errors, here of seed 1. For comparison: ");
  });

  test("has the tables of costs, seeds and effects, with how to read the last", () => {
    expect(tables).toEqual([
      markdownTable(costTableRows(result)).text,
      markdownTable(seedRows(result) as Rows).text,
      markdownTable(effectRows(result) as Rows).text,
    ]);
    expect(summary).toContain(`\n\n${effectNote(result)}\n\n`);
    expect(effectNote(result)).toContain("With as few as 4 seeds the intervals are too narrow");
  });

  test("lists what rounding does and every warning", () => {
    const lines = roundingLines(result);
    expect(lines).toHaveLength(2);
    expect(summary).toContain(`\n\n${lines.map((line) => `- ${line}`).join("\n")}\n\n`);
    expect(summary).toContain(
      "\n\n- Warning: bn: its cost in inference mode is 50\u00a0% above that in training mode (3 against 2).\n\n",
    );
  });

  test("embeds nothing where nothing was drawn", () => {
    expect(summary).not.toContain("![");
  });

  test("of one seed has none of this", () => {
    const one = summaryOf(makeResult(), []).text;
    expect(one.split("\n\n").filter((part) => part.startsWith("|"))).toHaveLength(1);
    expect(one).not.toMatch(/^- /m);
    expect(one).not.toContain("pairing gain");
    expect(effectNote(makeResult())).not.toContain("too narrow");
  });
});

const NAMES = CHARTS.map(({ name }) => name);

test("every picture that can be drawn has its place in the summary and in a run folder", async () => {
  const embedded = [...summaryOf(makeResult(), NAMES).text.matchAll(/^!\[.+\]\((.+)\)$/gm)];
  expect(embedded.map(([, file]) => file)).toEqual(NAMES.map((name) => `${name}.svg`));
  const place = mkdtempSync(join(tmpdir(), "summary-test-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const result = JSON.stringify(makeResult());
  const files = new Map([["result.json", result], ...NAMES.map((name) => [`${name}.svg`, "<svg/>"] as const)]);
  await writeRunFolder(join(place, "run"), files);
  await writeRunFolder(join(place, "run"), files);
  expect(readdirSync(join(place, "run"))).toHaveLength(1 + NAMES.length);
});
