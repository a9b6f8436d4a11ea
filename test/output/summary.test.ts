import { describe, expect, test } from "vitest";
import { sentenceOf } from "../../src/experiment/findings.js";
import { summaryOf } from "../../src/output/summary.js";
import { anchorLines, costHeadings, costRows } from "../../src/output/table.js";
import { makeResult } from "../charts/result-fixture.js";

describe.each([makeResult(), makeResult({ plainDivergesAt: 1 }), makeResult({ inputs: 3 })])(
  "a run's summary",
  (result) => {
    const summary = summaryOf(result);

    test("says in its title what was run", () => {
      expect(summary.split("\n")[0]).toBe("# Batch normalization compared: tanh, 100 updates, seed 1");
    });

    test("has the sentence and what the costs are to be read against", () => {
      expect(summary).toContain(`\n\n${sentenceOf(result)}\n\n`);
      for (const line of anchorLines(result)) expect(summary).toContain(line);
    });

    test("has the table in Markdown: every row with as many cells as the headings", () => {
      const rows = summary.split("\n").filter((line) => line.startsWith("|"));
      const cells = rows.map((row) => row.slice(2, -2).split(" | "));
      expect(cells).toEqual([[...costHeadings], ["---", "---", "---:", "---:", "---:", "---:"], ...costRows(result)]);
    });

    test("embeds each of the four pictures under its caption, with a text for those who do not see it", () => {
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
      expect(summary).toMatch(/Computed by the engine reference \(typescript\), bn-compare 0\.1\.0\..*\n$/);
    });
  },
);
