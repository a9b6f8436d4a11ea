import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { fromFlag, fromRecord, shortest, toFlags, toWords, toYaml } from "../../src/config/codec.js";
import { flagOf, type Key, type KeyName, keyNames, keyOf } from "../../src/config/keys.js";
import { checkLayer } from "../../src/config/layers.js";
import { configurationFrom } from "../../src/config/load.js";
import { prepareExperiment } from "../../src/experiment/prepare.js";
import { recordedConfiguration } from "../../src/experiment/recorded-config.js";
import { Problems } from "../../src/problems.js";
import type { ResolvedConfig } from "../../src/record/config.js";

/** A column's name: what a quotation mark would end is not one that a flag can give. */
const columnName = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => /^[^"\s]([^"]*[^"\s])?$/.test(name));

function anyValue(key: Key): fc.Arbitrary<unknown> {
  switch (key.type) {
    case "choice":
      return fc.constantFrom(...key.choices);
    case "integer":
      return fc.integer({ min: key.min, max: key.max });
    case "number":
      return fc
        .double({ noNaN: true, noDefaultInfinity: true, min: key.min ?? -1e6, max: Math.max(0.9, key.min ?? 0) })
        .map((value) => value + 0);
    case "normalizer":
      return fc.constantFrom("batch", "layer", "group 3", "rms", "weight", "renorm", "dyt");
    case "layers":
      return fc.array(fc.constantFrom("dense 1", "dense 12", "dense 4096"), { minLength: 2, maxLength: 4 });
    case "batch":
      return fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant("full"));
    case "seeds":
      return fc.oneof(
        fc.integer({ min: 1, max: 1000 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 1e9 }), { minLength: 2, maxLength: 4 }),
      );
    case "switch":
      return fc.boolean();
    case "columns":
      return fc.uniqueArray(columnName, { minLength: 1, maxLength: 4 });
    case "column":
      return columnName;
    case "path":
      return fc.stringMatching(/^[a-z]{1,8}\.[a-z]{3}$/);
    case "text":
      return fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z]$/);
  }
}

/** Some keys, each with a value that it may have. */
const settings = fc
  .record(Object.fromEntries(keyNames.map((name) => [name, fc.option(anyValue(keyOf(name)), { nil: undefined })])))
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

/** Flags as the command line's parser hands them on. */
function parsed(flags: readonly (readonly string[])[]): Record<string, unknown> {
  const names = new Map<string, KeyName>(keyNames.map((name) => [flagOf(name), name]));
  return Object.fromEntries(
    flags.map(([flag = "", value]) => {
      const name = names.get(flag) ?? names.get(flag.replace("--no-", "--"));
      if (name === undefined) throw new Error(`no flag ${flag}`);
      return [name, value === undefined ? names.has(flag) : fromFlag(name, value)];
    }),
  );
}

function checkedSettings(values: Readonly<Record<string, unknown>>): unknown {
  const problems = new Problems();
  const entries = Object.entries(values).map(([key, value]) => ({ key, value }));
  const layer = checkLayer({ entries, locate: (key) => key }, problems);
  expect(problems.lines()).toEqual([]);
  return layer.settings;
}

test("settings → flags → settings", () => {
  fc.assert(
    fc.property(settings, (all) => {
      expect(checkedSettings(parsed(toFlags(all)))).toEqual(all);
    }),
  );
});

test("settings → an experiment file → settings", () => {
  fc.assert(
    fc.property(settings, (all) => {
      expect(checkedSettings(parse(toYaml(all)))).toEqual(all);
    }),
  );
});

/** Settings of runs that fit into a test. */
const small = fc
  .record({
    preset: fc.constantFrom("tutorial", "tutorial-minibatch"),
    activation: fc.constantFrom("relu", "tanh", "sigmoid"),
    seed: fc.integer({ min: 0, max: 1000 }),
    seeds: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant([3, 1, 8])),
    samples: fc.integer({ min: 10, max: 20 }),
    batchSize: fc.oneof(fc.constant("full"), fc.integer({ min: 1, max: 10 })),
    width: fc.integer({ min: 1, max: 4 }),
    init: fc.constantFrom("normal", "he", "glorot"),
    transform: fc.constantFrom("standardize", "center", "scale"),
    ghostBatchSize: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    standardizeTargets: fc.boolean(),
    updates: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    decay: fc.constantFrom(0, 0.5, 0.999),
    engine: fc.constantFrom("fused", "reference"),
    arms: fc.option(fc.constant({ a: { normalize: "none" }, "b c": { decay: 0.1, against: "a" }, d: {} }), {
      nil: undefined,
    }),
  })
  .map((all) => (typeof all.seeds === "number" ? all : { ...all, seed: undefined }));

/** As a result of these settings would record it. */
function recorded(values: Readonly<Record<string, unknown>>): ResolvedConfig {
  const { config, engine } = prepareExperiment(configurationFrom(values));
  return { ...config, engine: engine.name, backend: "any" };
}

test("a recorded configuration → settings → the same configuration, in full and without what the preset says", () => {
  fc.assert(
    fc.property(small, (values) => {
      const config = recorded(values);
      expect(recorded(fromRecord(config))).toEqual(config);
      expect(recorded({ ...shortest(config), arms: config.arms })).toEqual(config);
      const problems = new Problems();
      const again = prepareExperiment(recordedConfiguration({ config }, ".", problems)).config;
      expect(problems.lines()).toEqual([]);
      expect({ ...again, engine: config.engine, backend: config.backend }).toEqual(config);
    }),
    { numRuns: 60 },
  );
});

test("what the preset says is left out", () => {
  expect(shortest(recorded({}))).toEqual({});
  expect(shortest(recorded({ preset: "tutorial-minibatch", decay: 0.9, engine: "reference" }))).toEqual({
    preset: "tutorial-minibatch",
    decay: 0.9,
    engine: "reference",
  });
});

test("every recorded key has words, seeds in a row as a range", () => {
  const words = toWords(recorded({ seeds: 3, arms: { a: {}, b: { decay: 0.1 } } }));
  expect([...words]).toEqual(
    expect.arrayContaining([
      ["seeds", "1–3"],
      ["arms", "a, b"],
      ["arms.b.decay", "0.1"],
      ["batchSize", "500"],
    ]),
  );
});
