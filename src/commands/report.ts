import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { drawPictures } from "../charts/pictures.js";
import { fileError } from "../errors.js";
import { readRun } from "../output/run-reader.js";
import { summaryOf } from "../output/summary.js";

/** `bn-compare report RUN`: draws the pictures and the summary again from `result.json` alone. */
export async function report(run: string): Promise<void> {
  const { folder, result } = readRun(run);
  const pictures = await drawPictures(result);
  const files = { ...pictures, "summary.md": summaryOf(result, Object.keys(pictures)) };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      await writeFileAtomic(path, content);
    } catch (error) {
      throw fileError("write", path, error);
    }
    process.stdout.write(`${path}\n`);
  }
}
