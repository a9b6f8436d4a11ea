import { describe, expect, test } from "vitest";
import { flagOf, type KeyName, type Settings } from "../../src/config/keys.js";
import type { Layer } from "../../src/config/layers.js";
import { mergeLayers } from "../../src/config/merge.js";
import { presets } from "../../src/config/presets.js";
import { Problems } from "../../src/problems.js";

const file = (settings: Settings): Layer => ({ settings, locate: (name) => `a.yaml: ${name}` });
const flags = (settings: Settings): Layer => ({ settings, locate: (name) => flagOf(name as KeyName) });

function merged(...layers: Layer[]) {
  const problems = new Problems();
  const { settings, written } = mergeLayers(presets.tutorial, layers, problems);
  return { settings, written, problems: problems.lines() };
}

describe("precedence", () => {
  test("a file overrides the preset, and flags override the file", () => {
    const { settings, written, problems } = merged(file({ width: 10, seed: 2 }), flags({ seed: 3 }));
    expect(settings).toEqual({ ...presets.tutorial, width: 10, seed: 3 });
    expect(written).toEqual(
      new Map([
        ["width", "a.yaml: width"],
        ["seed", "--seed"],
      ]),
    );
    expect(problems).toEqual([]);
  });

  test("a value that says the same as the preset still counts as written", () => {
    expect(merged(file({ width: 30 })).written.has("width")).toBe(true);
    expect(merged().written.size).toBe(0);
  });

  test("merging leaves the preset as it was", () => {
    const before = structuredClone(presets.tutorial);
    merged(file({ updates: 3, data: "points.csv", init: "he" }));
    expect(presets.tutorial).toEqual(before);
  });
});

describe("what excludes each other: written later, one drops the other", () => {
  test("updates drop the preset's epochs", () => {
    const { settings, problems } = merged(flags({ updates: 7 }));
    expect(settings.updates).toBe(7);
    expect(settings).not.toHaveProperty("epochs");
    expect(problems).toEqual([]);
  });

  test("epochs among the flags drop updates in the file", () => {
    const { settings, written, problems } = merged(file({ updates: 7 }), flags({ epochs: 2 }));
    expect(settings.epochs).toBe(2);
    expect(settings).not.toHaveProperty("updates");
    expect(written.has("updates")).toBe(false);
    expect(problems).toEqual([]);
  });

  test("epochs and updates in one place are a problem", () => {
    expect(merged(file({ epochs: 2, updates: 7 })).problems).toEqual([
      "a.yaml: epochs: cannot be given together with updates; remove one of them",
    ]);
  });

  test("epochs and updates in the file are settled by either among the flags", () => {
    const { settings, problems } = merged(file({ epochs: 2, updates: 7 }), flags({ updates: 9 }));
    expect(settings.updates).toBe(9);
    expect(settings).not.toHaveProperty("epochs");
    expect(problems).toEqual([]);
  });

  test("given data drops what belongs to generated data, of the preset and of the file", () => {
    const { settings, problems } = merged(file({ samples: 10, noise: 1 }), flags({ data: "points.csv" }));
    for (const name of ["samples", "noise", "testSamples"]) expect(settings).not.toHaveProperty(name);
    expect(problems).toEqual([]);
  });

  test("given data drops the generated dataset and its columns", () => {
    const { settings, problems } = merged(file({ dataset: "gaussian", inputs: 4 }), flags({ data: "points.csv" }));
    for (const name of ["dataset", "inputs"]) expect(settings).not.toHaveProperty(name);
    expect(problems).toEqual([]);
  });

  test("the gaussian dataset has one input column unless more are asked for, and the parabola again drops them", () => {
    expect(merged(flags({ dataset: "gaussian" })).settings.inputs).toBe(1);
    const { settings, problems } = merged(file({ dataset: "gaussian", inputs: 4 }), flags({ dataset: "parabola" }));
    expect(settings).not.toHaveProperty("inputs");
    expect(settings.dataset).toBe("parabola");
    expect(problems).toEqual([]);
  });

  test("generated data's keys beside data are a problem each, with both places", () => {
    const { problems } = merged(file({ data: "points.csv", samples: 10 }), flags({ noise: 1 }));
    expect(problems).toEqual([
      "a.yaml: samples: applies to generated data; the points come from a.yaml: data",
      "--noise: applies to generated data; the points come from a.yaml: data",
    ]);
  });

  test("another init drops the standard deviation, which init normal brings back", () => {
    expect(merged(flags({ init: "he" })).settings).not.toHaveProperty("initStd");
    expect(merged(file({ init: "he" }), flags({ init: "normal" })).settings.initStd).toBe(1);
    expect(merged(file({ init: "normal", initStd: 0.5 })).settings.initStd).toBe(0.5);
  });

  test("a standard deviation beside another init is a problem", () => {
    const expected = (at: string) => [`${at}: applies to init normal only; init is he`];
    expect(merged(file({ init: "he", initStd: 2 })).problems).toEqual(expected("a.yaml: initStd"));
    expect(merged(file({ init: "he" }), flags({ initStd: 2 })).problems).toEqual(expected("--init-std"));
  });
});

describe("what cannot hold together", () => {
  test("test points need points to train on", () => {
    expect(merged(flags({ testData: "t.csv" })).problems).toEqual([
      "--test-data: also needs data: your own points to train on",
    ]);
    expect(merged(flags({ testData: "t.csv", data: "p.csv" })).problems).toEqual([]);
  });

  test("a backend belongs to the engine tfjs", () => {
    expect(merged(file({ engine: "reference" }), flags({ backend: "cpu" })).problems).toEqual([
      "--backend: applies to engine tfjs only; engine is reference",
    ]);
    expect(merged(flags({ backend: "cpu" })).problems).toEqual([]);
    expect(merged(flags({ backend: "cpu", engine: "tfjs" })).problems).toEqual([]);
  });

  test("a batch has at most as many points as there are", () => {
    expect(merged(flags({ samples: 5, batchSize: 6 })).problems).toEqual([
      "--batch-size: 6 is more than the 5 samples; give at most that, or full",
    ]);
    expect(merged(flags({ samples: 5, batchSize: 5 })).problems).toEqual([]);
    expect(merged(flags({ samples: 5, batchSize: "full" })).problems).toEqual([]);
  });

  test("the last of several seeds is still a number of its own", () => {
    const largest = Number.MAX_SAFE_INTEGER;
    expect(merged(file({ seeds: 3 }), flags({ seed: largest - 1 })).problems).toEqual([
      "a.yaml: seeds: 3 seeds from 9007199254740990 on go beyond 9007199254740991",
    ]);
    expect(merged(flags({ seeds: 3, seed: largest - 2 })).problems).toEqual([]);
    expect(merged(flags({ seed: largest })).problems).toEqual([]);
    expect(merged(flags({ seeds: [1, largest] })).problems).toEqual([]);
  });

  test("a first seed over a file's list of seeds asks for that seed alone; beside a list it is a problem", () => {
    const over = merged(file({ seeds: [1, 2] }), flags({ seed: 7 }));
    expect(over.problems).toEqual([]);
    expect(over.settings).toMatchObject({ seed: 7 });
    expect(over.settings.seeds).toBeUndefined();
    expect(merged(flags({ seeds: [1, 2], seed: 7 })).problems).toEqual([
      "--seed: cannot be given together with a list of seeds; remove one of them",
    ]);
  });

  test("input columns belong to the gaussian dataset", () => {
    const problem = (at: string) => [`${at}: applies to dataset gaussian only; dataset parabola has one input column`];
    expect(merged(file({ inputs: 3 })).problems).toEqual(problem("a.yaml: inputs"));
    expect(merged(file({ dataset: "parabola", inputs: 3 })).problems).toEqual(problem("a.yaml: inputs"));
    expect(merged(file({ dataset: "gaussian" }), flags({ dataset: "parabola", inputs: 2 })).problems).toEqual(
      problem("--inputs"),
    );
    expect(merged(file({ dataset: "gaussian" }), flags({ inputs: 2 }))).toMatchObject({
      settings: { dataset: "gaussian", inputs: 2 },
      problems: [],
    });
  });

  test("a generated dataset and given data are a problem, in whichever order", () => {
    const problem = (at: string, data: string) => [`${at}: applies to generated data; the points come from ${data}`];
    expect(merged(file({ data: "p.csv", dataset: "gaussian" })).problems).toEqual(
      problem("a.yaml: dataset", "a.yaml: data"),
    );
    expect(merged(file({ data: "p.csv" }), flags({ dataset: "gaussian" })).problems).toEqual(
      problem("--dataset", "a.yaml: data"),
    );
  });

  test("everything that cannot hold together is reported at once", () => {
    const { problems } = merged(
      flags({ epochs: 1, updates: 1, init: "he", initStd: 1, testData: "t.csv", engine: "reference", backend: "cpu" }),
      flags({ batchSize: 501 }),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "--epochs",
      "--init-std",
      "--test-data",
      "--backend",
      "--batch-size",
    ]);
  });
});
