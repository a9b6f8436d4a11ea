import { drawPictures } from "../charts/index.js";
import { alone } from "../charts/runs.js";
import type { Settings } from "../config/keys.js";
import type { Result } from "../record/result.js";
import type { Ended, RunFormat } from "./formats/format.js";
import { RUN_FORMATS } from "./formats/index.js";

type NewFiles = Map<string, string | Uint8Array>;

/** The kinds of files that the settings ask for, loaded. Throws an expected error where one cannot be written here. */
export async function loadFormats(settings: Settings): Promise<readonly RunFormat[]> {
  const wanted = RUN_FORMATS.filter((format) => format.wanted?.(settings) ?? true);
  for (const format of wanted) await format.load?.();
  return wanted;
}

/** The files that a record alone makes, by their names: for people and for other tools. */
export async function recordFiles(
  result: Result,
  formats: readonly RunFormat[],
  settings: Settings,
): Promise<NewFiles> {
  const drawn = { result, pictures: await drawPictures(alone(result)) };
  const files: NewFiles = new Map();
  for (const format of formats) {
    if (format.from !== "record") continue;
    for (const [name, content] of await format.files(drawn, settings)) files.set(name, content);
  }
  return files;
}

/** The files that only the run itself can write, by their paths in its folder. */
export function runFiles(ended: Ended, formats: readonly RunFormat[]): NewFiles {
  return new Map(formats.flatMap((format) => (format.from === "run" ? [...format.files(ended)] : [])));
}
