import { expect } from "vitest";
import type { Addition } from "./sources.js";

const WAVE = `import type { DatasetDefinition } from "./definition.js";

export const wave: DatasetDefinition = {
  about: "a wave",
  curve: "sin x",
  anyInputs: true,
  place(row, place, samples, stream) {
    row[0] = place / samples;
    for (let i = 1; i < row.length; i++) row[i] = stream.uniform();
  },
  target: (row) => Math.sin(row[0] as number),
};
`;

export const dataset: Addition = {
  what: "a dataset",
  add(copy) {
    copy.write("src/data/datasets/wave.ts", WAVE);
    copy.edit("src/data/datasets/index.ts", 'zigzag.js";\n', 'zigzag.js";\nimport { wave } from "./wave.js";\n');
    copy.edit("src/data/datasets/index.ts", "zigzag, step }", "zigzag, step, wave }");
  },
  touches: ["src/data/datasets/wave.ts", "src/data/datasets/index.ts"],
  async shows(copy) {
    expect((await copy.command("run", "--help")).stdout.replace(/\s+/g, " ")).toContain(
      "generated data: x² − 5; Gaussian inputs; a zigzag of period 8 from −40 to 40; a step at 0 from −40 to 40; a wave",
    );
    const small = ["run", "--dataset", "wave", "--epochs", "2", "--samples", "20", "--width", "4", "--noise", "0"];
    const run = await copy.command(...small, "--out", "run", "--chart-format", "both");
    expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
    const file = (name: string) => copy.read("run", name);
    const { config, data } = JSON.parse(file("result.json"));
    expect([config.dataset, config.inputs, data.truth]).toEqual(["wave", 1, "sin x"]);
    expect(data.drawn.y).toEqual(data.drawn.x.map((x: number) => Math.fround(Math.sin(x))));
    const { truth } = JSON.parse(file("data.vl.json")).datasets;
    expect(truth).toHaveLength(data.grid.length);
    for (const { x, y } of truth) expect(y).toBeCloseTo(Math.sin(x), 6);
    expect(file("data.svg")).toContain("truth: sin x");
    expect(file("report.html")).toContain("20 points on the curve sin x");

    const wide = JSON.parse((await copy.command(...small, "--inputs", "3", "--json")).stdout);
    expect([wide.config.inputs, wide.data.inputs, wide.data.truth]).toEqual([3, 3, undefined]);
    const refused = await copy.command("run", "--inputs", "3");
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        "--inputs: applies to dataset gaussian or wave only; dataset parabola has one input column",
      ),
    ]);
  },
};
