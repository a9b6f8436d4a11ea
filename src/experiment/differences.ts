import { ownEntry } from "../record/own-entry.js";
/** The first place at which two JSON values differ, as a dotted path, with both values. */
export interface JsonDifference {
  readonly path: string;
  readonly recorded: string;
  readonly again: string;
}

/** Walks both values in the recorded one's order. Undefined when they are equal. */
export function firstJsonDifference(recorded: unknown, again: unknown, path = ""): JsonDifference | undefined {
  if (isContainer(recorded) && isContainer(again) && Array.isArray(recorded) === Array.isArray(again)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(again)])) {
      const [ours, theirs] = [ownEntry(recorded, key), ownEntry(again, key)];
      const found = firstJsonDifference(ours, theirs, path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Object.is(recorded, again)) return undefined;
  return { path, recorded: shown(recorded), again: shown(again) };
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
