import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EXIT, ExpectedError } from "../../src/errors.js";
import { checkRunFolder, type RunFiles, writeRunFolder } from "../../src/output/run-folder.js";

// Everything works as it always does; a test may let one renaming fail.
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, renameSync: vi.fn(fs.renameSync) };
});

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "run-folder-test-"));
  folder = join(place, "run");
});
afterEach(() => rmSync(place, { recursive: true }));

const result = (seed: number) =>
  JSON.stringify({ schemaVersion: 1, config: { seed }, engine: { version: { "bn-compare": "0.1.0" } } });

/** A run's files; a later run has other ones. */
const run = (seed: number, more: Readonly<Record<string, string | Uint8Array>> = {}): RunFiles =>
  new Map(Object.entries({ "result.json": result(seed), "summary.md": `seed ${seed}`, ...more }));

/** A file cannot be a folder too, so the last of these cannot be written. */
const unwritable = () => run(2, { weights: "a file", "weights/plain@0.safetensors": Uint8Array.of(1) });

/** Everything below the test's own folder, hidden or not, with its content. */
function everything(below = place): Record<string, string> {
  const paths = readdirSync(below, { recursive: true }) as string[];
  const content = (path: string) =>
    statSync(join(below, path)).isDirectory() ? "folder" : readFileSync(join(below, path), "utf8");
  return Object.fromEntries(paths.sort().map((path) => [path, content(path)]));
}

function refusal(action: () => void): string {
  const before = everything();
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.file);
    expect(everything()).toEqual(before);
    return (error as ExpectedError).message;
  }
  throw new Error("nothing was refused");
}

describe("a run folder", () => {
  test("appears with every file, in folders of its own where they have some, and nothing beside it", () => {
    writeRunFolder(folder, run(1, { "weights/bn@0.safetensors": Uint8Array.of(65, 66) }));
    expect(everything()).toEqual({
      run: "folder",
      "run/result.json": result(1),
      "run/summary.md": "seed 1",
      "run/weights": "folder",
      "run/weights/bn@0.safetensors": "AB",
    });
  });

  test("is made with the folders above it", () => {
    writeRunFolder(join(place, "a", "b", "run"), run(1));
    expect(Object.keys(everything())).toContain(join("a", "b", "run", "result.json"));
    expect(readdirSync(join(place, "a", "b"))).toEqual(["run"]);
  });

  test("has the rights of any new folder, not those of a temporary one", () => {
    writeRunFolder(folder, run(1));
    mkdirSync(join(place, "any"));
    expect(statSync(folder).mode).toBe(statSync(join(place, "any")).mode);
  });

  test("replaces a finished run whole: no file of the old one stays", () => {
    writeRunFolder(folder, run(1, { "weights/bn@0.safetensors": "old" }));
    checkRunFolder(folder);
    writeRunFolder(folder, run(2));
    expect(everything()).toEqual({ run: "folder", "run/result.json": result(2), "run/summary.md": "seed 2" });
  });

  test("replaces an empty folder", () => {
    mkdirSync(folder);
    checkRunFolder(folder);
    writeRunFolder(folder, run(1));
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("seed 1");
  });
});

describe("where something else stands", () => {
  const attempts: [string, (folder: string) => void][] = [
    ["checking", checkRunFolder],
    ["writing", (target) => writeRunFolder(target, run(2))],
  ];

  describe.each(attempts)("%s", (_, attempt) => {
    test("refuses a file of that name and leaves it", () => {
      writeFileSync(folder, "mine");
      expect(refusal(() => attempt(folder))).toBe(
        `cannot write ${folder}: there is a file of that name; give another folder with --out`,
      );
    });

    test("refuses a folder with a file that no run wrote, even in a finished run", () => {
      writeRunFolder(folder, run(1));
      writeFileSync(join(folder, "notes.txt"), "mine");
      expect(refusal(() => attempt(folder))).toContain(
        `will not replace ${folder}: it holds notes.txt, which no run wrote; give another folder with --out`,
      );
    });

    test.each([
      ["is missing", undefined],
      ["is not JSON", "{"],
      ["is null", "null"],
      ["is another tool's", '{"schemaVersion": 1}'],
      ["has no version", '{"engine": {"version": {"bn-compare": "0.1.0"}}}'],
    ])("refuses a folder whose result.json %s", (_title, text) => {
      mkdirSync(folder);
      writeFileSync(join(folder, "summary.md"), "mine");
      if (text !== undefined) writeFileSync(join(folder, "result.json"), text);
      expect(refusal(() => attempt(folder))).toContain(`will not replace ${folder}: it holds no finished run`);
    });

    test("refuses a place below a file", () => {
      writeFileSync(join(place, "file"), "mine");
      expect(refusal(() => attempt(join(place, "file", "run")))).toContain(
        `cannot write ${join(place, "file", "run")}: `,
      );
    });

    test("refuses a folder that holds another folder of the user's", () => {
      mkdirSync(join(folder, "photos"), { recursive: true });
      expect(refusal(() => attempt(folder))).toContain("it holds photos, which no run wrote");
    });
  });
});

describe("checking", () => {
  test("leaves nothing behind, no parents either", () => {
    checkRunFolder(folder);
    checkRunFolder(join(place, "a", "b", "run"));
    expect(everything()).toEqual({});
  });

  test("leaves a finished run as it is", () => {
    writeRunFolder(folder, run(1));
    const before = everything();
    checkRunFolder(folder);
    expect(everything()).toEqual(before);
  });

  test.skipIf(process.getuid?.() === 0)("refuses a place where nothing may be written", () => {
    chmodSync(place, 0o555);
    expect(refusal(() => checkRunFolder(folder))).toBe(`cannot write ${folder}: permission denied`);
    chmodSync(place, 0o755);
  });
});

describe("where a write fails half-way", () => {
  test("nothing appears, and nothing half-written stays beside it", () => {
    expect(refusal(() => writeRunFolder(folder, unwritable()))).toContain(`cannot write ${folder}: `);
    expect(everything()).toEqual({});
  });

  test("a finished run in its place stays as it was", () => {
    writeRunFolder(folder, run(1));
    refusal(() => writeRunFolder(folder, unwritable()));
    expect(everything()).toEqual({ run: "folder", "run/result.json": result(1), "run/summary.md": "seed 1" });
  });

  test("at the very last renaming, the finished run comes back", () => {
    writeRunFolder(folder, run(1));
    const rename = vi.mocked(renameSync);
    const really = rename.getMockImplementation() as typeof renameSync;
    rename.mockImplementationOnce(really).mockImplementationOnce(() => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    });
    expect(refusal(() => writeRunFolder(folder, run(2)))).toBe(`cannot write ${folder}: the disk is full`);
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("seed 1");
  });

  test("at the last moment, where the name is taken by a link to nowhere, nothing stays beside it", () => {
    symlinkSync(join(place, "nowhere"), folder);
    expect(() => writeRunFolder(folder, run(1))).toThrow(`cannot write ${folder}: `);
    expect(readdirSync(place)).toEqual(["run"]);
  });
});

test("a write that fails removes the parents it made", () => {
  vi.mocked(renameSync).mockImplementationOnce(() => {
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  });
  expect(() => writeRunFolder(join(place, "a", "b", "run"), run(1))).toThrow("the disk is full");
  expect(readdirSync(place)).toEqual([]);
});
