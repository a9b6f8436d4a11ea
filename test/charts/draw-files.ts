import { drawPictures } from "../../src/charts/index.js";
import type { Picture } from "../../src/charts/picture.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";

/** A run's pictures as the files that they are written to, by their charts' names. */
export async function drawFiles(result: Result): Promise<Record<string, string>> {
  return Object.fromEntries([...(await drawPictures(alone(result)))].map(([name, { file }]) => [name, file]));
}

/** All texts of a chart's notes and spec, with plain spaces. */
export function writtenIn({ notes, spec }: Pick<Picture, "notes" | "spec">): string {
  return JSON.stringify([notes, spec]).replaceAll("\u00a0", " ");
}
