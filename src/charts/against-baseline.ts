import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { costs } from "./costs/index.js";
import { drawableOf } from "./index.js";
import { drawn } from "./picture.js";
import { alone } from "./runs.js";

type Costs = ArmResult["costs"];

/** The cost curves of a run's first seed beside those of a baseline, as an SVG. */
export async function drawAgainstBaseline(record: Result, baseline: Readonly<Record<string, Costs>>): Promise<string> {
  const before = Object.entries(baseline).map(([name, entries]): [string, ArmResult] => {
    const now = record.arms[name];
    const last = entries.at(-1);
    const final = { train: last?.train ?? 0, inference: last?.inference ?? last?.train ?? 0 };
    const diverged = now?.status === "diverged" && (last?.update ?? 0) < record.config.updates ? now : undefined;
    const arm: ArmResult =
      diverged === undefined
        ? { status: "trained", costs: entries, checkpoints: [], frames: [], final, fit: [] }
        : { ...diverged, costs: entries, checkpoints: [], frames: [] };
    return [`${name}, baseline`, arm];
  });
  const { roundingProbe: _, seeds, ...rest } = record;
  const arms = { ...record.arms, ...Object.fromEntries(before) };
  const [first] = seeds;
  const both = { ...rest, arms, seeds: first === undefined ? [] : [{ ...first, arms }] };
  const drawable = drawableOf(costs, alone(both));
  if (drawable === undefined) throw new Error("a run has no costs");
  return (await drawn({ ...drawable, name: "costs-against-baseline" })).file;
}
