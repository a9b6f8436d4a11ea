import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedIn, makeFolder, removeFolder } from "./packed.js";

const bin = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));

const PROGRAM = `import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { check, ExpectedError, readRun, renderChart, renderReport, run, type Result, type RunOptions, type Settings } from "bn-compare";
import type { ArmTask, Engine } from "bn-compare/browser";

const settings: Settings = { activation: "tanh", samples: 40, width: 4, updates: 6, arms: { plain: { normalize: "none" }, bn: {} } };
const options: RunOptions = { progress: ({ arm, done }) => void [arm.toUpperCase(), done.toFixed(0)] };
const { result } = await run(settings, options);
const final: number | undefined = result.arms["bn"]?.costs.at(-1)?.train;
const svg: string = await renderChart(result, "costs");
const html: string = await renderReport(result);
await run({ ...settings, out: "run" });
const read: { result: Result } = await readRun("run");
const outcome: "pass" | "regression" | "inconclusive" | ExpectedError = await check("nowhere").then(
  (report) => report.outcome,
  (error: unknown) => { if (error instanceof ExpectedError) return error; throw error; },
);
// @ts-expect-error: no activation of that name
const wrong: Settings = { activation: "ReLU" };
const trained = (engine: Engine, task: ArmTask) => engine.createArm(task).advance(3);
writeFileSync("found.json", JSON.stringify({ final, svg: svg.length, html: html.length, same: isDeepStrictEqual(read.result, JSON.parse(JSON.stringify(result))), outcome: String(outcome), wrong: typeof wrong, trained: typeof trained }));
`;

/** Says so where the process is not as it was before. */
const MAIN = `const names = ["SIGINT", "SIGTERM", "SIGHUP", "exit", "uncaughtException", "unhandledRejection"];
const heard = () => names.map((name) => process.listenerCount(name)).join();
const before = heard();
await import("./program.js");
if (heard() !== before || process.exitCode !== undefined) console.log("the process is not as it was");
`;

describe("a program that has the package installed", () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder();
    installedIn(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "program.ts"), PROGRAM);
  });

  afterAll(() => removeFolder(folder));

  test.each(["nodenext", "bundler"])("compiles against its declarations, resolved for %s", async (resolution) => {
    const module = resolution === "bundler" ? "esnext" : resolution;
    const options = { module, moduleResolution: resolution, target: "es2022", lib: ["es2023", "dom"], strict: true };
    const compilerOptions = { ...options, exactOptionalPropertyTypes: true, types: ["node"], noEmit: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    const { stdout } = await execa(bin("tsc"), ["-p", folder], { reject: false });
    // What the declarations of other packages do among each other is theirs.
    expect(stdout.split("\n").filter((line) => /bn-compare|^(\.\.\/)*package\/|program\.ts/.test(line))).toEqual([]);
  });

  test("runs, prints nothing, leaves signals and exit code alone, and ends by itself", async () => {
    await execa(bin("esbuild"), ["program.ts", "--outfile=program.js", "--format=esm"], { cwd: folder });
    writeFileSync(join(folder, "main.js"), MAIN);
    const { stdout, stderr, exitCode } = await execa(process.execPath, ["main.js"], { cwd: folder, reject: false });
    expect([stdout, stderr, exitCode]).toEqual(["", "", 0]);
    const { default: found } = await import(join(folder, "found.json"), { with: { type: "json" } });
    expect(found).toMatchObject({ final: expect.any(Number), same: true, wrong: "object", trained: "function" });
    expect(found.outcome).toContain("ExpectedError");
  });

  test("finds the package's exports sound by publint and by what TypeScript resolves", async () => {
    const package_ = join(folder, "package");
    const lint = await execa(bin("publint"), [package_, "--strict"], { reject: false, all: true });
    expect([lint.exitCode, lint.all]).toEqual([0, expect.stringContaining("All good!")]);
    const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    const types = await execa(bin("attw"), [join(folder, tarball), "--profile", "esm-only"], {
      reject: false,
      all: true,
    });
    expect([types.exitCode, types.all]).toEqual([0, expect.stringContaining('"bn-compare/browser"')]);
  });
});
