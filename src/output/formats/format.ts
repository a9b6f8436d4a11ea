import type { Pictures } from "../../charts/index.js";
import type { CheckReport } from "../../check/check.js";
import type { Settings } from "../../config/keys.js";
import type { Experiment } from "../../experiment/prepare.js";
import type { FinishedRun } from "../../experiment/run.js";
import type { Result } from "../../record/result.js";

/** Files by their path in a run folder. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** A record with its pictures: all that a format needs which `report` can write again. */
export interface Drawn {
  readonly result: Result;
  readonly pictures: Pictures;
}

/** A run that has just ended, with what its record does not hold. */
export interface Ended {
  readonly finished: FinishedRun;
  readonly experiment: Experiment;
  /** How long each phase took, ms. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** A kind of file that a run writes. */
export type RunFormat = {
  /** What it may write at the top of a run folder. */
  readonly names: readonly string[];
  /** Whether the settings ask for it; absent: every run writes it. */
  readonly wanted?: (settings: Settings) => boolean;
  /** Loads a part that may not be installed, before any time is spent. Throws expected errors. */
  readonly load?: () => Promise<unknown>;
} & (
  | { readonly from: "record"; readonly files: (drawn: Drawn, settings: Settings) => Files | Promise<Files> }
  | { readonly from: "run"; readonly files: (ended: Ended) => Files }
);

/** What `check` found. */
export interface Checks {
  readonly reports: readonly CheckReport[];
  /** Whether what is undecided only warns. */
  readonly warns: boolean;
  /** The pictures of each report, by their paths. */
  readonly pictures: ReadonlyMap<CheckReport, readonly string[]>;
}

/** A file about all checks, written to the path that its flag gives. */
export interface CheckFormat {
  /** Of `check`, without its dashes. */
  readonly flag: string;
  readonly help: string;
  readonly content: (checks: Checks) => Promise<string>;
}
