import { createFusedEngine } from "../engines/fused.js";
import type { LabJob } from "../lab/job.js";
import { createSession, type Frame, type Rate, type Scene, type Session } from "./session.js";

/** What the page asks of an arm's worker; each is answered in turn, by its `id`. */
export type Ask = { readonly id: number } & (
  | { readonly kernel: Uint8Array<ArrayBuffer> }
  | { readonly job: LabJob; readonly arm: string }
  | { readonly update: number; readonly rates: readonly Rate[] }
  | { readonly digests: true }
);

/** The answers: a scene to a job, a frame to an update, every digest so far. */
export type Answer = { readonly id: number } & (
  | { readonly ready: true }
  | { readonly scene: Scene }
  | { readonly frame: Frame }
  | { readonly digests: readonly string[] }
  | { readonly failed: string }
);

let compiled: WebAssembly.Module | undefined;
let session: Session | undefined;
/** Compiling takes a while, and what is asked meanwhile waits. */
let last = Promise.resolve();

globalThis.onmessage = ({ data }: MessageEvent<Ask>) => {
  last = last.then(async () => {
    try {
      globalThis.postMessage({ ...(await answered(data)), id: data.id });
    } catch (error) {
      globalThis.postMessage({ id: data.id, failed: error instanceof Error ? error.message : String(error) });
    }
  });
};

async function answered(ask: Ask): Promise<object> {
  if ("kernel" in ask) {
    compiled = await WebAssembly.compile(ask.kernel);
    return { ready: true };
  }
  if ("job" in ask) {
    if (compiled === undefined) throw new Error("no kernel");
    session = createSession(createFusedEngine(compiled), ask.job, ask.arm);
    return { scene: session.scene };
  }
  if (session === undefined) throw new Error("nothing to train");
  return "digests" in ask ? { digests: session.digests() } : { frame: session.show(ask.update, ask.rates) };
}
