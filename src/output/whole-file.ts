import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { fileError } from "../errors.js";

/** Writes a file whole or not at all; errors name it as `shown`. */
export async function writeWholeFile(
  file: string,
  content: string | Uint8Array,
  { shown = file, makeFolder = false }: { readonly shown?: string; readonly makeFolder?: boolean } = {},
): Promise<void> {
  try {
    if (makeFolder) mkdirSync(dirname(file), { recursive: true });
    await writeFileAtomic(file, typeof content === "string" ? content : Buffer.from(content));
  } catch (error) {
    throw fileError("write", shown, error);
  }
}
