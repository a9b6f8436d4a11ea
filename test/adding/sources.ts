import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** What a build reads and what it leaves: the kernel's module and the page's script need not be made again. */
const COPIED = ["src", "tools", "docs", "schema", "dist", "package.json", "tsconfig.json", "tsconfig.build.json"];

/** A copy of the project that a test may change: what it writes and edits is what adding a thing takes. */
export interface Sources {
  readonly folder: string;
  write(path: string, text: string): void;
  /** Replaces the one place where `before` stands in the file; throws where there is none, or more. */
  edit(path: string, before: string, after: string): void;
}

/** How a command ended, and what it printed. */
interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command of the copy once it is built, in a folder of its own. */
export interface Built {
  readonly folder: string;
  /** Of the copy. */
  readonly sources: string;
  command(...args: string[]): Promise<Ended>;
  /** The same in another language than English. */
  commandIn(language: string, ...args: string[]): Promise<Ended>;
  /** The text of a file in the folder. */
  read(...path: string[]): string;
}

/** A thing that is added to the project, and what shows that it is there. */
export interface Addition {
  readonly what: string;
  readonly add: (sources: Sources) => void;
  /** The files that this writes or edits, in order. */
  readonly touches: readonly string[];
  readonly shows: (built: Built) => Promise<void>;
}

/** The project's sources with these things in them, built with their own types; rejects with what the compiler says. */
export async function withAdditions(additions: readonly Addition[]) {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-adding-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const touched = new Map<string, string[]>();
  try {
    for (const name of COPIED) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    for (const { what, add } of additions) touched.set(what, addTo(folder, add));
    const { exitCode, all } = await execa("npm", ["run", "--silent", "build"], {
      cwd: folder,
      reject: false,
      all: true,
    });
    if (exitCode !== 0) throw new Error(`the copy does not build: ${all}`);
  } catch (error) {
    remove();
    throw error;
  }
  return { touched, remove, builtFor: (what: string) => builtIn(folder, what) };
}

/** Adds a thing, and returns the files that this touched. */
function addTo(folder: string, add: Addition["add"]): string[] {
  const touched = new Set<string>();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    touched.add(path);
  };
  add({
    folder,
    write,
    edit(path, before, after) {
      const parts = readFileSync(join(folder, path), "utf8").split(before);
      if (parts.length !== 2) throw new Error(`${path}: ${parts.length - 1} places read ${JSON.stringify(before)}`);
      write(path, parts.join(after));
    },
  });
  return [...touched];
}

function builtIn(sources: string, what: string): Built {
  const folder = join(sources, "runs", what.replaceAll(" ", "-"));
  mkdirSync(folder, { recursive: true });
  const ended = async (env: Record<string, string>, args: readonly string[]): Promise<Ended> => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [join(sources, "dist", "main.js"), ...args], {
      cwd: folder,
      reject: false,
      stdin: "ignore",
      env: { NO_COLOR: "1", ...env },
    });
    return { exitCode, stdout, stderr };
  };
  return {
    folder,
    sources,
    command: (...args) => ended({}, args),
    commandIn: (language, ...args) => ended({ BN_COMPARE_LANGUAGE: language }, args),
    read: (...path) => readFileSync(join(folder, ...path), "utf8"),
  };
}
