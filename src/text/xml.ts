import { type Safe, templateOf } from "./medium.js";

/** Text that is XML. */
export type Xml = Safe<"xml">;

/** A template of XML: what stands in it is text, in elements and in quoted attributes. */
export const xml = templateOf("xml", (text) => escapeText(text).replace(/"/g, "&quot;"));

/** XML allows no control character but tab and newlines, and no half of a surrogate pair. */
export function removeControls(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

export function escapeText(text: string): string {
  return removeControls(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
