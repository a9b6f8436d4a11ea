import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Sweep } from "../../src/record/sweep.js";
import { textsOf } from "../sweep/store-bytes.js";
import { emptyFolder } from "./command.js";
import { inProcess } from "./in-process.js";

const EXPERIMENT = `name: rates
engine: reference
activation: tanh
samples: 40
hiddenLayers: 2
width: 4
updates: 6
seeds: 4
sweep:
  learningRate: [0.001, 0.01, 10000000]
`;

function place(text = EXPERIMENT): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "e.yaml"), text);
  return cwd;
}

const sweep = (cwd: string, ...flags: string[]) => inProcess(["sweep", "e.yaml", "--quiet", ...flags], { cwd });
const read = (cwd: string, file = "sweeps/rates/sweep.json"): Sweep =>
  JSON.parse(readFileSync(join(cwd, file), "utf8"));
const cellFiles = (cwd: string, store = "sweeps/rates") =>
  readdirSync(join(cwd, store, "cells"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** What a store holds whose sweep is complete. */
const WHOLE = [
  ...["best.csv", "best.svg", "cells", "cells.csv", "effects.csv", "effects.svg", "map.svg", "points.csv"],
  ...["sweep.html", "sweep.json"],
];

describe("sweep", () => {
  test("trains every cell once, and says how each arm ends at each point and at its best", async () => {
    const cwd = place();
    const { exitCode, stdout } = await inProcess(["sweep", "e.yaml"], { cwd });
    expect(exitCode).toBe(0);
    expect(readdirSync(join(cwd, "sweeps/rates")).sort()).toEqual(WHOLE);
    expect(cellFiles(cwd)).toHaveLength(3 * 2 * 4);
    const { points, best, axes, against } = read(cwd);
    expect([axes, against]).toEqual([{ learningRate: [0.001, 0.01, 10000000] }, { bn: "plain" }]);
    expect(points.map(({ values }) => values)).toEqual(
      [0.001, 0.01, 10000000].map((learningRate) => ({ learningRate })),
    );
    expect(points[2]?.arms["plain"]).toMatchObject({ ends: { diverged: 4 }, median: "Infinity" });
    expect(best?.arms["bn"]?.chosenOn).toEqual([1, 3]);
    expect(best?.measuredOn).toEqual([2, 4]);
    expect(stdout).toContain("all diverged");
    expect(stdout).toContain("chosen on 2 seeds and measured on 2 others");
  });

  test("gives each cell the numbers of the same run", async () => {
    const cwd = place();
    await sweep(cwd);
    const run = await inProcess(["run", "e.yaml", "--json", "--quiet", "--learning-rate", "0.01"], { cwd });
    const { seeds } = JSON.parse(run.stdout);
    const [, point] = read(cwd).points;
    const name = point?.arms["bn"]?.cells[2] ?? "";
    const cell = JSON.parse(readFileSync(join(cwd, "sweeps/rates/cells", name.slice(0, 2), `${name}.json`), "utf8"));
    expect(cell.arm).toEqual(seeds[2].arms.bn);
    expect(JSON.stringify(cell)).not.toContain("learned");
  });

  test("runs a cell in full from its name's first digits, and the page leads to the report", async () => {
    // Which costs are recorded is part of what a cell is.
    const cwd = place(EXPERIMENT.replace("sweep:", "costEvery: 2\nsweep:\n  width: [3, 4]"));
    await sweep(cwd);
    const page = () => readFileSync(join(cwd, "sweeps/rates/sweep.html"), "utf8");
    const name = read(cwd).points[1]?.arms["bn"]?.cells[2] ?? "";
    expect([page().includes(name.slice(0, 12)), page().includes(`href="runs/${name}`)]).toEqual([true, false]);
    const run = await inProcess(["run", "--cell", name.slice(0, 8), "--quiet"], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([0, ""]);
    const folder = `runs/${name}`;
    const result = JSON.parse(readFileSync(join(cwd, "sweeps/rates", folder, "result.json"), "utf8"));
    const cell = JSON.parse(readFileSync(join(cwd, "sweeps/rates/cells", name.slice(0, 2), `${name}.json`), "utf8"));
    expect(result.seeds).toHaveLength(1);
    expect(result.seeds[0].arms.bn).toEqual(cell.arm);
    expect(result.config).toMatchObject({ seed: 3, width: 3, learningRate: 0.01 });
    expect(page()).toContain(`href="${folder}/report.html"`);
  });

  test.each([
    [["--cell", "xyz"], 2, "--cell xyz is not the beginning of a cell's name"],
    [["--cell", "000000"], 5, "no sweep in sweeps/ has a cell 000000"],
    [["e.yaml", "--cell", "000000"], 2, "--cell determines what is run; leave out e.yaml"],
    [["--cell", "FIRST", "--width", "5"], 1, "is not what its sweep's settings give here"],
  ])("refuses to run %j", async (flags, code, message) => {
    const cwd = place(EXPERIMENT.replace("seeds: 4", "seeds: 1"));
    if (code === 1) await sweep(cwd);
    const first = code === 1 ? (read(cwd).points[0]?.arms["bn"]?.cells[0] ?? "") : "";
    const { exitCode, stderr } = await inProcess(["run", ...flags.map((flag) => flag.replace("FIRST", first))], {
      cwd,
    });
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test("goes on where it stopped, and an overlapping grid trains only what is new", async () => {
    const cwd = place();
    await sweep(cwd);
    const [first] = cellFiles(cwd);
    rmSync(join(first?.parentPath ?? "", first?.name ?? ""));
    const again = await inProcess(["sweep", "e.yaml"], { cwd });
    expect(again.stderr).toContain("23 of 24 cells exist already");
    expect(cellFiles(cwd)).toHaveLength(24);
    writeFileSync(join(cwd, "e.yaml"), EXPERIMENT.replace("10000000", "0.1"));
    const wider = await inProcess(["sweep", "e.yaml"], { cwd });
    expect(wider.stderr).toContain("16 of 24 cells exist already");
  });

  test("of a grid of which another one has made half, trains exactly the other half", async () => {
    const cwd = place(EXPERIMENT.replace(", 10000000", ""));
    const into = ["--out", "store"];
    await sweep(cwd, ...into);
    const made = () =>
      new Map(cellFiles(cwd, "store").map(({ name, parentPath }) => [name, statSync(join(parentPath, name)).mtimeMs]));
    const first = made();
    writeFileSync(join(cwd, "e.yaml"), EXPERIMENT.replace("0.001, 0.01, 10000000", "0.01, 0.1"));
    const { stderr } = await inProcess(["sweep", "e.yaml", ...into], { cwd });
    expect(stderr).toContain("8 of 16 cells exist already");
    // None of the first grid is written again, and of its 16 cells 8 are of the second grid, which has 16.
    const both = made();
    expect([first.size, both.size]).toEqual([16, 24]);
    expect([...first].filter(([name, at]) => both.get(name) !== at)).toEqual([]);
    const { points } = read(cwd, "store/sweep.json");
    const second = points.flatMap(({ arms }) => Object.values(arms).flatMap(({ cells }) => cells));
    expect(second.filter((name) => first.has(`${name}.json`))).toHaveLength(8);
    // And they are what a store of its own has.
    await sweep(cwd, "--out", "alone");
    for (const { name, parentPath } of cellFiles(cwd, "alone"))
      expect(readFileSync(join(parentPath.replace("alone", "store"), name))).toEqual(
        readFileSync(join(parentPath, name)),
      );
  });

  test("shares the cells of an arm that an axis does not concern", async () => {
    const cwd = place(EXPERIMENT.replace(/ {2}learningRate.*/, "  decay: [0.5, 0.9]"));
    await sweep(cwd);
    // Four of the plain net, which has no averages, and eight of BN.
    expect(cellFiles(cwd)).toHaveLength(12);
    writeFileSync(join(cwd, "n.yaml"), EXPERIMENT.replace(/ {2}learningRate.*/, "  normalizer: [layer, rms]"));
    const arms = "arms: { plain: { normalize: none }, other: {} }\n";
    writeFileSync(join(cwd, "n.yaml"), `${arms}${readFileSync(join(cwd, "n.yaml"), "utf8")}`);
    await inProcess(["sweep", "n.yaml", "--quiet", "--out", "normalizers"], { cwd });
    expect(cellFiles(cwd, "normalizers")).toHaveLength(12);
  });

  test("in parts, in any order, merges to the same bytes as in one", async () => {
    const cwd = place();
    await sweep(cwd);
    for (const part of [3, 1, 2]) await sweep(cwd, "--shard", `${part}/3`, "--out", `part${part}`);
    const merged = await inProcess(["merge", "part2", "part3", "part1", "--out", "whole"], { cwd });
    expect([merged.exitCode, merged.stderr]).toEqual([0, ""]);
    expect(textsOf(join(cwd, "whole"))).toEqual(textsOf(join(cwd, "sweeps/rates")));
  });

  test("plans without writing anything", async () => {
    const cwd = place();
    const { stdout, exitCode } = await sweep(cwd, "--plan", "--workers", "1");
    expect([exitCode, existsSync(join(cwd, "sweeps"))]).toEqual([0, false]);
    expect(stdout).toMatch(/cells +24, 24 still to train/);
    expect(stdout).toMatch(/time +about .* with 1 worker$/m);
    expect(stdout).toMatch(/disk +about 0\.197 MB/);
  });

  test("trains a torn cell again and says so", async () => {
    const cwd = place();
    await sweep(cwd);
    const before = textsOf(join(cwd, "sweeps/rates"));
    const [first] = cellFiles(cwd);
    writeFileSync(join(first?.parentPath ?? "", first?.name ?? ""), "{");
    const { stderr } = await inProcess(["sweep", "e.yaml"], { cwd });
    expect(stderr).toMatch(/is not JSON.*; it is trained again/);
    expect(textsOf(join(cwd, "sweeps/rates"))).toEqual(before);
  });

  test.each([
    [EXPERIMENT.replace(/sweep:[\s\S]*/, ""), [], "e.yaml: has no sweep section"],
    [EXPERIMENT, ["--learning-rate", "1"], "--learning-rate: is an axis of this sweep"],
    [EXPERIMENT, ["--shard", "3/2"], "--shard 3/2 is not a part of a whole, such as 2/8"],
    [EXPERIMENT.replace("learningRate:", "seeds:"), [], "e.yaml:10: sweep.seeds: is not a key that a sweep can vary"],
    [EXPERIMENT.replace(/ {2}learningRate.*/, "  batchSize: [10, 1000]"), [], "is more than the 40 samples"],
  ])("refuses what cannot be (%#)", async (text, flags, message) => {
    const { exitCode, stderr } = await sweep(place(text), ...flags);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("merge", () => {
  async function parts(): Promise<string> {
    const cwd = place();
    for (const part of [1, 2]) await sweep(cwd, "--shard", `${part}/2`, "--out", `part${part}`);
    return cwd;
  }
  const merge = (cwd: string) => inProcess(["merge", "part1", "part2", "--out", "whole"], { cwd });

  test("names a missing cell with its arm and seed, and keeps the rest", async () => {
    const cwd = await parts();
    const [first] = cellFiles(cwd, "part1");
    rmSync(join(first?.parentPath ?? "", first?.name ?? ""));
    const { exitCode, stderr } = await merge(cwd);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/missing: the cell [0-9a-f]{64} \(arm (?:plain|bn), seed \d\)/);
    expect(cellFiles(cwd, "whole")).toHaveLength(23);
    expect(read(cwd, "whole/sweep.json").best).toBeUndefined();
  });

  test("names cells that conflict, are torn, or are of another sweep, and files that are no cells", async () => {
    const cwd = await parts();
    const [one, two] = cellFiles(cwd, "part1").map((file) => join(file.parentPath, file.name));
    cpSync(join(cwd, "part1"), join(cwd, "part3"), { recursive: true });
    const other = (one ?? "").replace("part1", "part3");
    writeFileSync(other, readFileSync(other, "utf8").replace(/"predictMean": /, '"predictMean": 1'));
    writeFileSync(two ?? "", "{");
    rmSync((two ?? "").replace("part1", "part3"));
    mkdirSync(join(cwd, "part1/cells/zz"));
    writeFileSync(join(cwd, "part1/cells/zz/notes.txt"), "");
    const { exitCode, stderr } = await inProcess(["merge", "part1", "part2", "part3", "--out", "whole"], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/conflict: .*the same cell gave different bytes/);
    expect(stderr).toMatch(/part1\/cells\/.*is not JSON/);
    expect(stderr).toMatch(/notes\.txt: is no cell/);
    expect(stderr).toMatch(/missing: the cell/);
  });

  test("names a store of another sweep", async () => {
    const cwd = await parts();
    writeFileSync(join(cwd, "e.yaml"), EXPERIMENT.replace("10000000", "0.1"));
    await sweep(cwd, "--shard", "2/2", "--out", "part2");
    const { exitCode, stderr } = await merge(cwd);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("part2: is not a store of the same sweep");
    expect(stderr).toMatch(/part2: the cell [0-9a-f]{64} is not one of this sweep's/);
  });

  test("of no store at all is a file error", async () => {
    const { exitCode, stderr } = await inProcess(["merge", "nowhere", "--out", "whole"], { cwd: emptyFolder() });
    expect([exitCode, stderr]).toEqual([5, "error: none of nowhere holds a sweep.json\n"]);
  });
});
