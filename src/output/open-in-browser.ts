import { t } from "../text/language.js";
import type { Terminal } from "./terminal.js";

/** Shows a page in the user's browser; says so where there is none. */
export async function openInBrowser(file: string, shown: string, terminal: Terminal): Promise<void> {
  const { default: open } = await import("open");
  await open(file).catch(() => terminal.note(t`no program here opens ${shown}`));
}
