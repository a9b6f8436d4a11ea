import { expect } from "vitest";
import type { Addition } from "./sources.js";

export const verdict: Addition = {
  what: "a verdict",
  add(copy) {
    const names = "src/record/verdicts.ts";
    copy.edit(names, '"vanishing", "constant"]', '"vanishing", "constant", "quiet"]');
    copy.edit(names, '  "small-gradient",\n', '  "small-gradient",\n  "few-values",\n');
    copy.edit(
      "src/metrics/verdict-rules.ts",
      "{ value: arriving, limit: gradientShare } : undefined,\n  },\n];",
      `{ value: arriving, limit: gradientShare } : undefined,
  },
  {
    rule: "few-values",
    verdict: "quiet",
    when: "its second moment is below 1e9",
    holds: ({ secondMoment }) => (secondMoment < 1e9 ? { value: secondMoment, limit: 1e9 } : undefined),
  },
];`,
    );
  },
  touches: ["src/record/verdicts.ts", "src/metrics/verdict-rules.ts"],
  async shows(copy) {
    const run = await copy.command(
      "run",
      "--activation",
      "tanh",
      "--init",
      "glorot",
      "--epochs",
      "2",
      "--out",
      "r",
      "--csv",
    );
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/layer 1 is quiet first, at update 0: few values [\d.]+, against a limit of 1000000000/);
    const read = (name: string) => copy.read("r", name);
    const { layers } = JSON.parse(read("result.json")).arms.bn.checkpoints[0];
    expect(layers[0].health).toMatchObject({ verdict: "quiet", evidence: { rule: "few-values", limit: 1e9 } });
    expect(read("layers.csv")).toMatch(/,quiet,.*few-values/);
    expect(read("verdicts.svg")).toContain("quiet");
    expect(read("report.html")).toContain("its second moment is below 1e9");
    expect((await copy.command("inspect", "r")).stdout).toContain("quiet");
  },
};
