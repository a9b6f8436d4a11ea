import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { chartTable } from "../documents/generated-blocks.js";
import type { Addition } from "./sources.js";

const CHART = `import { arms } from "../../tables/arms.js";
import type { Chart } from "../chart.js";
import { layer, paramsOf } from "../parts.js";
import { armsOf, titleOf } from "../runs.js";

export const ends: Chart = {
  name: "ends",
  subject: "Where each arm ends",
  scope: "every seed",
  title: (runs) => titleOf("Final costs of this test", runs),
  tables: [arms],
  spec: (runs, view) => ({
    params: paramsOf(view, { labels: armsOf(runs).map(({ label }) => label) }),
    ...layer(
      "arms",
      { type: "bar" },
      {
        y: { field: "arm", type: "nominal", scale: { domain: { expr: "labels" } } },
        x: { field: "final_inference", type: "quantitative" },
      },
    ),
  }),
  caption: () => ({ description: "A bar for each arm.", notes: ["A note of this test."] }),
};
`;

export const chart: Addition = {
  what: "a chart",
  add(copy) {
    copy.write("src/charts/ends/index.ts", CHART);
    copy.edit("src/charts/index.ts", "import { gap }", 'import { ends } from "./ends/index.js";\nimport { gap }');
    copy.edit("src/charts/index.ts", "  kernels,\n];", "  kernels,\n  ends,\n];");
  },
  touches: ["src/charts/ends/index.ts", "src/charts/index.ts"],
  async shows(copy) {
    const run = await copy.command("run", "--epochs", "2", "--out", "run", "--chart-format", "both");
    expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
    const file = (name: string) => copy.read("run", name);
    expect(file("ends.svg")).toContain("Final costs of this test");
    expect(JSON.parse(file("ends.vl.json")).datasets.arms).toHaveLength(2);
    expect(file("summary.md")).toContain("ends.svg");
    const page = file("report.html");
    expect(page).toContain('id="chart-ends"');
    expect(page.slice(page.indexOf('id="chart-ends"'))).toMatch(/A bar for each arm\..*<svg .*A note of this test\./s);

    const { CHARTS } = await import(pathToFileURL(join(copy.sources, "src/charts/index.ts")).href);
    expect(chartTable(CHARTS)).toContain("| `ends.svg` | Where each arm ends | all |");
  },
};
