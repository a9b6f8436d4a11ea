import { bytesOf, inflatedOf } from "../../lab/packed-element.js";
import { SHORT_DIGEST } from "../../record/names.js";
import { t } from "../../text/language.js";
import { countText, numberText } from "../../text/numbers.js";
import type { PageLab } from "../payload.js";
import { button, made } from "./controls.js";

/** What the worker says (`src/lab/worker.ts`), the last of them how it ended. */
type Reply =
  | { readonly update: number; readonly cost: number | undefined }
  | { readonly digests: string }
  | { readonly failed: string };

/** Workers at once. */
const MOST_WORKERS = 4;

/** A button that trains the arms again in this page and says whether their states are the recorded ones. */
export function showLab(lab: PageLab): void {
  const place = document.getElementById("lab");
  if (place === null || typeof Worker === "undefined" || typeof WebAssembly === "undefined") return;
  const names = Object.keys(lab.recorded);
  const list = made("ul");
  const verdict = made("p", "lab-verdict");
  verdict.setAttribute("role", "status");
  const which = names.length === 1 ? t`it` : names.length === 2 ? t`both` : t`all ${names.length}`;
  const start = button(t`Train ${which} here`, async () => {
    start.disabled = true;
    verdict.textContent = "";
    list.replaceChildren();
    const began = performance.now();
    try {
      const partings = await trainAll(lab, names, list);
      verdict.textContent = verdictText(lab, partings, performance.now() - began);
    } catch (error) {
      verdict.textContent = t`Not trained: ${error instanceof Error ? error.message : String(error)}`;
    }
    start.disabled = false;
  });
  place.append(start, list, verdict);
}

type Partings = readonly (readonly [arm: string, update: number])[];

function verdictText({ recorded }: PageLab, partings: Partings, milliseconds: number): string {
  if (partings.length > 0) {
    return `✗ ${partings.map(([arm, update]) => t`${arm} differs from the recorded run from update ${countText(update)} on`).join("; ")}.`;
  }
  const states = Object.values(recorded).reduce((sum, digests) => sum + digests.length / SHORT_DIGEST, 0);
  return t`✓ The same digests as the recorded run: all ${countText(states)} states, in ${numberText(milliseconds / 1000)} s.`;
}

/** The first recorded update at which the digests differ, or only one of the two has any; undefined where all are the same. */
function firstUnlike(recorded: string, again: string, every: number): number | undefined {
  for (let at = 0; at < Math.max(recorded.length, again.length); at += SHORT_DIGEST) {
    if (recorded.slice(at, at + SHORT_DIGEST) !== again.slice(at, at + SHORT_DIGEST))
      return (at / SHORT_DIGEST) * every;
  }
  return undefined;
}

async function trainAll(lab: PageLab, names: readonly string[], list: HTMLElement): Promise<Partings> {
  const kernel = inflatedOf("lab-kernel");
  const digits = document.getElementById("lab-digits") === null ? {} : { digits: bytesOf("lab-digits") };
  const address = URL.createObjectURL(new Blob([inflatedOf("lab-worker")], { type: "text/javascript" }));
  const waiting = names.map((name) => ({ name, line: lineOf(name, lab, list) }));
  const partings = new Map<string, number>();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { name, line } = next;
      const digests = await trainOne(address, { kernel, job: lab.job, ...digits, arm: name }, line.progress);
      const update = firstUnlike(lab.recorded[name] ?? "", digests, lab.every);
      if (update !== undefined) partings.set(name, update);
      line.end(update === undefined);
    }
  };
  try {
    const slots = Math.min(names.length, navigator.hardwareConcurrency || 2, MOST_WORKERS);
    await Promise.all(Array.from({ length: slots }, work));
  } finally {
    URL.revokeObjectURL(address);
  }
  // In the order of the arms, whichever was done first.
  return names.flatMap((name) => {
    const update = partings.get(name);
    return update === undefined ? [] : [[name, update] as const];
  });
}

function trainOne(
  address: string,
  request: { readonly kernel: Uint8Array; readonly job: object; readonly digits?: Uint8Array; readonly arm: string },
  progress: (update: number, cost: number | undefined) => void,
): Promise<string> {
  const worker = new Worker(address);
  return new Promise<string>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      if ("digests" in data) resolve(data.digests);
      else if ("failed" in data) reject(new Error(data.failed));
      else progress(data.update, data.cost);
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(message || t`the worker could not be started`)));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** An arm's line in the list: its name, how far it is, its cost in training mode. */
function lineOf(name: string, { updates }: PageLab, list: HTMLElement) {
  const figures = made("output");
  const bar = Object.assign(made("progress"), { max: updates, value: 0 });
  bar.setAttribute("aria-label", name);
  list.append(made("li", "", `${name} `, bar, " ", figures));
  return {
    progress(update: number, cost: number | undefined) {
      bar.value = update;
      figures.textContent = t`update ${countText(update)}${cost === undefined ? "" : t`, cost ${numberText(cost)}`}`;
    },
    end(isSame: boolean) {
      bar.remove();
      figures.textContent = isSame ? "✓" : "✗";
    },
  };
}
