import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { EXIT, fileError } from "../../src/errors.js";
import { newOwner } from "../../src/files/owner.js";
import { writeWholeFile } from "../../src/files/whole-file.js";

let place: string;
let file: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "whole-file-test-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  file = join(place, "page.html");
});

describe("a file", () => {
  test("is written as text or bytes, and nothing stays beside it", () => {
    writeWholeFile(file, "old");
    writeWholeFile(file, Uint8Array.of(65, 66));
    expect(readFileSync(file, "utf8")).toBe("AB");
    expect(readdirSync(place)).toEqual(["page.html"]);
  });

  test("keeps the rights of the one that it replaces", () => {
    writeFileSync(file, "old");
    chmodSync(file, 0o600);
    writeWholeFile(file, "new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("replaces what a link leads to, not the link", () => {
    mkdirSync(join(place, "elsewhere"));
    writeFileSync(join(place, "elsewhere", "page"), "old");
    symlinkSync(join("elsewhere", "page"), file);
    writeWholeFile(file, "new");
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, "elsewhere", "page"), "utf8")).toBe("new");
    expect(readdirSync(join(place, "elsewhere"))).toEqual(["page"]);
  });

  test("may have the longest name that there is", () => {
    const longest = join(place, "p".repeat(255));
    writeWholeFile(longest, "new");
    expect(readdirSync(place)).toEqual(["p".repeat(255)]);
  });

  test("that cannot be written is an error of the disk, and the old one stays alone", () => {
    mkdirSync(file);
    expect(() => writeWholeFile(file, "new", { shown: "page" })).toThrow(
      expect.objectContaining({ exitCode: EXIT.file, message: "cannot write page: it is a folder, not a file" }),
    );
    expect(readdirSync(place)).toEqual(["page.html"]);
  });
});

test.skipIf(process.platform === "win32")("a device is written to, not replaced", () => {
  writeWholeFile("/dev/null", "gone");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  expect(() => writeWholeFile("/dev/full", "too much")).toThrow("cannot write /dev/full: the disk is full");
});

test("what a killed process left is removed, what one at work writes is not", () => {
  const alive = newOwner();
  const [machine] = alive.split("-");
  writeFileSync(join(place, `.page.html.writing-${machine}-999999999-1-0`), "half");
  writeFileSync(join(place, `.page.html.writing-${alive}`), "half");
  writeFileSync(join(place, `.other.html.writing-${machine}-999999999-1-0`), "somebody else's");
  writeWholeFile(file, "new");
  expect(readdirSync(place)).toEqual([
    `.other.html.writing-${machine}-999999999-1-0`,
    `.page.html.writing-${alive}`,
    "page.html",
  ]);
});

test("a quota that is used up is called that, though Node has no name for the error", () => {
  const error = Object.assign(new Error("Unknown system error -122"), { errno: -constants.errno.EDQUOT });
  expect(fileError("write", "page", error).message).toBe("cannot write page: your disk quota is used up");
});
