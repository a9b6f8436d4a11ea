import type { RunFormat } from "./format.js";

export const REPORT_FILE = "report.html";

/** The page. */
export const report: RunFormat = {
  names: [REPORT_FILE],
  from: "record",
  async files({ result, pictures }) {
    const { htmlReportOf } = await import("../html-report.js");
    return new Map([[REPORT_FILE, await htmlReportOf(result, pictures)]]);
  },
};
