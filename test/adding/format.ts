import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Addition } from "./sources.js";

const formats = "src/output/formats";

export const format: Addition = {
  what: "two file formats",
  add(copy) {
    copy.write(
      `${formats}/names.ts`,
      `import type { RunFormat } from "./format.js";

/** The arms' names, a line each. */
export const names: RunFormat = {
  names: ["names.txt"],
  from: "record",
  files: ({ result }) => new Map([["names.txt", Object.keys(result.arms).join("\\n")]]),
};
`,
    );
    copy.edit(`${formats}/index.ts`, "  weights,\n];", "  weights,\n  names,\n];");
    copy.edit(`${formats}/index.ts`, "import { png }", 'import { names } from "./names.js";\nimport { png }');
    copy.write(
      `${formats}/tap.ts`,
      `import type { CheckFormat } from "./format.js";

/** The Test Anything Protocol. */
export const tap: CheckFormat = {
  flag: "tap",
  help: "write what a test harness reads",
  content: async ({ reports }) => \`1..\${reports.length}\\n\${reports.map(({ outcome }) => outcome).join("\\n")}\\n\`,
};
`,
    );
    copy.edit(`${formats}/check-formats.ts`, "[junit, markdownReport]", "[junit, markdownReport, tap]");
    copy.edit(`${formats}/check-formats.ts`, 'markdown.js";\n', 'markdown.js";\nimport { tap } from "./tap.js";\n');
  },
  touches: [`${formats}/names.ts`, `${formats}/index.ts`, `${formats}/tap.ts`, `${formats}/check-formats.ts`],
  async shows(copy) {
    const small = ["--epochs", "2", "--samples", "20", "--width", "4"];
    const run = await copy.command("run", ...small, "--out", "r");
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("error") });
    expect(run.stdout).toContain(join("r", "names.txt"));
    expect(copy.read("r", "names.txt")).toBe("plain\nbn");
    // Such a folder is a run's: it may be replaced.
    expect((await copy.command("run", ...small, "--out", "r", "--quiet")).exitCode).toBe(0);
    expect((await copy.command("report", "r")).stdout).toContain(join("r", "names.txt"));

    mkdirSync(join(copy.folder, "e"));
    writeFileSync(
      join(copy.folder, "e/experiment.yaml"),
      "epochs: 2\nsamples: 20\nwidth: 4\nseeds: 2\nactivation: tanh\n",
    );
    expect((await copy.command("check", "e", "--update", "--force")).exitCode).toBe(0);
    expect((await copy.command("check", "--help")).stdout).toMatch(/--tap <FILE> +write what a test harness reads/);
    expect((await copy.command("check", "e", "--tap", "out.tap", "--quiet")).exitCode).toBe(0);
    expect(copy.read("out.tap")).toBe("1..1\npass\n");
    expect(existsSync(join(copy.folder, "out.xml"))).toBe(false);
  },
};
