import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfiguration } from "../../src/config/load.js";
import { jsonSchemas } from "../../src/output/schemas.js";

const accepts = new Ajv2020({ strict: false }).compile(JSON.parse(jsonSchemas()["experiment.schema.json"] as string));

const EXPERIMENTS = fileURLToPath(new URL("../../experiments/", import.meta.url));
const files = (readdirSync(EXPERIMENTS, { recursive: true }) as string[]).filter((path) =>
  path.endsWith("experiment.yaml"),
);

describe("the schema that editors check experiments with", () => {
  test("meets several experiments that come with the package", () => {
    expect(files.length).toBeGreaterThanOrEqual(3);
  });

  test.each(files)("accepts experiments/%s, as the command does", (file) => {
    expect(accepts(parse(readFileSync(EXPERIMENTS + file, "utf8"))), JSON.stringify(accepts.errors)).toBe(true);
    expect(() => loadConfiguration(EXPERIMENTS + file, {})).not.toThrow();
  });

  test.each([
    "{}",
    "arms: {plain: {normalize: none}, bn: {}}",
    "arms:\n  plain:\n    normalize: none\n  bn:\n",
    "arms: {a: {}, b with spaces: {against: a, learningRate: 0.5, ghostBatchSize: 5, affine: false}}",
    "seeds: 3",
    "seeds: [5, 3]",
    "bias: -1\nbiasStd: 0.5",
    "dataset: gaussian\ninputs: 10",
    "roundingProbe: 0",
    "batchSize: full",
  ])("accepts %j", (text) => {
    expect(accepts(parse(text)), JSON.stringify(accepts.errors)).toBe(true);
  });

  test.each([
    "arms: [plain]",
    "arms: {a: {seed: 1}}",
    "arms: {a: {decai: 0.5}}",
    "arms: {a: none}",
    "arms: {_a: {}}",
    "arms: {16: {}}",
    "arms: {a: {decay: 1}}",
    "arms: {a: {against: 3}}",
    "seeds: 0",
    "seeds: []",
    "seeds: [1.5]",
    "biasStd: -1",
    "dataset: normal",
    "inputs: 0",
    "normalize: output",
    "ghostBatchSize: 0",
    "roundingProbe: 1001",
    "widht: 3",
  ])("refuses %j", (text) => {
    expect(accepts(parse(text))).toBe(false);
  });
});
