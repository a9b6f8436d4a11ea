import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { comparableConfig, configHash, differingKeys, statesFile } from "../../src/check/baseline.js";
import { readBaseline, writeBaseline } from "../../src/check/baseline-files.js";
import { byteDigest } from "../../src/data/digest.js";
import { ExpectedError } from "../../src/errors.js";
import { formatJson } from "../../src/files/json.js";
import { newOwner } from "../../src/files/owner.js";
import { type Baseline, baselineSchema } from "../../src/record/baseline.js";
import { type Recorded, record } from "./recorded.js";

let recorded: Recorded;
beforeAll(async () => {
  recorded = await record();
});

let folder: string;
let written: Baseline;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bn-compare-baseline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  written = structuredClone(baselineSchema.parse(recorded.baseline));
  writeFileSync(join(folder, written.recordedStates.file), recorded.bytes);
  write(written);
});
const write = (value: unknown) => writeFileSync(join(folder, "baseline.json"), formatJson(value));

/** The error of reading what lies in the folder. */
function refusal(): ExpectedError {
  try {
    readBaseline(folder);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error("the baseline was read");
}

test("a baseline is read as it was written, with its states", () => {
  const { baseline, recordedStates } = readBaseline(folder);
  expect(baseline).toEqual(written);
  expect([...recordedStates.keys()]).toContain("bn@5+1/layers.0.kernel");
  expect(recordedStates.get("plain@0/layers.0.kernel")?.data).toHaveLength(6);
});

test("a baseline of version 1, whose recorded states were called anchors, is read as one of today", () => {
  const { recordedStates: anchors, ...others } = written;
  write({ ...others, baselineVersion: 1, anchors });
  expect(readBaseline(folder).baseline).toEqual(written);
});

const first = (baseline: Baseline) => baseline.seeds[0] as Baseline["seeds"][number];

describe("refused, with what is wrong and the way out:", () => {
  const cases: [string, () => void, RegExp][] = [
    ["none", () => rmSync(join(folder, "baseline.json")), /has no baseline\.json; write it with/],
    ["an empty file", () => writeFileSync(join(folder, "baseline.json"), ""), /is not JSON: .*truncated/],
    [
      "half a file",
      () => writeFileSync(join(folder, "baseline.json"), readFileSync(join(folder, "baseline.json")).subarray(0, 3000)),
      /is not JSON: .*truncated/,
    ],
    ["something else", () => write([]), /has no baselineVersion/],
    ["null", () => write(null), /has no baselineVersion/],
    ["a later layout", () => write({ ...written, baselineVersion: 3 }), /baselineVersion 3; this bn-compare reads 2/],
    [
      "NaN for a cost",
      () =>
        write({
          ...written,
          seeds: [{ seed: 1, arms: { bn: { status: "trained", final: { train: "NaN", inference: 1 } } } }],
        }),
      /seeds\.0\.arms\.bn\.final\.train is "NaN": .*number/,
    ],
    [
      "a cost beyond every number",
      () =>
        writeFileSync(
          join(folder, "baseline.json"),
          readFileSync(join(folder, "baseline.json"), "utf8").replace(/"train": [\d.]+/, '"train": 1e999'),
        ),
      /final\.train is Infinity: /,
    ],
    [
      "a missing cost",
      () => write({ ...written, seeds: [{ seed: 1, arms: { bn: { status: "trained", final: { train: 1 } } } }] }),
      /seeds\.0\.arms\.bn\.final\.inference is missing/,
    ],
    ["no seeds", () => write({ ...written, seeds: [] }), /seeds is \[\]/],
    [
      "an arm that one seed lacks",
      () => {
        delete written.seeds[1]?.arms["bn"];
        write(written);
      },
      /seeds\.1\.arms\.bn is missing/,
    ],
    [
      "a seed that stands there twice",
      () => write({ ...written, seeds: [first(written), first(written)] }),
      /seeds\.1\.seed is 1, which occurs twice/,
    ],
    [
      "an arm without a curve",
      () => {
        delete written.costs["plain"];
        write(written);
      },
      /costs\.plain is missing/,
    ],
    [
      "digests that end early",
      () => {
        const entry = written.digests["bn"]?.updates[3];
        if (entry !== undefined) entry[1] = entry[1].slice(8);
        write(written);
      },
      /digests\.bn: update 3 does not have eight digits for each of 24 tensors/,
    ],
    [
      "a configuration edited by hand",
      () => write({ ...written, config: { ...written.config, updates: 21 } }),
      /configHash is not the hash of config/,
    ],
    [
      "states that are gone",
      () => rmSync(join(folder, written.recordedStates.file)),
      /cannot read .*baseline-[0-9a-f]{16}\.safetensors: it does not exist/,
    ],
    [
      "states that are cut",
      () => writeFileSync(join(folder, written.recordedStates.file), recorded.bytes.subarray(0, 1000)),
      /baseline-[0-9a-f]{16}\.safetensors is not the file that baseline\.json was written with/,
    ],
  ];
  test.each(cases)("%s", (_, harm, message) => {
    harm();
    const { exitCode, message: text } = refusal();
    expect(text).toMatch(message);
    expect(text).toContain(`bn-compare check --update ${folder}`);
    expect(exitCode).toBe(2);
  });

  test("twenty faults, the others counted, long values shortened", () => {
    write({ ...written, seeds: Array.from({ length: 29 }, () => ({ seed: "x".repeat(200), arms: {} })) });
    const lines = refusal().message.split("\n");
    expect(lines).toHaveLength(22);
    expect(lines[1]).toMatch(/seeds\.0\.seed is "x{59}…: /);
    expect(lines[21]).toBe("  and 9 more");
  });

  test("of states that are not there, likewise", () => {
    const arms = {};
    write({ ...written, seeds: Array.from({ length: 29 }, (_, seed) => ({ seed, arms })) });
    const lines = refusal().message.split("\n");
    expect(lines[1]).toBe("  seeds.0.arms.plain is missing");
    expect(lines.at(-1)).toBe("  and 38 more");
  });
});

describe("two configurations", () => {
  test("differ in the keys named, each with both values", () => {
    expect(differingKeys({ width: 3, init: "he", gone: 1 }, { width: 4, init: "he", arms: { bn: {} } })).toEqual([
      "width: 3 in the baseline, now 4",
      "gone: 1 in the baseline, now absent",
      'arms: absent in the baseline, now {"bn":{}}',
    ]);
    expect(differingKeys({ list: "y".repeat(100) }, { list: 1 })[0]).toMatch(/^list: "y{79}… in the baseline, now 1$/);
  });

  test("have the same hash in any order of keys, and without the engine, the preset's name and the probe", () => {
    expect(configHash({ a: 1, b: 2 })).toBe(configHash({ b: 2, a: 1 }));
    expect(configHash({ a: 1, b: 2 })).not.toBe(configHash({ a: 1, b: 3 }));
    const config = comparableConfig(recorded.experiment);
    for (const key of ["engine", "backend", "preset", "roundingProbe"]) expect(config).not.toHaveProperty(key);
    expect(config).toMatchObject({ activation: "tanh", updates: 20 });
  });
});

describe("writing", () => {
  const files = () => readdirSync(folder).sort();
  const quiet = new AbortController().signal;
  /** The same baseline, with states that differ in their metadata alone. */
  const next = () => {
    const recordedStates = Uint8Array.from(
      Buffer.from(Buffer.from(recorded.bytes).toString("latin1").replace("states of", "states by"), "latin1"),
    );
    const sha256 = byteDigest(recordedStates);
    return {
      recordedStates,
      baseline: { ...written, recordedStates: { ...written.recordedStates, file: statesFile(sha256), sha256 } },
    };
  };

  test("replaces both files, also those of an earlier version, and leaves what is not the baseline's", async () => {
    writeFileSync(join(folder, "baseline.safetensors"), recorded.bytes);
    writeFileSync(join(folder, "baseline-notes.safetensors"), "mine");
    const { baseline, recordedStates } = next();
    expect(await writeBaseline(folder, { baseline, recordedStates }, quiet)).toEqual([]);
    expect(files()).toEqual([baseline.recordedStates.file, "baseline-notes.safetensors", "baseline.json"].sort());
    expect(readBaseline(folder).baseline).toEqual(baseline);
  });

  test("a baseline whose states are in baseline.safetensors is read", () => {
    renameSync(join(folder, written.recordedStates.file), join(folder, "baseline.safetensors"));
    written.recordedStates.file = "baseline.safetensors";
    write(written);
    expect(readBaseline(folder).baseline).toEqual(written);
  });

  /** What a process leaves that is killed when it has staged the next baseline, and moved as many files. */
  function killed(phase: string, moved: number): Baseline {
    const { baseline, recordedStates } = next();
    const work = join(folder, `.baseline.${phase}-${newOwner().split("-")[0]}-999999999-1-0`);
    mkdirSync(join(work, "new"), { recursive: true });
    const staged: [string, string | Uint8Array][] = [
      [baseline.recordedStates.file, recordedStates],
      ["baseline.json", formatJson(baseline)],
    ];
    staged.forEach(([name, content], i) => {
      writeFileSync(i < moved ? join(folder, name) : join(work, "new", name), content);
    });
    return baseline;
  }

  test("killed before its turn, it leaves the old baseline, and reading removes the rest", () => {
    killed("writing", 0);
    expect(readBaseline(folder).baseline).toEqual(written);
    expect(files()).toEqual([written.recordedStates.file, "baseline.json"]);
  });

  test.each([0, 1, 2])("killed in its turn with %d files in place, it leaves the new baseline", (moved) => {
    const baseline = killed("committing", moved);
    expect(readBaseline(folder).baseline).toEqual(baseline);
    expect(files()).toEqual([baseline.recordedStates.file, "baseline.json"]);
  });

  test("killed with one file in place, it leaves a pair even to who cannot move the other", () => {
    killed("committing", 1);
    rmSync(join(folder, files().find((name) => name.startsWith(".")) as string), { recursive: true });
    expect(readBaseline(folder).baseline).toEqual(written);
  });
});
