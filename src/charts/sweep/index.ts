import type { Sweep } from "../../record/sweep.js";
import { aboutSweep } from "../../text/sweep-words.js";
import type { Drawable } from "../picture.js";
import { sweepBest } from "./best.js";
import { sweepEffects } from "./effects.js";
import { gridPlan, MOST_PANELS } from "./grid.js";
import { sweepMap } from "./map.js";

/** More points of an arm than these are no picture: its tables have all. */
const MOST_POINTS = 4000;

/** The pictures of a sweep, those that it has room for. */
export function sweepCharts(sweep: Sweep): Drawable[] {
  const about = aboutSweep(sweep);
  const isDrawn = gridPlan(sweep).panels * sweep.arms.length <= MOST_PANELS && sweep.points.length <= MOST_POINTS;
  const maps = isDrawn ? [sweepMap(sweep, about), sweepEffects(sweep, about)] : [];
  return [sweepBest(sweep, about), ...maps].filter((chart) => chart !== undefined);
}
