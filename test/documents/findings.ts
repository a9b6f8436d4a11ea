import { readFileSync } from "node:fs";

/** A document of the repository. */
export const readDocument = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

export const README = readDocument("README.md");
export const FINDINGS = readDocument("docs/findings.md");
export const CONTROLS = readDocument("experiments/controls/README.md");

/** The rows of a table of commands with what became of both arms. */
export const rowsOf = (document: string) => [
  ...document.matchAll(/^\| `(npx bn-compare run [^`]+)` \| ([^|]+) \| learned: ([\d.]+) \/ ([\d.]+) \|$/gm),
];

/** The rows of docs/findings.md about ten seeds. */
export const overSeeds = [
  ...FINDINGS.matchAll(
    /^\| `(npx bn-compare run [^`]+--seeds 10)` \| (\d+ of 10) \| (\d+ of 10) \(([^)]+)\) \| ([^|]+) \|$/gm,
  ),
].map(([, command, diverged, wins, interval, factor]) => ({ command, diverged, wins, interval, factor }));

/** The two tables of experiments/controls/README.md: with ReLU, and with tanh. */
export const controlSections = CONTROLS.split(/^With (?:ReLU|tanh):$/m).slice(1);
