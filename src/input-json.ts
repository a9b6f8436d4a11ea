import { excerpt } from "./text/excerpt.js";
import { t } from "./text/language.js";

/** Deeper than this no file of ours is; what walks a value by calling itself must not run out of stack. */
const DEEPEST = 100;

/** The value of a JSON text from elsewhere, or what is wrong with the text, to follow the file's name. */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (nesting(text) > DEEPEST) return { fault: t`is nested more than ${DEEPEST} levels deep` };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: t`is not JSON: ${excerpt((error as Error).message, 200)}` };
  }
}

/** How deep lists and objects are in each other at most; of a text that is not JSON, some number. */
function nesting(text: string): number {
  let [depth, deepest] = [0, 0];
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        isText = !isText;
        break;
      case 0x5c: // \ makes the next character part of the text
        i++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!isText) deepest = Math.max(deepest, ++depth);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!isText) depth--;
    }
  }
  return deepest;
}

/** `schemaVersion 3`, for a message: a version of any type from a file. */
export function versionText(key: string, value: unknown): string {
  const version =
    typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  if (version === undefined) return t`no ${key}`;
  return typeof version === "object" ? t`a ${key} that is no number` : `${key} ${excerpt(String(version))}`;
}
