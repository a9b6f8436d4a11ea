import type { EngineInfo } from "../engines/engine.js";
import { firstParting } from "../experiment/digests.js";
import type { Experiment } from "../experiment/prepare.js";
import type { Stepper } from "../experiment/step.js";
import { limit } from "../outcome/limits.js";
import type { Baseline } from "../record/baseline.js";
import type { RunDigests } from "../record/digests.js";
import { ownEntry } from "../record/own-entry.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { tensorPlace } from "../text/places.js";
import type { ReadBaseline } from "./baseline-files.js";
import { inOrderOfComputation } from "./computation-order.js";
import type { Finals } from "./quantities.js";
import { type Disagreement, relative, type StepsAgain, stepAgain } from "./steps-again.js";
import { currentEnvironment } from "./update.js";

/** Where two runs first hold different values. */
export interface Location {
  readonly update: number;
  readonly arm: string;
  readonly layer: string;
  readonly tensor: string;
}

/** Why the bytes differ from the baseline's. */
export interface Cause {
  readonly kind: "engine" | "environment" | "rounding" | "code";
  readonly text: string;
}

/**
 * The first update at which a digest differs, the arm, and of the tensors that differ there the one that the update
 * computes first. Undefined where one of the runs has no digests, or no state differs.
 */
export function locate({ digests }: Baseline, current: RunDigests | undefined, layers: number): Location | undefined {
  if (current === undefined || Object.keys(digests).length === 0) return undefined;
  const entries = Object.entries(current).map(([arm, { tensors, updates }]) => {
    const wanted = new Set(ownEntry(digests, arm)?.updates.map(([update]) => update));
    return [arm, { tensors, updates: updates.filter(([update]) => wanted.has(update)) }] as const;
  });
  const kept = Object.fromEntries(entries);
  const parting = firstParting(digests as RunDigests, kept);
  if (parting === undefined) return undefined;
  const { arm, update } = parting;
  const [recorded, now] = [digests, kept].map(
    (run) => ownEntry(run, arm)?.updates.find(([at]) => at === update)?.[1] ?? "",
  );
  const differing = (ownEntry(digests, arm)?.tensors ?? []).filter(
    (_, i) => digestAt(recorded, i) !== digestAt(now, i),
  );
  const bothThere = recorded !== "" && now !== "";
  const tensor = (bothThere ? inOrderOfComputation(differing)[0] : undefined) ?? parting.tensor;
  return { update, arm, tensor, layer: tensorPlace(tensor, layers) };
}

/** Of the tensor in that place. */
function digestAt(digits = "", place: number): string {
  return digits.slice(8 * place, 8 * place + 8);
}

/** What is known of the current run when its cause is sorted. */
interface Found {
  readonly info: EngineInfo;
  /** By this code, on the engine that ran. */
  readonly step: Stepper;
  readonly location: Location | undefined;
  /** Absent where the runs were not compared. */
  readonly finals?: readonly Finals[];
}

/** Sorts the cause: another engine or machine, only rounding, or the code. */
export async function causeOf(
  experiment: Experiment,
  { baseline, recordedStates }: ReadBaseline,
  { info, step, location, finals }: Found,
): Promise<Cause> {
  const other = engineDifference(baseline, info) ?? environmentDifference(baseline, info);
  if (other !== undefined) return other;
  if (location === undefined && finals !== undefined && !costsAgree(finals)) {
    return {
      kind: "code",
      text: t`the code: every recorded state of the first seed is the same, yet final costs differ; they are measured differently, or other seeds are generated or trained differently`,
    };
  }
  return codeOrRounding(await stepAgain(step, experiment, baseline, recordedStates), experiment);
}

/** Whether two runs from the same states end at the same costs but for the rounding of their measurement. */
function costsAgree(finals: readonly Finals[]): boolean {
  return finals.every(({ baseline, current }) =>
    Object.keys(baseline).every((arm) => {
      const [before, now] = [ownEntry(baseline, arm), ownEntry(current, arm)];
      if (before?.status !== "trained" || now?.status !== "trained") return before?.status === now?.status;
      return (["train", "inference"] as const).every((mode) => {
        const [was, is] = [before.final[mode], now.final[mode]];
        return was === is || relative(Number(is), Number(was)) <= limit("same-cost");
      });
    }),
  );
}

function engineDifference({ engine }: Baseline, info: EngineInfo): Cause | undefined {
  const [before, now] = [engineText(engine), engineText({ ...info, version: info.libraries })];
  return before === now
    ? undefined
    : { kind: "engine", text: t`another engine: the baseline was made by ${before}, this run by ${now}` };
}

function engineText({
  name,
  backend,
  version,
}: {
  name: string;
  backend: string;
  version: Readonly<Record<string, string>>;
}): string {
  const libraries = Object.entries(version)
    .filter(([library]) => library !== "bn-compare")
    .map(([library, number]) => `${library} ${number}`);
  return `${name} (${[backend, ...libraries.sort()].join(", ")})`;
}

function environmentDifference({ environment }: Baseline, info: EngineInfo): Cause | undefined {
  if (info.reproducible === "everywhere") return undefined;
  const now = currentEnvironment();
  const text = ({ node, platform, arch }: typeof now) => t`Node ${node} on ${platform} ${arch}`;
  if (text(environment) === text(now)) return undefined;
  return {
    kind: "environment",
    text: t`another environment, where this engine's last bits may differ: the baseline was made with ${text(environment)}, this run with ${text(now)}`,
  };
}

function codeOrRounding(
  { roundingOnly, tensors, recordedStates, disagreements, cost, otherStart }: StepsAgain,
  experiment: Experiment,
): Cause {
  const layers = (Object.values(experiment.arms)[0]?.spec.sizes.length ?? 2) - 1;
  if (otherStart !== undefined) {
    const { arm, tensor } = otherStart;
    return {
      kind: "code",
      text: t`the code: it starts from different weights, ${tensor} of ${arm} (${tensorPlace(tensor, layers)})`,
    };
  }
  const from = t`from the baseline's ${recordedStates} recorded states`;
  if (roundingOnly) {
    return {
      kind: "rounding",
      text: t`only rounding: ${from} the code takes the same steps within tolerance (${tensors} tensors)`,
    };
  }
  if (tensors === 0)
    return { kind: "code", text: t`the code: the baseline has no states with which rounding could be told apart` };
  const [first] = disagreements;
  if (first === undefined)
    return {
      kind: "code",
      text: t`the code: ${from} it takes the same steps but computes different costs, by up to ${numberText(cost)}`,
    };
  return {
    kind: "code",
    text: t`the code: ${from}, ${disagreements.length} of ${tensors} tensors take a different step, first ${first.tensor} of ${first.arm} at update ${first.update} (${tensorPlace(first.tensor, layers)})${pattern(disagreements)}`,
  };
}

/** What the steps have in common, where they have. */
function pattern(disagreements: readonly Disagreement[]): string {
  const ratios = disagreements.map(({ ratio }) => ratio).filter(Number.isFinite);
  const [first] = ratios;
  if (first === undefined) return "";
  const shown = numberText(first);
  const tensors = new Set(disagreements.map(({ tensor }) => tensor)).size;
  const alike = ratios.filter((ratio) => Math.abs(ratio / first - 1) < 1e-3).length;
  if (tensors > 2 && alike > 0.8 * ratios.length)
    return t`; nearly all by the same factor, ${shown} of the baseline's step`;
  return t`; its step is ${shown} times the baseline's`;
}
