import { readFileSync } from "node:fs";
import { type Catalog, speak } from "./language.js";

/* Imported before everything that has sentences: some are made as their file is loaded. */

/** The language asked for, by its code. */
const code = process.env["BN_COMPARE_LANGUAGE"] || "en";

const catalog = code === "en" ? undefined : catalogOf(code);
if (catalog !== undefined) speak({ code, catalog });

/** The code of a language that this package does not have. */
export const UNKNOWN_LANGUAGE = code === "en" || catalog !== undefined ? undefined : code;

function catalogOf(name: string): Catalog | undefined {
  if (!/^[\w-]+$/.test(name)) return undefined;
  try {
    // The same from src and from dist.
    return JSON.parse(readFileSync(new URL(`../../dist/languages/${name}.json`, import.meta.url), "utf8")) as Catalog;
  } catch {
    return undefined;
  }
}
