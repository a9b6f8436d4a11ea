import type { Json } from "../text/json.js";

/**
 * JSON with an object's keys on lines of their own and a list of plain values on one line: readable where people look,
 * short where numbers stand. The items of a list under a key of `rowsIn`, or of the
 * lists in an object there, have a line each, whatever they hold. Throws on a
 * number that JSON cannot write, which would otherwise become null.
 */
export function formatJson(value: unknown, { rowsIn = [] }: { readonly rowsIn?: readonly string[] } = {}): Json {
  return `${format(value, "", rowsIn)}
` as Json;
}

function format(value: unknown, indent: string, rowsIn: readonly string[], isRows = false): string {
  if (typeof value !== "object" || value === null) return oneLine(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== "object" || item === null)) return oneLine(value);
    const items = value.map((item) => inner + (isRows ? oneLine(item) : format(item, inner, rowsIn)));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const entries = definedEntries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner, rowsIn, isRows || rowsIn.includes(key))}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${value} reached the JSON writer unnamed`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const entries = definedEntries(value);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(", ")} }`;
}

function definedEntries(value: object): [key: string, item: unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
