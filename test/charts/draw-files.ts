import type { PictureName } from "../../src/charts/picture-names.js";
import { drawPictures } from "../../src/charts/pictures.js";
import type { Result } from "../../src/experiment/result.js";

/** A run's pictures as the files that they are written to. */
export async function drawFiles(result: Result): Promise<Partial<Record<PictureName, string>>> {
  const pictures = Object.entries(await drawPictures(result));
  return Object.fromEntries(pictures.map(([name, { file }]) => [name, file]));
}
