import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../../src/config/load.js";
import { prepareExperiment } from "../../src/experiment/prepare.js";
import type { Result } from "../../src/record/result.js";
import { recipeOf } from "../../src/report/recipe.js";
import { makeResult } from "../charts/result-fixture.js";
import { emptyFolder } from "../cli/command.js";

/** The flags of a command as the command line's parser hands them on. */
function flagsOf(command: string): Record<string, unknown> {
  const [, text = ""] = command.split("npx bn-compare run");
  const flags: Record<string, unknown> = {};
  for (const [, name = "", value] of text.matchAll(/--([a-z-]+)(?: (?!--)(\S+))?/g)) {
    const isOff = name.startsWith("no-");
    const key = name.replace(/^no-/, "").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    flags[key] = value ?? !isOff;
  }
  return flags;
}

/** A result of the configuration that the flags make. */
function resultOf(experiment: string | undefined, flags: Record<string, unknown>): Result {
  const { config, arms } = prepareExperiment(loadConfiguration(experiment, flags));
  const result = makeResult();
  const [plain] = Object.values(result.arms);
  return {
    ...result,
    config: { ...config, engine: "fused", backend: "wasm-simd" },
    arms: Object.fromEntries(Object.keys(arms).map((name) => [name, plain as NonNullable<typeof plain>])),
  };
}

describe.each([
  [{}, "npx bn-compare run"],
  [
    { activation: "tanh", seeds: "5", roundingProbe: "4" },
    "npx bn-compare run --activation tanh --seeds 5 --rounding-probe 4",
  ],
  [{ preset: "tutorial-minibatch" }, "npx bn-compare run --preset tutorial-minibatch"],
  [{ preset: "tutorial-minibatch", shuffle: false }, "npx bn-compare run --preset tutorial-minibatch --no-shuffle"],
  [{ init: "he", decay: "0.99" }, "npx bn-compare run --init he --decay 0.99"],
  [{ epochs: "2", batchSize: "50" }, "npx bn-compare run --updates 20 --batch-size 50"],
  [{ epochs: "250", batchSize: "50" }, "npx bn-compare run --batch-size 50"],
  [{ seed: "7", hiddenLayers: "3", width: "5" }, "npx bn-compare run --seed 7 --hidden-layers 3 --width 5"],
  [{ seeds: "1,5,9", debias: true, affine: false }, "npx bn-compare run --seeds 1,5,9 --no-affine --debias"],
  [{ dataset: "gaussian", inputs: "3" }, "npx bn-compare run --dataset gaussian --inputs 3"],
])("the command of %j", (flags, command) => {
  test("is the shortest one", () => {
    expect(recipeOf(resultOf(undefined, flags))).toEqual({ command, givenFiles: false });
  });

  test("makes the same configuration again", () => {
    const first = resultOf(undefined, flags);
    const again = resultOf(undefined, flagsOf(recipeOf(first).command));
    expect(again.config).toEqual(first.config);
  });
});

test("arms of their own come as a file that makes the same configuration again", () => {
  const folder = emptyFolder();
  const file = join(folder, "experiment.yaml");
  writeFileSync(
    file,
    "seeds: 3\nactivation: tanh\narms:\n  plain: { normalize: none }\n  slow bn: { decay: 0.9, against: plain }\n",
  );
  const first = resultOf(file, {});
  const recipe = recipeOf(first);
  expect(recipe.command).toBe("npx bn-compare run experiment.yaml");
  writeFileSync(file, recipe.file ?? "");
  expect(resultOf(file, {}).config).toEqual(first.config);
});

test("given files are named as the run folder keeps them", () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "inputs"));
  const points = Array.from({ length: 40 }, (_, x) => `${x},${x * x}`).join("\n");
  writeFileSync(join(folder, "inputs", "data.csv"), `x,y\n${points}\n`);
  const first = resultOf(undefined, { data: join(folder, "inputs", "data.csv") });
  const recipe = recipeOf(first);
  expect(recipe).toEqual({
    command: "npx bn-compare run --data inputs/data.csv --out ../again",
    givenFiles: true,
  });
  const again = resultOf(undefined, { data: join(folder, "inputs", "data.csv") });
  expect(again.config).toEqual(first.config);
});

test("columns are chosen again, also those with a comma in their names", () => {
  const folder = emptyFolder();
  const data = join(folder, "data.csv");
  writeFileSync(data, 'a;"b, in m";c\n1;2;3\n3;1;2\n');
  const flags = { data, columns: '"b, in m",a', target: "c", delimiter: "semicolon" };
  const first = resultOf(undefined, flags);
  expect(first.config).toMatchObject({ columns: ["b, in m", "a"], target: "c", delimiter: ";" });
  expect(recipeOf(first).command).toBe(
    `npx bn-compare run --data inputs/data.csv --target c --columns '"b, in m",a' --delimiter ';' --out ../again`,
  );
});

test("a name that no flag takes stays one argument of the shell", () => {
  const result = resultOf(undefined, {});
  result.config.activation = "it's $(evil)";
  expect(recipeOf(result).command).toBe("npx bn-compare run --activation 'it'\\''s $(evil)'");
});
