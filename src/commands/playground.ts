import { resolve } from "node:path";
import { writeWholeFile } from "../files/whole-file.js";
import { openInBrowser } from "../output/open-in-browser.js";
import type { Io } from "../output/terminal.js";
import { playgroundPage } from "../report/assets.js";
import { refuseForeign } from "../report/document.js";

/** `bn-compare playground`: the page of the build, which is the same for everyone. */
export async function playground(
  options: { readonly out: string; readonly open?: boolean },
  { terminal }: Io,
): Promise<void> {
  const out = resolve(options.out);
  refuseForeign(options.out);
  writeWholeFile(out, playgroundPage(), { shown: options.out });
  terminal.say(options.out);
  if (options.open) await openInBrowser(out, options.out, terminal);
}
