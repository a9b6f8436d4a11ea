import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../cli/command.js";
import { INSTALL_NODES, NODES, skipReason } from "./runs.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const own = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));

/**
 * A clone as npm sees it, with this package's own `prepare`; its build only counts itself and writes a command that prints
 * what src holds.
 */
function clone(): string {
  const folder = emptyFolder();
  mkdirSync(join(folder, "src"));
  mkdirSync(join(folder, "tools"));
  cpSync(join(repository, "tools/built.mjs"), join(folder, "tools/built.mjs"));
  const { name, version, type, bin } = own;
  const scripts = { build: "node tools/build.mjs && node tools/built.mjs --mark", prepare: own.scripts.prepare };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, type, bin, scripts }));
  const packages = { "": { name, version, bin } };
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ name, version, lockfileVersion: 3, requires: true, packages }),
  );
  writeFileSync(join(folder, "src/text"), "one");
  writeFileSync(
    join(folder, "tools/build.mjs"),
    `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
     mkdirSync("dist", { recursive: true });
     const text = readFileSync("src/text", "utf8");
     writeFileSync("dist/main.js", "#!/usr/bin/env node\\nconsole.log(" + JSON.stringify(text) + ");\\n");
     appendFileSync("builds", "x");`,
  );
  return folder;
}

const buildsOf = (folder: string) =>
  existsSync(join(folder, "builds")) ? readFileSync(join(folder, "builds"), "utf8").length : 0;

test("a build says of itself what it was made from", () => {
  expect(own.scripts.build).toMatch(/ && node tools\/built\.mjs --mark$/);
});

test("npx needs a build where there is none, or one from other sources; other commands always", () => {
  const folder = clone();
  const build = () => {
    execFileSync(process.execPath, ["tools/build.mjs"], { cwd: folder });
    execFileSync(process.execPath, ["tools/built.mjs", "--mark"], { cwd: folder });
  };
  const isBuilt = (npm_command: string) =>
    spawnSync(process.execPath, ["tools/built.mjs"], { cwd: folder, env: { npm_command } }).status === 0;
  expect(isBuilt("exec")).toBe(false);
  build();
  expect(isBuilt("exec")).toBe(true);
  expect(["ci", "install", "pack", "publish", "run"].filter(isBuilt)).toEqual([]);
  for (const change of [
    () => writeFileSync(join(folder, "src/text"), "two"),
    () => writeFileSync(join(folder, "src/more"), ""),
    () => renameSync(join(folder, "src/more"), join(folder, "src/moved")),
    () => writeFileSync(join(folder, "package-lock.json"), "{}"),
    () => rmSync(join(folder, "dist/main.js")),
  ]) {
    change();
    expect(isBuilt("exec")).toBe(false);
    build();
    expect(isBuilt("exec")).toBe(true);
  }
});

for (const { version, folder: npm } of NODES.npm) {
  const reason = skipReason([npm], INSTALL_NODES);
  describe.skipIf(reason !== undefined)(`in a clone, with npm ${version}${reason ?? ""}`, () => {
    async function call(folder: string, program: "npm" | "npx", ...args: string[]): Promise<string> {
      const cli = join(npm, "bin", `${program}-cli.js`);
      const env = { NPM_CONFIG_CACHE: join(folder, ".npm"), NPM_CONFIG_OFFLINE: "true", NPM_CONFIG_AUDIT: "false" };
      const { stdout } = await execa(process.execPath, [cli, ...args], {
        cwd: folder,
        // Not as a script of the npm that runs the tests.
        env: { ...env, npm_command: undefined, npm_execpath: undefined },
        stdin: "ignore",
      });
      return stdout;
    }

    test("npm ci builds, npx does not", async () => {
      const folder = clone();
      for (const [builds, text] of [
        [1, "one"],
        // As after a pull.
        [2, "two"],
      ] as const) {
        writeFileSync(join(folder, "src/text"), text);
        await call(folder, "npm", "ci");
        for (let times = 0; times < 2; times++) {
          expect(await call(folder, "npx", "bn-compare")).toBe(text);
          expect(buildsOf(folder)).toBe(builds);
        }
      }
    });

    test("what is built is built again by npm ci and npm pack all the same", async () => {
      const folder = clone();
      await call(folder, "npm", "ci");
      await call(folder, "npm", "ci");
      await call(folder, "npm", "pack", "--dry-run");
      expect(buildsOf(folder)).toBe(3);
    });
  });
}
