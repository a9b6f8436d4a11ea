import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bnCompare, emptyFolder } from "../cli/command.js";
import { contentsOf } from "../cli/random-moments.js";

/** A sweep of small nets, two arms at three rates. */
const experiment = ({ updates, seeds }: { readonly updates: number; readonly seeds: number }) => `name: rates
samples: 60
hiddenLayers: 3
width: 8
updates: ${updates}
seeds: ${seeds}
sweep:
  learningRate: [0.001, 0.01, 0.1]
`;

/** A folder with that sweep as `e.yaml`. */
export function sweepFolder(size: Parameters<typeof experiment>[0]): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "e.yaml"), experiment(size));
  return cwd;
}

/** Files and their texts by their paths in a store. */
export const textsOf = (store: string) =>
  Object.fromEntries(Object.entries(contentsOf(store)).map(([file, text]) => [relative(store, file), text]));

/** What the store of that folder's sweep holds that was left alone. */
export async function wholeStore(cwd: string): Promise<Record<string, string>> {
  await bnCompare(cwd, "sweep", "e.yaml", "--quiet", "--out", "whole");
  return textsOf(join(cwd, "whole"));
}
