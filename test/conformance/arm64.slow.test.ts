import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../cli/command.js";
import {
  bnCompareOn,
  expectSameBytes,
  HERE,
  type Host,
  IMAGES,
  INSTALL_NODES,
  NODES,
  runFiles,
  skipReason,
} from "./runs.js";

const QEMU = "/usr/bin/qemu-aarch64";
/** Of Debian's libc6-arm64-cross and libstdc++6-arm64-cross. */
const SYSROOT = "/usr/aarch64-linux-gnu";
const { version, binary } = NODES.arm64;
const packages = "apt-get install qemu-user libc6-arm64-cross libstdc++6-arm64-cross";
const reason = skipReason([QEMU, join(SYSROOT, "lib/libstdc++.so.6"), binary], `${packages}; ${INSTALL_NODES}`);

/** Optimizing the JavaScript takes longer here than it saves in so short a run. */
const host = (...flags: string[]): Host => ({
  program: QEMU,
  before: ["-L", SYSROOT, binary, "--no-opt", ...flags],
});

/** Runs that an emulator can do in seconds. */
const SMALL = ["--samples", "60", "--width", "6", "--hidden-layers", "3", "--updates", "12"];

describe.skipIf(reason !== undefined)(`on arm64, Node ${version}, emulated${reason ?? ""}`, () => {
  test("it is an arm64 Node", async () => {
    const { program, before = [] } = host();
    const { stdout } = await execa(program, [...before, "-p", "process.arch + process.version"]);
    expect(stdout).toBe(`arm64v${version}`);
  });

  test("a small run with tanh gives the same bytes, pictures included", async () => {
    const flags = ["--activation", "tanh", ...SMALL];
    const here = await runFiles(HERE, ...flags);
    expectSameBytes(await runFiles(host(), ...flags, "--workers", "1"), here);
  });

  test("a small run on images gives the same result.json", async () => {
    const folder = join(emptyFolder(), "run");
    await bnCompareOn(HERE, "run", ...IMAGES, "--quiet", "--out", folder);
    expect(await bnCompareOn(host(), "verify", folder, "--workers", "1")).toMatch(/^identical/);
  });

  test("the tutorial's net with relu gives the same result.json, compiled by V8's optimizing compiler", async () => {
    const folder = join(emptyFolder(), "run");
    await bnCompareOn(HERE, "run", "--activation", "relu", "--updates", "8", "--quiet", "--out", folder);
    expect(await bnCompareOn(host("--no-liftoff"), "verify", folder, "--workers", "1")).toMatch(/^identical/);
  });
});
