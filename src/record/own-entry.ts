/** A record's own entry: `toString` and `constructor` are names that an arm may have, and every object has them already. */
export function ownEntry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
