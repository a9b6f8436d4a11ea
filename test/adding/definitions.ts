import { expect } from "vitest";
import type { Addition } from "./sources.js";

const HALVE = `import type { ActivationNormalizer } from "./normalizer.js";

export const halve: ActivationNormalizer = {
  acts: "activations",
  label: "halving",
  formula: "z/2",
  source: "a test",
  dependsOn: "nothing",
  options: [],
  parameters: [],
  forward: (z) => ({
    output: z.map((value) => value / 2),
    backward: (g) => ({ input: g.map((value) => value / 2), parameters: {} }),
  }),
  tfjs: (tf, z) => ({ output: tf.div(z, 2) }),
};
`;

const SIGNS = `import { at } from "../rows.js";
import type { Optimizer } from "./optimizer.js";

export const signs: Optimizer = {
  label: "sign descent",
  formula: "w − η · sign(g)",
  source: "a test",
  options: [],
  slots: [],
  step: (w, gradient, _slots, { learningRate }) => ({
    value: w.map((old, i) => old - learningRate * Math.sign(at(gradient, i))),
    slots: [],
  }),
  tfjs: (tf, w, gradient, _slots, { learningRate }) => ({
    value: tf.sub(w, tf.mul(tf.sign(gradient), learningRate)),
    slots: [],
  }),
};
`;

const TWIN = `import type { Engine } from "./engine.js";
import { referenceEngine } from "./reference.js";

export function twinEngine(): Engine {
  const engine = referenceEngine();
  return { ...engine, info: { ...engine.info, name: "twin" } };
}
`;

const normalizers = "src/model/normalizers/index.ts";

const optimizers = "src/model/optimizers/index.ts";

export const definitions: Addition = {
  what: "a normalizer, an optimizer, an activation and an engine",
  add(copy) {
    copy.write("src/model/normalizers/halve.ts", HALVE);
    copy.edit(normalizers, "import { layer }", 'import { halve } from "./halve.js";\nimport { layer }');
    copy.edit(normalizers, "renorm, dyt, instance }", "renorm, dyt, instance, halve }");
    copy.write("src/model/optimizers/signs.ts", SIGNS);
    copy.edit(optimizers, "import { sgd }", 'import { signs } from "./signs.js";\nimport { sgd }');
    copy.edit(optimizers, "momentum, adam }", "momentum, adam, signs }");
    copy.edit(
      "src/model/activations.ts",
      "  identity: {",
      '  softsign: {\n    formula: "z/(1 + |z|)",\n    range: [-1, 1],\n    value: (z) => z / (1 + Math.abs(z)),\n    derivative: (z) => 1 / (1 + Math.abs(z)) ** 2,\n    tfjs: (tf, z) => tf.div(z, tf.add(tf.abs(z), 1)),\n  },\n  identity: {',
    );
    copy.write("src/engines/twin.ts", TWIN);
    copy.edit("src/engines/names.ts", '"tfjs", "reference"]', '"tfjs", "reference", "twin"]');
    copy.edit(
      "src/engines/registry.ts",
      '  if (name === "reference") {',
      '  if (name === "twin") return { engine: (await import("./twin.js")).twinEngine(), notices: [] };\n  if (name === "reference") {',
    );
  },
  touches: [
    "src/model/normalizers/halve.ts",
    normalizers,
    "src/model/optimizers/signs.ts",
    optimizers,
    "src/model/activations.ts",
    "src/engines/twin.ts",
    "src/engines/names.ts",
    "src/engines/registry.ts",
  ],
  async shows(copy) {
    const short = ["--width", "4", "--hidden-layers", "2", "--samples", "30", "--updates", "3", "--init-std", "0.1"];
    const run = async (...flags: string[]) => {
      const { exitCode, stdout, stderr } = await copy.command("run", ...short, ...flags, "--json", "--quiet");
      expect(exitCode, stderr).toBe(0);
      return JSON.parse(stdout);
    };

    const help = (await copy.command("run", "--help")).stdout;
    for (const word of ["signs", "softsign", "twin"]) expect(help).toContain(word);

    for (const flags of [
      ["--normalizer", "halve"],
      ["--optimizer", "signs"],
      ["--activation", "softsign"],
    ]) {
      const key = flags[0]?.slice(2) ?? "";
      const [truth, other] = [
        await run(...flags, "--engine", "reference"),
        await run(...flags, "--engine", "tfjs", "--backend", "cpu"),
      ];
      expect(truth.config[key]).toBe(flags[1]);
      // Gradients of rounding have signs as well: after three small steps they are still far below this.
      const arms = ["plain", key === "normalizer" ? "halve" : "bn"];
      expect(Object.keys(truth.arms)).toEqual(arms);
      for (const arm of arms) expect(other.arms[arm].final.train / truth.arms[arm].final.train).toBeCloseTo(1, 3);
      const refused = await copy.command("run", ...short, ...flags);
      expect([refused.exitCode, refused.stderr]).toEqual([
        4,
        expect.stringMatching(
          /the engine fused has no kernel for (halving|sign descent|softsign); use --engine tfjs or reference/,
        ),
      ]);
    }
    const halved = await run("--normalizer", "halve", "--engine", "reference");
    expect(halved.arms.halve.final.inference).toBe(halved.arms.halve.final.train);

    const [twin, reference] = [await run("--engine", "twin"), await run("--engine", "reference")];
    expect(twin.config.engine).toBe("twin");
    expect(twin.arms).toEqual(reference.arms);
  },
};
