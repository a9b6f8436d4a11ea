import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { checkedFlags } from "../config/load.js";
import { fileError } from "../errors.js";
import { loadPngRenderer } from "../output/png-export.js";
import { presentationOf } from "../output/presentation.js";
import { REPORT_NAME, SUMMARY_NAME } from "../output/presentation-names.js";
import { readRun } from "../output/run-reader.js";

/** `bn-compare report RUN`: draws the pictures, the summary and the report again from `result.json` alone. */
export async function report(run: string, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const settings = checkedFlags(flags);
  const renderPng = settings.png ? await loadPngRenderer() : undefined;
  const { folder, result } = readRun(run);
  for (const [name, content] of await presentationOf(result, settings, renderPng)) {
    const path = join(folder, name);
    try {
      await writeFileAtomic(path, Buffer.from(content));
    } catch (error) {
      throw fileError("write", path, error);
    }
    // As `run` does: the summary says what the report says.
    if (name !== SUMMARY_NAME) process.stdout.write(`${path}\n`);
  }
  if (settings.open) {
    const path = join(folder, REPORT_NAME);
    const { default: open } = await import("open");
    await open(path).catch(() => process.stderr.write(`nothing here opens ${path}\n`));
  }
}
