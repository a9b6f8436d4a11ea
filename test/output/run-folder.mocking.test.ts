import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { EXIT, ExpectedError } from "../../src/errors.js";
import { newOwner } from "../../src/files/owner.js";
import type { Files } from "../../src/output/formats/format.js";
import { checkRunFolder, settleRunFolder, writeRunFolder } from "../../src/output/run-folder.js";

// Everything works as it always does; a test may let one renaming or removal fail.
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, renameSync: vi.fn(fs.renameSync), rmSync: vi.fn(fs.rmSync) };
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
const run = (seed: number, more: Readonly<Record<string, string | Uint8Array>> = {}): Files =>
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

async function refusal(action: () => unknown): Promise<string> {
  const before = everything();
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.file);
    expect(everything()).toEqual(before);
    return (error as ExpectedError).message;
  }
  throw new Error("nothing was refused");
}

describe("a run folder", () => {
  test("appears with every file, in folders of its own where they have some, and nothing beside it", async () => {
    await writeRunFolder(folder, run(1, { "weights/bn@0.safetensors": Uint8Array.of(65, 66) }));
    expect(everything()).toEqual({
      run: "folder",
      "run/result.json": result(1),
      "run/summary.md": "seed 1",
      "run/weights": "folder",
      "run/weights/bn@0.safetensors": "AB",
    });
  });

  test("is made with the folders above it", async () => {
    await writeRunFolder(join(place, "a", "b", "run"), run(1));
    expect(Object.keys(everything())).toContain(join("a", "b", "run", "result.json"));
    expect(readdirSync(join(place, "a", "b"))).toEqual(["run"]);
  });

  test("has the rights of any new folder, not those of a temporary one", async () => {
    await writeRunFolder(folder, run(1));
    mkdirSync(join(place, "any"));
    expect(statSync(folder).mode).toBe(statSync(join(place, "any")).mode);
  });

  test("replaces a finished run whole: no file of the old one stays", async () => {
    await writeRunFolder(folder, run(1, { "weights/bn@0.safetensors": "old" }));
    checkRunFolder(folder);
    await writeRunFolder(folder, run(2));
    expect(everything()).toEqual({ run: "folder", "run/result.json": result(2), "run/summary.md": "seed 2" });
  });

  test("replaces an empty folder", async () => {
    mkdirSync(folder);
    checkRunFolder(folder);
    await writeRunFolder(folder, run(1));
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("seed 1");
  });
});

describe("where something else stands", () => {
  const attempts: [string, (folder: string) => unknown][] = [
    ["checking", checkRunFolder],
    ["writing", (target) => writeRunFolder(target, run(2))],
  ];

  describe.each(attempts)("%s", (_, attempt) => {
    test("refuses a file of that name and leaves it", async () => {
      writeFileSync(folder, "mine");
      expect(await refusal(() => attempt(folder))).toBe(
        `cannot write ${folder}: there is a file of that name; give another folder with --out`,
      );
    });

    test("refuses a folder with a file that no run wrote, even in a finished run", async () => {
      await writeRunFolder(folder, run(1));
      writeFileSync(join(folder, "notes.txt"), "mine");
      expect(await refusal(() => attempt(folder))).toContain(
        `will not replace ${folder}: it holds notes.txt, which was not written by a run; give another folder with --out`,
      );
    });

    test.each([
      ["is missing", undefined],
      ["is not JSON", "{"],
      ["is null", "null"],
      ["is another tool's", '{"schemaVersion": 1}'],
      ["has no version", '{"engine": {"version": {"bn-compare": "0.1.0"}}}'],
    ])("refuses a folder whose result.json %s", async (_title, text) => {
      mkdirSync(folder);
      writeFileSync(join(folder, "summary.md"), "mine");
      if (text !== undefined) writeFileSync(join(folder, "result.json"), text);
      expect(await refusal(() => attempt(folder))).toContain(`will not replace ${folder}: it holds no finished run`);
    });

    test("refuses a place below a file", async () => {
      writeFileSync(join(place, "file"), "mine");
      expect(await refusal(() => attempt(join(place, "file", "run")))).toContain(
        `cannot write ${join(place, "file", "run")}: `,
      );
    });

    test("refuses a folder that holds another folder of the user's", async () => {
      mkdirSync(join(folder, "photos"), { recursive: true });
      expect(await refusal(() => attempt(folder))).toContain("it holds photos, which was not written by a run");
    });
  });
});

describe("checking", () => {
  test("leaves nothing behind, no parents either", async () => {
    checkRunFolder(folder);
    checkRunFolder(join(place, "a", "b", "run"));
    expect(everything()).toEqual({});
  });

  test("leaves a finished run as it is", async () => {
    await writeRunFolder(folder, run(1));
    const before = everything();
    checkRunFolder(folder);
    expect(everything()).toEqual(before);
  });

  test.skipIf(process.getuid?.() === 0)("refuses a place where nothing may be written", async () => {
    chmodSync(place, 0o555);
    expect(await refusal(() => checkRunFolder(folder))).toBe(`cannot write ${folder}: permission denied`);
    chmodSync(place, 0o755);
  });
});

describe("where a write fails half-way", () => {
  test("nothing appears, and nothing half-written stays beside it", async () => {
    expect(await refusal(() => writeRunFolder(folder, unwritable()))).toContain(`cannot write ${folder}: `);
    expect(everything()).toEqual({});
  });

  test("a finished run in its place stays as it was", async () => {
    await writeRunFolder(folder, run(1));
    await refusal(() => writeRunFolder(folder, unwritable()));
    expect(everything()).toEqual({ run: "folder", "run/result.json": result(1), "run/summary.md": "seed 1" });
  });

  /** From now on the renames to the run folder fail that are among these; the others work. */
  function failRenames(...which: number[]): void {
    const rename = vi.mocked(renameSync);
    const really = rename.getMockImplementation() as typeof renameSync;
    let count = 0;
    rename.mockImplementation((from, to) => {
      if (to === folder && which.includes(++count)) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      really(from, to);
    });
    onTestFinished(() => void rename.mockImplementation(really));
  }

  test("at the very last renaming, the finished run comes back", async () => {
    await writeRunFolder(folder, run(1));
    failRenames(1);
    expect(await refusal(() => writeRunFolder(folder, run(2)))).toBe(`cannot write ${folder}: the disk is full`);
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("seed 1");
  });

  test("where neither the new nor the finished run can be moved there, the next command there does it", async () => {
    await writeRunFolder(folder, run(1));
    failRenames(1, 2);
    await expect(writeRunFolder(folder, run(2))).rejects.toThrow(`cannot write ${folder}: the disk is full`);
    expect(existsSync(folder)).toBe(false);
    settleRunFolder(folder);
    expect(everything()).toEqual({ run: "folder", "run/result.json": result(2), "run/summary.md": "seed 2" });
  });

  test("in the removal of the old run, the new one is there and the failure is no error", async () => {
    await writeRunFolder(folder, run(1));
    const remove = vi.mocked(rmSync);
    const really = remove.getMockImplementation() as typeof rmSync;
    remove.mockImplementationOnce(() => {
      throw Object.assign(new Error("EBUSY: it is in use"), { code: "EBUSY" });
    });
    expect(await writeRunFolder(folder, run(2))).toEqual([
      `${folder} is written, but what it replaced could not be removed; the next command there tries again: EBUSY: it is in use`,
    ]);
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toBe("seed 2");
    remove.mockImplementation(really);
    expect(await writeRunFolder(folder, run(3))).toEqual([]);
    expect(readdirSync(place)).toEqual(["run"]);
  });

  test("a broken link in its place is refused and stays", async () => {
    symlinkSync(join(place, "nowhere"), folder);
    for (const [, attempt] of [["", checkRunFolder] as const, ["", () => writeRunFolder(folder, run(1))] as const]) {
      await expect(async () => attempt(folder)).rejects.toThrow(`cannot write ${folder}: it is a broken link`);
    }
    expect(readdirSync(place)).toEqual(["run"]);
  });

  test("the parents that were made are removed", async () => {
    vi.mocked(renameSync).mockImplementationOnce(() => {
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    });
    await expect(writeRunFolder(join(place, "a", "b", "run"), run(1))).rejects.toThrow("the disk is full");
    expect(readdirSync(place)).toEqual([]);
  });
});

test("a link to a finished run stays, and the run is replaced where it is", async () => {
  await writeRunFolder(join(place, "really"), run(1));
  symlinkSync("really", folder);
  await writeRunFolder(folder, run(2));
  expect(lstatSync(folder).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(place, "really", "summary.md"), "utf8")).toBe("seed 2");
  expect(readdirSync(place)).toEqual(["really", "run"]);
});

describe("what another process left", () => {
  const [machine] = newOwner().split("-");
  /** Process ids end far below. */
  const GONE = `${machine}-999999999-1-0`;
  /** Of this process, which is at work. */
  const ALIVE = newOwner();
  const ELSEWHERE = "00000000-1-1-0";

  /** The work of a process on the run folder, with the runs of these seeds in it. */
  function leave(phase: string, owner: string, content: Readonly<Record<string, number>>): string {
    const work = join(place, `.run.${phase}-${owner}`);
    mkdirSync(work);
    for (const [name, seed] of Object.entries(content)) {
      mkdirSync(join(work, name));
      for (const [file, text] of run(seed)) writeFileSync(join(work, name, file), text);
    }
    return basename(work);
  }
  const only = (seed: number) => ({ run: "folder", "run/result.json": result(seed), "run/summary.md": `seed ${seed}` });

  const cases: [string, () => unknown, number | undefined][] = [
    ["killed while it wrote the first run there: nothing", () => leave("writing", GONE, { new: 2 }), undefined],
    [
      "killed while it wrote: the old run",
      async () => {
        await writeRunFolder(folder, run(1));
        leave("writing", GONE, { new: 2 });
      },
      1,
    ],
    [
      "killed while it waited for its turn: the old run",
      async () => {
        await writeRunFolder(folder, run(1));
        leave("committing", GONE, { new: 2 });
      },
      1,
    ],
    ["killed between its renames: the new run", () => leave("committing", GONE, { old: 1, new: 2 }), 2],
    [
      "killed before it removed the old run: the new run",
      async () => {
        await writeRunFolder(folder, run(2));
        leave("committing", GONE, { old: 1 });
      },
      2,
    ],
    ["the same, and the new run was deleted by hand: nothing", () => leave("committing", GONE, { old: 1 }), undefined],
  ];
  if (process.platform === "linux") {
    const reused = `${machine}-${process.pid}-7-0`;
    cases.push(["an id that another process has by now", () => leave("committing", reused, { old: 1, new: 2 }), 2]);
  }

  test.each(cases)("%s", async (_, prepare, seed) => {
    await prepare();
    settleRunFolder(folder);
    expect(everything()).toEqual(seed === undefined ? {} : only(seed));
    await writeRunFolder(folder, run(3));
    expect(everything()).toEqual(only(3));
  });

  test.each(cases)("nothing stays after the next run: %s", async (_, prepare) => {
    await prepare();
    checkRunFolder(folder);
    await writeRunFolder(folder, run(3));
    expect(everything()).toEqual(only(3));
  });

  test("a process at work keeps what it writes", async () => {
    const work = leave("writing", ALIVE, { new: 2 });
    settleRunFolder(folder);
    await writeRunFolder(folder, run(3));
    expect(readdirSync(place)).toEqual([work, "run"]);
  });

  test("work of another machine is believed in for an hour", async () => {
    const fresh = leave("writing", ELSEWHERE, { new: 2 });
    const old = join(place, leave("writing", ELSEWHERE.replace("-0", "-1"), { new: 2 }));
    utimesSync(old, new Date(), new Date(Date.now() - 3_700_000));
    await writeRunFolder(folder, run(3));
    expect(readdirSync(place)).toEqual([fresh, "run"]);
  });

  test("a process that has its turn and does not finish is named", async () => {
    const before = await (async () => {
      await writeRunFolder(folder, run(1));
      leave("committing", ALIVE, {});
      return everything();
    })();
    const now = vi.spyOn(Date, "now");
    const start = Date.now();
    let passed = 0;
    // Every look at the clock is two seconds later.
    now.mockImplementation(() => start + 2000 * passed++);
    onTestFinished(() => now.mockRestore());
    expect(await refusal(() => writeRunFolder(folder, run(2)))).toBe(
      `cannot write ${folder}: process ${process.pid} is still writing there; stop it, or try again later`,
    );
    expect(everything()).toEqual(before);
  });
});
