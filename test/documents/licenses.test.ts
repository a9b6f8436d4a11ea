import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { loadAssets } from "../../src/report/assets.js";
import { emptyFolder } from "../cli/command.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);

/** No registry is reached: nothing listens there. */
const OFFLINE = { npm_config_registry: "http://127.0.0.1:9/", npm_config_offline: "true" };

const tool = (name: string, folder: string) =>
  execa(process.execPath, [join(ROOT, "tools", name), folder], { reject: false, env: OFFLINE });

describe("npm run licenses", () => {
  test("lists every package that an installation brings, each with a license that is allowed", async () => {
    const { stdout, stderr, exitCode } = await tool("licenses.mjs", ROOT);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    const names = stdout.split("\n").map((line) => line.split(/[\t ]/).at(-2));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) expect(names).toContain(name);
    for (const name of ["typescript", "vitest", "@tensorflow/tfjs-node"]) expect(names).not.toContain(name);
    expect(stdout).not.toContain("none");
  });

  test.each([
    ["GPL-3.0-only", 1],
    ["MIT AND GPL-3.0-only", 1],
    ["(MIT AND GPL-3.0-only) OR BUSL-1.1", 1],
    [undefined, 1],
    ["(MIT OR GPL-3.0-only)", 0],
    ["Apache-2.0 AND MIT", 0],
  ])("%s: exit code %i", async (license, code) => {
    const folder = emptyFolder();
    const packages = {
      "": { name: "x" },
      "node_modules/a": { version: "1.0.0", license },
      "node_modules/a/node_modules/dev": { version: "1.0.0", license: "GPL-3.0-only", dev: true },
    };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
    const { exitCode, stderr } = await tool("licenses.mjs", folder);
    expect(exitCode).toBe(code);
    if (code !== 0) expect(stderr).toMatch(/: a$/);
  });
});

test("the bill of materials is made from the lockfile alone, has what is shipped and nothing else", async () => {
  const folder = emptyFolder();
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(ROOT, file), join(folder, file));
  const { stdout, exitCode } = await tool("sbom.mjs", folder);
  expect(exitCode).toBe(0);
  const bill = JSON.parse(stdout);
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { name: "bn-compare" } } });
  const names: string[] = bill.components.map(({ purl }: { purl: string }) =>
    decodeURIComponent(purl.replace(/^pkg:npm\/(.*)@.*$/, "$1")),
  );
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) expect(names).toContain(name);
  for (const name of Object.keys(devDependencies).filter((name) => !(name in dependencies)))
    if (name !== "vega-interpreter") expect(names).not.toContain(name);
  for (const component of bill.components) expect(component.licenses, component.name).not.toBeUndefined();
  const refs = new Set(bill.components.map((component: Record<string, string>) => component["bom-ref"]));
  for (const { dependsOn } of bill.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
});

describe("a page", () => {
  test("has the license of every package whose code is in it", () => {
    const { script } = loadAssets();
    const notice = script.slice(script.lastIndexOf("/*!"));
    for (const name of ["vega", "vega-interpreter", "d3-ease", "d3-scale-chromatic", "d3-geo", "internmap"])
      expect(notice).toMatch(new RegExp(`(^|, )${name} \\d+\\.\\d+\\.\\d+[,:]`, "m"));
    for (const words of [
      "University of Washington Interactive Data Lab",
      "Mike Bostock",
      "Robert Penner",
      "Cynthia Brewer",
      "Redistributions in binary form must reproduce the above copyright",
    ])
      expect(notice).toContain(words);
  });
});
