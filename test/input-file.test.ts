import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type InputKind, mostBytes, readInput, readInputText, readStart, tooLarge } from "../src/input-file.js";
import { bnCompare, emptyFolder } from "./cli/command.js";

const onUnix = process.platform !== "win32";

/** What reading says. */
function refusal(path: string, kind: InputKind = "experiment"): unknown {
  try {
    return readInput(path, kind);
  } catch (error) {
    return error;
  }
}

const expected = (message: string) => expect.objectContaining({ name: "ExpectedError", exitCode: 5, message });
const special = "and only regular files are read; write its content to a file and give that";

describe("an input file", () => {
  test("is read whole, through a symbolic link too", () => {
    const file = join(emptyFolder(), "a.yaml");
    writeFileSync(file, "width: 3 # ä\n");
    symlinkSync(file, `${file}.link`);
    expect(readInputText(file, "experiment")).toBe("width: 3 # ä\n");
    expect(readInput(`${file}.link`, "experiment")).toEqual(Buffer.from("width: 3 # ä\n"));
    expect(readStart(file, 5)).toBe("width");
  });

  test.runIf(process.platform === "linux")("of /proc, which says that it is empty, is read too", () => {
    expect(readInputText("/proc/self/status", "experiment")).toContain("Pid:");
  });

  test("that is not there, or a folder, is named", () => {
    const folder = emptyFolder();
    expect(refusal(join(folder, "none"))).toEqual(expected(`cannot read ${folder}/none: it does not exist`));
    expect(refusal(folder)).toEqual(expected(`cannot read ${folder}: it is a folder, not a file`));
  });

  test.runIf(onUnix)("is not a pipe, a device or a socket, which might never end", async () => {
    const folder = emptyFolder();
    const [pipe, socket] = [join(folder, "pipe"), join(folder, "socket")];
    execFileSync("mkfifo", [pipe]);
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once("listening", done));
    expect(refusal(pipe)).toEqual(expected(`cannot read ${pipe}: it is a pipe, ${special}`));
    expect(refusal(socket)).toEqual(expected(`cannot read ${socket}: it is a socket, ${special}`));
    expect(refusal("/dev/zero")).toEqual(expected(`cannot read /dev/zero: it is a device, ${special}`));
  });

  test("has at most the size of its kind", () => {
    const file = join(emptyFolder(), "large");
    writeFileSync(file, "");
    truncateSync(file, mostBytes("experiment"));
    expect(readInput(file, "experiment")).toHaveLength(mostBytes("experiment"));
    for (const kind of ["experiment", "points", "weights", "result", "digests", "baseline", "states"] as const) {
      truncateSync(file, mostBytes(kind) + 1);
      expect(refusal(file, kind)).toEqual(tooLarge(file, kind));
    }
    expect(tooLarge(file, "experiment").message).toBe(
      `cannot read ${file}: it is larger than 1 MB, the most that an experiment may hold`,
    );
    expect(readStart(file, 3)).toBe("\0\0\0");
  });
});

describe.runIf(onUnix)("what never ends is refused by every command, at once and by what it is", () => {
  const of = (...names: string[]) => names;
  test.each<[string, string[], string[]]>([
    ["an experiment", of("run", "p.yaml"), of("p.yaml")],
    ["an experiment's folder", of("check", "e"), of("e/experiment.yaml")],
    ["points", of("run", "--data", "p"), of("p")],
    ["test points", of("run", "--data", "good.csv", "--test-data", "p"), of("p")],
    ["weights", of("run", "--weights", "p"), of("p")],
    ["a result", of("inspect", "r"), of("r/result.json")],
    ["a result of several", of("compare", "r", "s"), of("r/result.json", "s/result.json")],
    ["a claim", of("reproduce", "c"), of("c/claim.yaml")],
  ])("%s", async (_what, args, pipes) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "good.csv"), "x,y\n1,2\n2,3\n");
    for (const folder of ["e", "r", "s", "c"]) mkdirSync(join(cwd, folder));
    for (const pipe of pipes) execFileSync("mkfifo", [join(cwd, pipe)]);
    const { exitCode, stderr } = await bnCompare(cwd, ...args);
    expect(stderr).toContain(`it is a pipe, ${special}`);
    expect(exitCode).toBe(5);
  });
});
