import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { byteDigest } from "../../src/data/digest.js";
import type { CellRecord } from "../../src/record/sweep.js";
import { CellConflict, cellText, foreignFiles, openStore, readStore, UnsoundCell } from "../../src/sweep/store.js";
import { emptyFolder } from "../cli/command.js";

function cellOf(seed: number, cost = 1): { name: string; text: string; cell: CellRecord } {
  const identity = { seed, spec: { sizes: [1, 1] } };
  const costs = [{ update: 0, train: cost, inference: cost }];
  const cell: CellRecord = {
    cellVersion: 1,
    identity,
    referenceCosts: { predictMean: 2 },
    arm: { status: "trained", costs, final: { train: cost, inference: cost } },
  };
  return { name: byteDigest(JSON.stringify(identity)), text: cellText(cell), cell };
}

describe("a store", () => {
  test("has a cell under its name, and nothing beside the cells when it is closed", () => {
    const folder = join(emptyFolder(), "store");
    const { name, text, cell } = cellOf(1);
    const store = openStore(folder);
    expect(store.read(name)).toBeUndefined();
    store.put(name, text);
    expect(readdirSync(join(folder, ".tmp"))).toHaveLength(1);
    store.close();
    expect(readdirSync(folder)).toEqual(["cells"]);
    expect(readFileSync(join(folder, "cells", name.slice(0, 2), `${name}.json`), "utf8")).toBe(text);
    expect(readStore(folder).read(name)).toEqual(cell);
    expect([...readStore(folder).names()]).toEqual([name]);
  });

  test("takes the same cell twice, and refuses another one of its name, whose place is kept", () => {
    const store = openStore(emptyFolder());
    const { name, text } = cellOf(1);
    store.put(name, text);
    store.put(name, text);
    expect(() => store.put(name, cellOf(1, 2).text)).toThrow(CellConflict);
    expect(store.text(name)).toBe(text);
    store.close();
  });

  test.each([
    ["a torn cell", (text: string) => text.slice(0, 100), "is not JSON"],
    ["something else", () => "{}", "does not hold a cell"],
    ["another cell", () => cellOf(2).text, "holds a different cell than its name says"],
  ])("says that a file holds %s", (_, spoiled, message) => {
    const folder = emptyFolder();
    const { name, text } = cellOf(1);
    mkdirSync(join(folder, "cells", name.slice(0, 2)), { recursive: true });
    writeFileSync(join(folder, "cells", name.slice(0, 2), `${name}.json`), spoiled(text));
    expect(() => readStore(folder).read(name)).toThrow(UnsoundCell);
    expect(() => readStore(folder).read(name)).toThrow(message);
  });

  test("removes what processes left that have ended, and nothing of one that is at work", () => {
    const folder = emptyFolder();
    const other = openStore(folder);
    const [own = ""] = readdirSync(join(folder, ".tmp"));
    const ended = own.replace(/-\d+-/, "-999999-");
    mkdirSync(join(folder, ".tmp", ended));
    writeFileSync(join(folder, ".tmp", ended, "half.json"), "{");
    const store = openStore(folder);
    expect(readdirSync(join(folder, ".tmp"))).toHaveLength(2);
    expect(readdirSync(join(folder, ".tmp"))).toContain(own);
    store.close();
    other.close();
    expect(readdirSync(folder)).toEqual(["cells"]);
  });

  test("names what is no cell", () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, "cells/ab"), { recursive: true });
    writeFileSync(join(folder, "cells/ab/notes.txt"), "");
    writeFileSync(join(folder, "cells/ab", `${cellOf(1).name}.json`), "");
    expect(foreignFiles(folder)).toHaveLength(2);
  });
});
