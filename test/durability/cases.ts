import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readBaseline, writeBaseline } from "../../src/check/baseline-files.js";
import { writeFileSet } from "../../src/files/file-set.js";
import { writeWholeFile } from "../../src/files/whole-file.js";
import { checkRunFolder, REPORT_SET, settleRunFolder, writeRunFolder } from "../../src/output/run-folder.js";
import { baselineSchema } from "../../src/record/baseline.js";
import { QUICK } from "../cli/command.js";
import type { Program } from "./faults.js";

/** Everything below a place, by path: a file's bytes (latin1), or that it is a folder. */
export type Files = Readonly<Record<string, string>>;
export const FOLDER = "a folder";

/** A command that writes, or the functions with which it does. */
export interface Case {
  readonly name: string;
  /** Makes what is there before it. */
  readonly before: (place: string, execute: (program: Program) => Promise<void>) => Promise<void>;
  readonly program: (place: string) => Program;
  /** Paths that are old or new together; each other file is by itself. */
  readonly together?: RegExp;
  /** What the next command there does before it reads. */
  readonly settle?: (place: string) => void;
  /** What the next one there writes that succeeds, from the files of the new state. */
  readonly again: (place: string, written: Files) => unknown;
  /** How many faults are tried unless all are. */
  readonly tries: number;
}

const command = fileURLToPath(new URL("command.mjs", import.meta.url));
const functions = fileURLToPath(new URL("functions.mjs", import.meta.url));

/** What a check writes beside its decision. */
const REPORTS = ["junit.xml", "check.md", "pictures/tiny/costs-against-baseline.svg"];

const run = (place: string, name: string, seed: number): Program => [
  command,
  "run",
  ...QUICK,
  "--quiet",
  "--seed",
  String(seed),
  "--out",
  join(place, name),
];

/** Makes an experiment; of another number of updates, it has another baseline. */
function experiment(place: string, updates: number): string {
  const folder = join(place, "tiny");
  mkdirSync(folder, { recursive: true });
  const keys = `activation: tanh\nsamples: 20\nhiddenLayers: 1\nwidth: 3\nupdates: ${updates}\nseeds: 2\n`;
  writeFileSync(join(folder, "experiment.yaml"), keys);
  return folder;
}

/** The files below a folder of the place, as the functions that write them take them. */
function filesBelow(written: Files, folder: string): Map<string, Uint8Array> {
  const below = Object.entries(written).filter(
    ([path, content]) => path.startsWith(`${folder}/`) && content !== FOLDER,
  );
  return new Map(below.map(([path, content]) => [path.slice(folder.length + 1), Buffer.from(content, "latin1")]));
}

const runAgain = (place: string, written: Files) => {
  checkRunFolder(join(place, "o"));
  return writeRunFolder(join(place, "o"), filesBelow(written, "o"));
};
const settleRun = (place: string) => settleRunFolder(join(place, "o"));

const picturesAgain = (place: string, written: Files) => {
  const pictures = [...filesBelow(written, "o")].filter(([name]) => /\.(svg|vl\.json|csv|md|html)$/.test(name));
  return writeFileSet(join(place, "o"), REPORT_SET, new Map(pictures));
};

/** Writes single files again, and the folders above them. */
const filesAgain =
  (...paths: string[]) =>
  (place: string, written: Files) => {
    for (const path of paths) {
      writeWholeFile(join(place, path), Buffer.from(written[path] as string, "latin1"), { makeFolder: true });
    }
  };

/** Of the functions alone: quick, so that all faults are tried. */
export const FUNCTIONS: readonly Case[] = [
  {
    name: "the writing of a run folder",
    before: (place, execute) => execute([functions, "run", place, "1"]),
    program: (place) => [functions, "run", place, "2"],
    together: /^o\//,
    settle: settleRun,
    again: runAgain,
    tries: 50,
  },
  {
    name: "the writing of the first run folder",
    before: async () => {},
    program: (place) => [functions, "run", join(place, "a", "b"), "2"],
    together: /^a\/b\/o\//,
    settle: (place) => settleRunFolder(join(place, "a", "b", "o")),
    again: (place, written) => writeRunFolder(join(place, "a", "b", "o"), filesBelow(written, "a/b/o")),
    tries: 20,
  },
  {
    name: "the writing of pictures into a run folder",
    before: (place, execute) => execute([functions, "run", place, "1"]),
    program: (place) => [functions, "report", place, "2"],
    together: /^o\//,
    settle: settleRun,
    again: picturesAgain,
    tries: 30,
  },
  {
    name: "the writing of one file",
    before: (place, execute) => execute([functions, "file", place, "1"]),
    program: (place) => [functions, "file", place, "2"],
    again: filesAgain("page.html"),
    tries: 15,
  },
];

export const COMMANDS: readonly Case[] = [
  {
    name: "run",
    before: (place, execute) => execute(run(place, "o", 1)),
    program: (place) => run(place, "o", 2),
    together: /^o\//,
    settle: settleRun,
    again: runAgain,
    tries: 7,
  },
  {
    name: "report",
    before: (place, execute) => execute(run(place, "o", 1)),
    program: (place) => [command, "report", join(place, "o"), "--csv"],
    together: /^o\//,
    settle: settleRun,
    again: picturesAgain,
    tries: 5,
  },
  {
    name: "check --update",
    before: async (place, execute) => {
      await execute([command, "check", "--update", experiment(place, 3)]);
      experiment(place, 2);
    },
    program: (place) => [command, "check", "--update", join(place, "tiny")],
    together: /^tiny\/baseline/,
    // A pair that is broken would be refused here.
    settle: (place) => void readBaseline(join(place, "tiny")),
    again: (place, written) => {
      const baseline = baselineSchema.parse(JSON.parse(written["tiny/baseline.json"] as string));
      const recordedStates = Buffer.from(written[`tiny/${baseline.recordedStates.file}`] as string, "latin1");
      return writeBaseline(join(place, "tiny"), { baseline, recordedStates }, new AbortController().signal);
    },
    tries: 6,
  },
  {
    name: "check with its reports",
    before: async (place, execute) => {
      await execute([command, "check", "--update", experiment(place, 2)]);
      mkdirSync(join(place, "pictures", "tiny"), { recursive: true });
      for (const path of REPORTS) writeFileSync(join(place, path), "old");
    },
    program: (place) => [
      command,
      "check",
      join(place, "tiny"),
      ...["--junit", join(place, "junit.xml"), "--markdown", join(place, "check.md")],
      ...["--artifacts", join(place, "pictures")],
    ],
    again: filesAgain(...REPORTS),
    tries: 4,
  },
  {
    name: "compare",
    before: async (place, execute) => {
      await execute(run(place, "r1", 1));
      await execute(run(place, "r2", 2));
      await execute([command, "compare", join(place, "r1"), join(place, "r2"), "--out", join(place, "page.html")]);
    },
    program: (place) => [command, "compare", join(place, "r2"), join(place, "r1"), "--out", join(place, "page.html")],
    again: filesAgain("page.html"),
    tries: 4,
  },
];
