import { shortened } from "../charts/text-metrics.js";
import { nameText } from "../charts/wording.js";
import type { Result } from "../experiment/result.js";

/** A run with a name that no other run of the page has. */
export interface NamedRun {
  readonly label: string;
  readonly result: Result;
}

const WIDEST = 260;

/** Names that look the same once they are clean and short are numbered. */
export function namedRuns(runs: readonly { readonly name: string; readonly result: Result }[]): NamedRun[] {
  const taken = new Set<string>();
  return runs.map(({ name, result }) => {
    const short = shortened(nameText(name), WIDEST, 12) || "unnamed";
    let label = short;
    for (let number = 2; taken.has(label); number += 1) label = `${short} (${number})`;
    taken.add(label);
    return { label, result };
  });
}
