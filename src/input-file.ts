import { constants } from "node:buffer";
import { closeSync, fstatSync, constants as modes, openSync, readSync, type Stats, statSync } from "node:fs";
import { EXIT, ExpectedError, fileError } from "./errors.js";
import { t } from "./text/language.js";

const MB = 1e6;
/** The largest safe size of a file that becomes one string: UTF-16 never has more units than UTF-8 has bytes. */
const STRING = Math.min(500 * MB, constants.MAX_STRING_LENGTH);

/**
 * What a file is read as: its name in messages, and the most bytes that are read of it. A sound file of each kind stays far
 * below its limit; a larger one would fill the memory before anything could be said about it.
 */
const KINDS = {
  experiment: { what: t`an experiment`, most: 1 * MB },
  claim: { what: t`a claim`, most: 1 * MB },
  points: { what: t`a file of points`, most: STRING },
  tensors: { what: t`a file of points`, most: 2000 * MB },
  weights: { what: t`a file of weights`, most: 2000 * MB },
  result: { what: t`a result`, most: STRING },
  digests: { what: t`a file of digests`, most: STRING },
  cell: { what: t`a cell of a sweep`, most: 100 * MB },
  sweep: { what: t`a sweep`, most: STRING },
  baseline: { what: t`a baseline`, most: 200 * MB },
  states: { what: t`a baseline's file of states`, most: 2000 * MB },
} as const satisfies Record<string, { readonly what: string; readonly most: number }>;

export type InputKind = keyof typeof KINDS;

/** The most bytes of a kind: also the bound for what a compressed file may hold once it is unpacked. */
export const mostBytes = (kind: InputKind): number => KINDS[kind].most;

/** A file that is larger than its kind may be; `held` says what is too large where it is not the file itself. */
export function tooLarge(path: string, kind: InputKind, held = t`it`): ExpectedError {
  const { what, most } = KINDS[kind];
  return new ExpectedError(
    EXIT.file,
    t`cannot read ${path}: ${held} is larger than ${(most / MB).toLocaleString("en-US")} MB, the most that ${what} may hold`,
  );
}

/**
 * Reads a whole file that a person, another program or another machine wrote. Every such file goes through here (or
 * `readInputText`), and nothing else in `src` opens one: only regular files, so that a pipe cannot block and a device
 * cannot go on for ever; of at most the size that `kind` allows, however much is appended while it is read. Throws an
 * expected error with exit code 5 that names the path and what is wrong.
 *
 * What unpacks the bytes bounds what comes out by `mostBytes(kind)` and throws `tooLarge(path, kind, "its unpacked content")`.
 */
export function readInput(path: string, kind: InputKind): Buffer {
  return opened(path, (file, size) => readBounded(file, path, kind, size));
}

/** The same as text in UTF-8; invalid bytes become U+FFFD. */
export function readInputText(path: string, kind: InputKind): string {
  return readInput(path, kind).toString("utf8");
}

/** The first bytes of a regular file of any size, as text: enough to see what it is. */
export function readStart(path: string, bytes: number): string {
  return opened(path, (file) => {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, bytes, 0));
  });
}

/** Opens a regular file for `read` and closes it again. */
function opened<T>(path: string, read: (file: number, size: number) => T): T {
  try {
    // Looked at before it is opened: opening a pipe for reading would already wake whoever writes to it.
    requireRegular(statSync(path), path);
    // Without blocking, in case the path leads to a pipe by now.
    const file = openSync(path, modes.O_RDONLY | (modes.O_NONBLOCK ?? 0));
    try {
      const status = fstatSync(file);
      requireRegular(status, path);
      return read(file, status.size);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    throw fileError("read", path, error);
  }
}

function readBounded(file: number, path: string, kind: InputKind, size: number): Buffer {
  const { most } = KINDS[kind];
  if (size > most) throw tooLarge(path, kind);
  // One byte more than expected, so that the end of an unchanged file is seen without another buffer. Files of /proc say
  // that they are empty and are not.
  let buffer = Buffer.allocUnsafe(Math.max(size, 4095) + 1);
  let length = 0;
  for (;;) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > most) throw tooLarge(path, kind);
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * length, most + 1));
      buffer.copy(larger);
      buffer = larger;
    }
  }
}

function requireRegular(status: Stats, path: string): void {
  if (status.isFile()) return;
  const found = status.isDirectory()
    ? t`it is a folder, not a file`
    : t`it is ${specialName(status)}, and only regular files are read; write its content to a file and give that`;
  throw new ExpectedError(EXIT.file, t`cannot read ${path}: ${found}`);
}

function specialName(status: Stats): string {
  if (status.isFIFO()) return t`a pipe`;
  if (status.isSocket()) return t`a socket`;
  return t`a device`;
}
