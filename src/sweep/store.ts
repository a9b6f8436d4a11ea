import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { byteDigest, type Digest } from "../data/digest.js";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { makeFolders, syncFolder, writeDurably } from "../files/durable.js";
import { formatJson } from "../files/json.js";
import { isAtWork, newOwner, OWNER, releaseOwner } from "../files/owner.js";
import { readInputText } from "../input-file.js";
import { parseJson } from "../input-json.js";
import { type CellRecord, cellSchema } from "../record/sweep.js";
import { t } from "../text/language.js";

/** Below it are the cells, `cells/ab/HASH.json`; a cell is there whole or not at all. */
const CELLS = "cells";

/** Where cells are written before they have their name. A folder for each process, so that what one left is nobody's. */
const TEMPORARY = ".tmp";

const CELL_FILE = /^([0-9a-f]{64})\.json$/;

/** A folder of cells, as one process uses it. */
export interface Store {
  readonly folder: string;
  /** The names of the cells that are there. */
  names(): Set<Digest>;
  /** A cell that is sound; undefined where there is none. Throws where the file holds anything else. */
  read(name: Digest): CellRecord | undefined;
  /** The bytes of a cell's file. */
  text(name: Digest): string;
  /** Puts a cell in its place, unless the same one is there by then; another one of that name is a conflict. */
  put(name: Digest, text: string): void;
  remove(name: Digest): void;
  close(): void;
}

/** Text of a cell's file. */
export function cellText(cell: CellRecord): string {
  return formatJson(cell);
}

/** A cell whose file is torn, or holds a different cell than its name says. */
export class UnsoundCell extends ExpectedError {}

/** Two cells of the same name whose numbers differ: something other than the identity determines them. */
export class CellConflict extends ExpectedError {}

/** Opens a store for writing, makes its folders, and removes what processes that have ended left in it. */
export function openStore(folder: string): Store {
  const owner = newOwner();
  const temporary = join(folder, TEMPORARY, owner);
  try {
    makeFolders(join(folder, CELLS));
    makeFolders(join(folder, TEMPORARY));
    for (const name of readdirSync(join(folder, TEMPORARY))) {
      if (new RegExp(`^${OWNER}$`).test(name) && isAtWork(name) === false)
        rmSync(join(folder, TEMPORARY, name), { recursive: true, force: true });
    }
    mkdirSync(temporary);
  } catch (error) {
    releaseOwner(owner);
    throw fileError("write", folder, error);
  }
  return {
    ...readStore(folder),
    put(name, text) {
      const file = fileOf(folder, name);
      const written = join(temporary, `${name}.json`);
      try {
        makeFolders(join(folder, CELLS, name.slice(0, 2)));
        writeDurably(written, text);
        // A link, unlike a renaming, does not replace what is there.
        linkUnlessThere(written, file);
        syncFolder(join(folder, CELLS, name.slice(0, 2)));
      } catch (error) {
        throw fileError("write", file, error);
      } finally {
        rmSync(written, { force: true });
      }
      if (readInputText(file, "cell") !== text) throw conflict(file);
    },
    remove: (name) => rmSync(fileOf(folder, name), { force: true }),
    close() {
      releaseOwner(owner);
      rmSync(temporary, { recursive: true, force: true });
      try {
        if (readdirSync(join(folder, TEMPORARY)).length === 0) rmSync(join(folder, TEMPORARY), { recursive: true });
      } catch {
        // Another process uses it.
      }
    },
  };
}

/** A store that is only read. */
export function readStore(folder: string): Pick<Store, "folder" | "names" | "read" | "text"> {
  return {
    folder,
    names: () => new Set(cellNames(folder)),
    text: (name) => readInputText(fileOf(folder, name), "cell"),
    read(name) {
      const file = fileOf(folder, name);
      return existsSync(file) ? soundCell(readInputText(file, "cell"), name, file) : undefined;
    },
  };
}

/** The cells' files, and what else is below `cells/`, by paths from the store's folder. */
export function foreignFiles(folder: string): string[] {
  const root = join(folder, CELLS);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const [, name] = CELL_FILE.exec(entry.name) ?? [];
    if (entry.isDirectory()) return [];
    return name !== undefined && path === fileOf(folder, name) ? [] : [path];
  });
}

function cellNames(folder: string): Digest[] {
  const root = join(folder, CELLS);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const [, name] = CELL_FILE.exec(entry.name) ?? [];
    return name !== undefined && entry.isFile() ? [name] : [];
  });
}

function fileOf(folder: string, name: Digest): string {
  return join(folder, CELLS, name.slice(0, 2), `${name}.json`);
}

function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The cell in a text, if it is the one of that name. */
export function soundCell(text: string, name: Digest, file: string): CellRecord {
  const parsed = parseJson(text);
  if ("fault" in parsed) throw new UnsoundCell(EXIT.file, `${file} ${parsed.fault}`);
  const cell = cellSchema.safeParse(parsed.value);
  if (!cell.success)
    throw new UnsoundCell(EXIT.file, t`${file} does not hold a cell: ${cell.error.issues[0]?.message}`);
  if (byteDigest(JSON.stringify(cell.data.identity)) !== name)
    throw new UnsoundCell(EXIT.file, t`${file} holds a different cell than its name says`);
  return cell.data;
}

function conflict(file: string): CellConflict {
  return new CellConflict(
    EXIT.regression,
    t`${file}: the same cell gave different bytes; keep both files, and find out which machine or program made them`,
  );
}
