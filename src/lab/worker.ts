import { createFusedEngine } from "../engines/fused.js";
import { type PageJob, withPoints } from "./job.js";
import { trainLabArm } from "./train.js";

/** An arm to train, for a worker. */
export interface LabRequest {
  readonly kernel: Uint8Array<ArrayBuffer>;
  readonly job: PageJob;
  /** For a job on them: digits.csv.gz. */
  readonly digits?: Uint8Array;
  readonly arm: string;
}

/** What a worker says, the last of them how it ended. */
export type LabReply =
  | { readonly update: number; readonly cost: number | undefined }
  | { readonly digests: string }
  | { readonly failed: string };

/** Between two reports of progress, ms. */
const PAUSE = 40;

const reply = (message: LabReply) => globalThis.postMessage(message);

globalThis.onmessage = async ({ data: { kernel, job, digits, arm } }: MessageEvent<LabRequest>) => {
  try {
    const engine = createFusedEngine(await WebAssembly.compile(kernel));
    let last = 0;
    const digests = await trainLabArm(engine, withPoints(job, digits), arm, (update, cost) => {
      const now = performance.now();
      if (now - last < PAUSE) return;
      last = now;
      reply({ update, cost });
    });
    reply({ digests });
  } catch (error) {
    reply({ failed: error instanceof Error ? error.message : String(error) });
  }
};
