import { framePlaces } from "../../src/metrics/frame.js";
import type { ArmResult } from "../../src/record/arms.js";
import type { Result } from "../../src/record/result.js";

/** The result with a frame for each checkpoint, in bins twice as wide, whose fits grow into the last one. */
export function withFrames(result: Result): Result {
  const places = framePlaces(result.data.grid?.length ?? result.data.drawn.y.length);
  const arms = Object.entries(result.arms).map(([name, arm]): [string, ArmResult] => {
    const last = arm.checkpoints.at(-1)?.update ?? 0;
    const frames = arm.checkpoints.map(({ update, layers }) => ({
      update,
      costs: { train: 1000 - update, ...(update > 0 ? { inference: 900 - update } : {}) },
      ...(arm.status === "trained"
        ? { fit: places.map((at) => (Number(arm.fit[at] ?? 0) * update) / Math.max(1, last)) }
        : {}),
      layers: layers.map(({ preActivation: { counts, underflow, overflow, nonFinite }, health }) => ({
        counts: counts.flatMap((count, bin) => (bin % 2 === 0 ? [count + (counts[bin + 1] ?? 0)] : [])),
        underflow,
        overflow,
        nonFinite,
        ...(health.saturatedShare === undefined ? {} : { flatShare: health.saturatedShare }),
      })),
    }));
    return [name, { ...arm, frames }];
  });
  return { ...result, arms: Object.fromEntries(arms) };
}
