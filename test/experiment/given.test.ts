import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparableConfig, configHash } from "../../src/check/baseline.js";
import type { Settings } from "../../src/config/keys.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { replayed } from "../../src/experiment/replay.js";
import { runExperiment } from "../../src/experiment/run.js";
import { initialWeights } from "../../src/model/initializers.js";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { experimentOf, runnerOf } from "./experiments.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "given-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const ROWS = Array.from({ length: 12 }, (_, i) => [i + 0.5, (i * 7) % 5] as const);
const POINTS = `x,y\n${ROWS.map(([x, y]) => `${x},${y}`).join("\n")}\n`;
const identity = (settings: Settings) => configHash(comparableConfig(experimentOf(settings)));

describe("data are the same when their float32 values are", () => {
  test.each<[string, string | Uint8Array, Settings]>([
    ["with Windows' line ends", POINTS.replaceAll("\n", "\r\n"), {}],
    ["with more digits", POINTS.replaceAll(".5,", ".50,"), {}],
    ["with digits that float32 does not have", POINTS.replaceAll(".5,", ".500000000001,"), {}],
    ["with semicolons and decimal commas", POINTS.replaceAll(",", ";").replaceAll(".", ","), {}],
    ["with other names", POINTS.replace("x,y", "size,price"), {}],
    ["in gzip", gzipSync(POINTS), {}],
    ["in UTF-16", Buffer.from(`\ufeff${POINTS}`, "utf16le"), {}],
    [
      "chosen from more columns",
      POINTS.replace("x,y", "y,x").replaceAll("\n", ",0\n"),
      { target: "x", columns: ["y"] },
    ],
    ["with the delimiter given", POINTS, { delimiter: "," }],
  ])("%s", (name, content, settings) => {
    const plain = identity({ data: file("plain.csv", POINTS) });
    expect(identity({ data: file(`${name.replaceAll(/\W/g, "-")}.csv`, content), ...settings })).toBe(plain);
  });

  test("and are others with one value changed, as test data too", () => {
    const data = file("plain.csv", POINTS);
    const other = file("other.csv", POINTS.replace("0.5,", "0.5001,"));
    expect(identity({ data: other })).not.toBe(identity({ data }));
    expect(identity({ data, testData: other })).not.toBe(identity({ data, testData: data }));
  });

  test("the digest is that of the pairing certificate", () => {
    const experiment = experimentOf({ data: file("plain.csv", POINTS) });
    expect(experiment.config.data?.sha256).toBe(experiment.draw(1).dataset.digests.data);
  });
});

describe("weights are the same when their float32 values are", () => {
  const weights = initialWeights([1, 4, 1], { init: "he", initStd: 1 }, 9);

  test("whatever else the file says", () => {
    const one = file("one.safetensors", writeSafetensors(weights, {}));
    const other = file("other.safetensors", writeSafetensors(new Map([...weights].reverse()), { made: "elsewhere" }));
    expect(identity({ weights: other })).toBe(identity({ weights: one }));
    const [[name, first]] = [...weights] as [[string, { shape: readonly number[]; data: Float32Array }]];
    const changed = new Map([...weights, [name, { ...first, data: first.data.map((value) => value * 2) }] as const]);
    expect(identity({ weights: file("changed.safetensors", writeSafetensors(changed, {})) })).not.toBe(
      identity({ weights: one }),
    );
  });
});

describe("a run on given data", () => {
  const table = `id,size,price,note\n${ROWS.map(([x, y], i) => `${i * 3},${x},${y},n`).join("\n")}\n`;
  const choice: Settings = { target: "price", columns: ["size"] };

  test("records its columns and how they were read, and repeats from the run folder", async () => {
    const experiment = experimentOf({ data: file("table.csv", gzipSync(table)), ...choice, updates: 3 });
    const { result } = await runExperiment(experiment, runnerOf(referenceEngine()));
    expect(result.data.columns).toEqual({
      inputs: ["size"],
      target: "price",
      reading: { encoding: "UTF-8", delimiter: ",", decimalMark: ".", header: true, unused: ["id", "note"] },
    });
    expect(result.config).toMatchObject(choice);
    for (const [name, bytes] of experiment.inputs) file(join("run", name), bytes);
    const again = replayed(result, join(folder, "run"));
    expect((await runExperiment(again, runnerOf(referenceEngine()))).result).toEqual(result);
    file("run/inputs/data.csv", table.replace("0.5", "0.75"));
    expect(() => replayed(result, join(folder, "run"))).toThrow("does not hold the values that the run was made with");
    file("run/inputs/data.csv", table.replaceAll("\n", "\r\n"));
    expect(replayed(result, join(folder, "run")).config.data).toEqual(result.config.data);
  });

  test("takes the columns of its test data by their names", () => {
    const testData = file("test.csv", "price;size\n7;0,5\n");
    const experiment = experimentOf({ data: file("table.csv", table), testData, ...choice });
    const { evaluation } = experiment.draw(1).dataset;
    expect([[...evaluation.x], [...evaluation.y]]).toEqual([[0.5], [7]]);
    expect(experiment.notices.at(-1)).toContain("test.csv: columns separated by semicolons, decimal commas");
    const wrong = file("wrong.csv", "a,price\n1,2\n");
    expect(() => experimentOf({ data: file("table.csv", table), testData: wrong, ...choice })).toThrow(
      'wrong.csv: there is no column "size" (as in the training points); the file has "a", "price"',
    );
  });

  test("is what target, columns and delimiter are about", () => {
    for (const settings of [{ target: "a" }, { columns: ["a"] }, { delimiter: ";" as const }]) {
      expect(() => experimentOf(settings)).toThrow("applies to a file of points; give one with data");
    }
  });
});
