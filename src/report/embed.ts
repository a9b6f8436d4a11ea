import { relative, sep } from "node:path";
import type { Result } from "../record/result.js";
import { asMarkup, html } from "../text/html.js";
import { t } from "../text/language.js";
import { titleOf } from "./setup-words.js";

const SCRIPT = asMarkup(`<script>
  addEventListener("message", ({ source, data }) => {
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === source && data?.type === "bn-compare") frame.height = data.height;
  });
</script>`);

/** Markup for another page, which shows in a frame what the report opens with, and gives the frame that height. */
export function embedding(result: Result, file: string): string {
  const path = relative(process.cwd(), file).split(sep).map(encodeURIComponent).join("/");
  return html`<iframe src="${path}#show=stage" title="${t`Batch normalization compared: ${titleOf(result)}`}" width="100%" height="760"></iframe>
${SCRIPT}
`.text;
}
