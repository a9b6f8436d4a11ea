import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { MAIN } from "./command.js";

/** Numbers in [0, 1) that follow from a seed (mulberry32), so that a failure can be drawn again. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A command from start to end, to which something happens after a while. */
export async function happening(
  cwd: string,
  args: readonly string[],
  { after, what }: { readonly after: number; readonly what: (child: ReturnType<typeof start>) => void },
) {
  const child = start(cwd, args);
  let at: number | undefined;
  const timer = setTimeout(() => {
    at = performance.now();
    what(child);
  }, after);
  const { exitCode, signal, stderr } = await child;
  clearTimeout(timer);
  return { exitCode, signal, stderr, happened: at !== undefined, took: at === undefined ? 0 : performance.now() - at };
}

function start(cwd: string, args: readonly string[]) {
  return execa(process.execPath, [MAIN, ...args], { cwd, reject: false, stdin: "ignore", env: { NO_COLOR: "1" } });
}

/** Everything in a run folder that is the same each time, by path. */
export function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name)).sort();
  return Object.fromEntries(
    paths.filter((path) => !path.endsWith("timing.json")).map((path) => [path, readFileSync(path, "latin1")]),
  );
}

/** For the next try: nothing is there. */
export function emptied(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}
