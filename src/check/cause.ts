import type { EngineInfo } from "../engines/engine.js";
import { loadEngine } from "../engines/registry.js";
import { firstParting, type RunDigests } from "../experiment/digests.js";
import { layerName } from "../experiment/findings.js";
import type { Experiment } from "../experiment/prepare.js";
import type { Baseline } from "./baseline.js";
import type { ReadBaseline } from "./baseline-files.js";
import { type Disagreement, type Reanchored, reanchor } from "./reanchored.js";
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
 * The first update at which a digest differs, the arm, and in it the tensor that the backward pass computes first: the
 * deepest layer's. Undefined where one of the runs has no digests, or no state differs.
 */
export function locate({ digests }: Baseline, current: RunDigests | undefined, layers: number): Location | undefined {
  if (current === undefined || Object.keys(digests).length === 0) return undefined;
  const kept = Object.entries(current).map(([arm, { tensors, updates }]) => {
    const wanted = new Set(digests[arm]?.updates.map(([update]) => update));
    return [arm, { tensors, updates: updates.filter(([update]) => wanted.has(update)) }] as const;
  });
  const parting = firstParting(digests as RunDigests, Object.fromEntries(kept));
  return parting === undefined ? undefined : { ...parting, layer: layerOf(parting.tensor, layers) };
}

/** In words; `norms.I` normalises what layer I − 1 gives, or the input. */
function layerOf(tensor: string, layers: number): string {
  const [kind, index] = tensor.split(".");
  if (kind === "layers") return layerName(Number(index), layers);
  if (kind !== "norms") return "every layer";
  return index === "0" ? "the input's normalisation" : layerName(Number(index) - 1, layers);
}

/** Sorts the cause: another engine or machine, only rounding, or the code. */
export async function causeOf(
  experiment: Experiment,
  read: ReadBaseline,
  info: EngineInfo,
): Promise<{ cause: Cause; reanchored?: Reanchored }> {
  const { baseline } = read;
  const other = engineDifference(baseline, info) ?? environmentDifference(baseline, info);
  if (other !== undefined) return { cause: other };
  const { engine } = await loadEngine(experiment.engine.name, experiment.engine.backend);
  try {
    const reanchored = reanchor(engine, experiment, baseline, read.anchors());
    return { cause: codeOrRounding(reanchored, experiment), reanchored };
  } finally {
    engine.dispose();
  }
}

function engineDifference({ engine }: Baseline, info: EngineInfo): Cause | undefined {
  const [before, now] = [engineText(engine), engineText({ ...info, version: info.libraries })];
  return before === now
    ? undefined
    : { kind: "engine", text: `another engine: the baseline was made by ${before}, this run by ${now}` };
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
  const text = ({ node, platform, arch }: typeof now) => `Node ${node} on ${platform} ${arch}`;
  if (text(environment) === text(now)) return undefined;
  return {
    kind: "environment",
    text: `another environment, where this engine's last bits may differ: the baseline was made with ${text(environment)}, this run with ${text(now)}`,
  };
}

function codeOrRounding(
  { roundingOnly, tensors, anchors, disagreements, cost }: Reanchored,
  experiment: Experiment,
): Cause {
  const from = `from the baseline's ${anchors} recorded states`;
  if (roundingOnly) {
    return {
      kind: "rounding",
      text: `only rounding: ${from} the code makes the same steps within tolerance (${tensors} tensors)`,
    };
  }
  if (tensors === 0)
    return { kind: "code", text: "the code: the baseline has no states from which rounding could be told apart" };
  const [first] = disagreements;
  if (first === undefined)
    return {
      kind: "code",
      text: `the code: ${from} it makes the same steps but finds other costs, by up to ${cost.toExponential(1)}`,
    };
  const layers = (Object.values(experiment.arms)[0]?.spec.sizes.length ?? 2) - 1;
  return {
    kind: "code",
    text: `the code: ${from}, ${disagreements.length} of ${tensors} tensors take another step, first ${first.tensor} of ${first.arm} at update ${first.update} (${layerOf(first.tensor, layers)})${pattern(disagreements)}`,
  };
}

/** What the steps have in common, where they have. */
function pattern(disagreements: readonly Disagreement[]): string {
  const ratios = disagreements.map(({ ratio }) => ratio).filter(Number.isFinite);
  const [first] = ratios;
  if (first === undefined) return "";
  const shown = String(Number(first.toPrecision(3))).replace("-", "−");
  const tensors = new Set(disagreements.map(({ tensor }) => tensor)).size;
  const alike = ratios.filter((ratio) => Math.abs(ratio / first - 1) < 1e-3).length;
  if (tensors > 2 && alike > 0.8 * ratios.length)
    return `; nearly all by the same factor, ${shown} of the baseline's step`;
  return `; its step is ${shown} times the baseline's`;
}
