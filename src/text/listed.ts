import { excerpt } from "./excerpt.js";
import { t } from "./language.js";

/** Names in a list that are shown before the rest is counted. */
export const MOST_LISTED = 10;

/** `a, b and 7 more`: names from a file, each cut and with what nobody sees named. */
export function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const shown = names.slice(0, MOST_LISTED).map((name) => excerpt(name));
  return shown.join(", ") + (rest > 0 ? t` and ${rest} more` : "");
}
