import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder } from "../cli/command.js";

/** What the check of imports says of a project with these files, whose rooms are first, second and third. */
function faultsOf(files: Readonly<Record<string, string>>): string[] {
  const project = emptyFolder();
  const rows = ["first", "second", "third"].map((room) => `| \`${room}/\` | what is in it |`);
  for (const [name, text] of Object.entries({ "docs/architecture.md": rows.join("\n"), ...files })) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  const { stderr, status } = spawnSync(process.execPath, ["tools/imports.mjs", project], { encoding: "utf8" });
  const lines = stderr.split("\n").filter((line) => line !== "");
  expect(status).toBe(lines.length > 0 ? 1 : 0);
  return lines;
}

test("imports from rooms before, and of what all may import, are right", () => {
  expect(
    faultsOf({
      "src/errors.ts": "",
      "src/first/a.ts": 'import {\n  type B,\n  c,\n} from "./b.js";\nimport "../errors.js";\n',
      "src/first/b.ts": 'import { readFileSync } from "node:fs";\n',
      "src/third/c.ts": 'export type { A } from "../first/a.js";\nconst later = import("../second/d.js");\n',
      "src/second/d.ts": "",
      "src/main.ts": 'import "./third/c.js";\n',
    }),
  ).toEqual([]);
});

test.each([
  ["an import of a value", 'import { c } from "../third/c.js";\n'],
  ["an import of a type", 'import type { C } from "../third/c.js";\n'],
  ["an import on several lines", 'import {\n  type C,\n  c,\n} from "../third/c.js";\n'],
  ["an export", 'export * from "../third/c.js";\n'],
  ["an import when it is needed", 'const later = () => import("../third/c.js");\n'],
  ["the type of a module", 'type C = typeof import("../third/c.js");\n'],
])("%s from a room further on is a fault", (_, text) => {
  expect(faultsOf({ "src/first/a.ts": text, "src/third/c.ts": "" })).toEqual([
    "src/first/a.ts imports src/third/c.ts, which is further on",
  ]);
});

test("files that import one another are a fault, types included, however long the way", () => {
  expect(
    faultsOf({
      "src/first/a.ts": 'import type { B } from "./b.js";\n',
      "src/first/b.ts": 'import { c } from "./c.js";\n',
      "src/first/c.ts": 'import type { A } from "./a.js";\n',
    }),
  ).toEqual(["these import one another: first/a.ts, first/b.ts, first/c.ts"]);
});

test("a room without a row is a fault", () => {
  expect(faultsOf({ "src/fourth/a.ts": "" })).toEqual(["src/fourth/ is not in the table of docs/architecture.md"]);
});
