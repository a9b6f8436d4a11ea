/** Named values of a spec that differ between records: a compiled spec serves every record, and a reader can change them. */
export function paramsOf(values: Readonly<Record<string, unknown>>): { name: string; value: unknown }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** A scale's range, whose entries are those of a parameter that holds a list. */
export function rangeFrom(param: string, count: number): { expr: string }[] {
  return Array.from({ length: count }, (_, place) => ({ expr: `${param}[${place}]` }));
}
