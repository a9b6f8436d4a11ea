import type { RunFormat } from "./format.js";
import { svg } from "./svg.js";

export const SUMMARY_FILE = "summary.md";

/** The result in Markdown, for a pull request or a notebook, with the pictures that are beside it. */
export const summary: RunFormat = {
  names: [SUMMARY_FILE],
  from: "record",
  async files({ result, pictures }, settings) {
    const { summaryOf } = await import("../summary.js");
    const drawn = svg.wanted?.(settings) ? [...pictures.keys()] : [];
    return new Map([[SUMMARY_FILE, summaryOf(result, drawn).text]]);
  },
};
