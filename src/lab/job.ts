import type { DataSource } from "../data/dataset.js";
import { digitsIn } from "../data/digits.js";
import type { StandardizationWishes } from "../data/standardize.js";
import type { Initialization } from "../model/initializers.js";
import type { NetworkSpec } from "../model/network.js";
import type { Schedule } from "../training/schedule.js";

/** What a page needs to train the arms of a run: plain data that a worker can be sent. */
export interface LabJob {
  readonly seed: number;
  readonly source: DataSource;
  readonly shuffle: boolean;
  readonly standardize: StandardizationWishes;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly schedule: Schedule & { readonly fullBatch: boolean };
  readonly arms: Readonly<Record<string, LabArm>>;
}

export interface LabArm {
  readonly spec: NetworkSpec;
  readonly initialization: Initialization;
}

/** Stands for the bundled digits as the source of a page's job. */
export const DIGITS = { kind: "digits" } as const;

/** A run's job as its page holds it, with the digits beside it. */
export type PageJob = Omit<LabJob, "source"> & { readonly source: DataSource | typeof DIGITS };

/** The job with its points; `digits` is the bundled file, which a job on digits needs. */
export function withPoints(job: PageJob, digits: Uint8Array | undefined): LabJob {
  const { source, ...rest } = job;
  if (source.kind !== DIGITS.kind) return { ...rest, source };
  if (digits === undefined) throw new Error("the digits are missing");
  return { ...rest, source: { kind: "given", ...digitsIn(digits) } };
}
