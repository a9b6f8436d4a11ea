import { ownEntry } from "../experiment/own-entry.js";
import type { ArmResult, Result } from "../experiment/result.js";
import { costsChart } from "./costs-chart.js";
import { renderSvg } from "./render.js";

/** The cost curves of a run's first seed beside those of a baseline, as an SVG. */
export function drawAgainstBaseline(
  result: Result,
  baseline: Readonly<Record<string, ArmResult["costs"]>>,
): Promise<string> {
  const before = Object.entries(baseline).map(([name, costs]): [string, ArmResult] => {
    const now = ownEntry(result.arms, name);
    const last = costs.at(-1);
    const final = { train: last?.train ?? 0, inference: last?.inference ?? last?.train ?? 0 };
    const diverged = now?.status === "diverged" && (last?.update ?? 0) < result.config.updates ? now : undefined;
    const record: ArmResult =
      diverged === undefined
        ? { status: "trained", costs, checkpoints: [], final, fit: [] }
        : { ...diverged, costs, checkpoints: [] };
    return [`${name}, baseline`, record];
  });
  const { roundingProbe: _, ...rest } = result;
  const arms = { ...result.arms, ...Object.fromEntries(before) };
  const { spec, title, description } = costsChart({ ...rest, arms, seeds: result.seeds.slice(0, 1) });
  return renderSvg(spec, { title, description, idPrefix: "costs-against-baseline" });
}
