import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { emptyFolder } from "../cli/command.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** What a build reads and what it leaves: the kernel's module and the page's script need not be made again. */
const COPIED = ["src", "tools", "docs", "schema", "dist", "package.json", "tsconfig.json", "tsconfig.build.json"];

/** A copy of the project that a test may change: what it writes and edits is what adding a thing takes. */
export interface Sources {
  readonly folder: string;
  /** The files that were written or edited, in order. */
  readonly touched: readonly string[];
  write(path: string, text: string): void;
  /** Replaces the one place where `before` stands in the file; throws where there is none, or more. */
  edit(path: string, before: string, after: string): void;
  /** Builds the copy with its own types; rejects with what the compiler says. */
  build(): Promise<void>;
  /** The built command of the copy, in `folder`. */
  command(...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>;
}

/** The project's sources in a folder that is gone when the test is over. */
export function copyOfSources(): Sources {
  const folder = emptyFolder();
  for (const name of COPIED) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const touched = new Set<string>();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    touched.add(path);
  };
  return {
    folder,
    get touched() {
      return [...touched];
    },
    write,
    edit(path, before, after) {
      const parts = readFileSync(join(folder, path), "utf8").split(before);
      if (parts.length !== 2) throw new Error(`${path}: ${parts.length - 1} places read ${JSON.stringify(before)}`);
      write(path, parts.join(after));
    },
    async build() {
      const { exitCode, all } = await execa("npm", ["run", "--silent", "build"], {
        cwd: folder,
        reject: false,
        all: true,
      });
      if (exitCode !== 0) throw new Error(`the copy does not build: ${all}`);
    },
    async command(...args) {
      const main = join(folder, "dist", "main.js");
      const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
        cwd: folder,
        reject: false,
        stdin: "ignore",
        env: { NO_COLOR: "1" },
      });
      return { exitCode, stdout, stderr };
    },
  };
}
