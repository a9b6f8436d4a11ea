import type { Result } from "../experiment/result.js";
import { type ArmStyle, armStyles } from "./theme.js";

interface Point {
  readonly update: number;
  readonly cost: number;
}

export interface Series {
  readonly name: string;
  readonly shortName: string;
  readonly style: ArmStyle;
  readonly dash: readonly number[];
  readonly points: readonly Point[];
  readonly diverged: boolean;
}

export interface Reference {
  readonly name: string;
  readonly cost: number;
}

export function costSeries(result: Result): Series[] {
  const arms = Object.entries(result.arms);
  const styles = armStyles(arms.map(([name]) => name));
  return arms.flatMap(([name, arm], index) => {
    const style = styles[index];
    if (style === undefined) return [];
    const same = arm.costs.every(({ train, inference }) => train === inference);
    const train = arm.costs.flatMap((entry) => drawable(entry.update, entry.train));
    const inference = arm.costs.flatMap((entry) => drawable(entry.update, entry.inference));
    const diverged = arm.status === "diverged";
    if (same) {
      return [
        { name: `${name} (both modes are equal)`, shortName: name, style, dash: style.dash, points: train, diverged },
      ];
    }
    return [
      {
        name: `${name}, batch statistics`,
        shortName: `${name}, batch statistics`,
        style,
        dash: style.dash,
        points: train,
        diverged,
      },
      {
        name: `${name}, moving averages`,
        shortName: `${name}, moving averages`,
        style,
        dash: [5, 4],
        points: inference,
        diverged,
      },
    ];
  });
}

/** A log scale has no place for 0, and a statistic that overflowed has none anywhere. */
function drawable(update: number, cost: number | string | null): Point[] {
  return typeof cost === "number" && cost > 0 ? [{ update, cost }] : [];
}

export function referenceCosts({ anchors }: Result): Reference[] {
  return [
    ...(anchors.noiseFloor === undefined ? [] : [{ name: "noise floor", cost: anchors.noiseFloor }]),
    { name: "predicting the mean", cost: anchors.predictMean },
  ].filter(({ cost }) => cost > 0);
}

/**
 * The costs that the scale must hold. Those of an arm on its way to divergence can be so large that the others would
 * lie flat at the bottom: then they are drawn as triangles at the upper edge.
 */
export function drawnLevels(series: readonly Series[], references: readonly Reference[]): number[] {
  const costs = (drawn: readonly Series[]) => drawn.flatMap(({ points }) => points.map(({ cost }) => cost));
  const anchors = references.map(({ cost }) => cost);
  const all = [...costs(series), ...anchors];
  const trained = series.filter(({ diverged }) => !diverged);
  if (trained.length === 0) return all;
  const steady = [...costs(trained), ...anchors];
  return decadesOf(all) > 3 * Math.max(1, decadesOf(steady)) ? steady : all;
}

function decadesOf(costs: readonly number[]): number {
  return costs.length === 0 ? 0 : Math.log10(Math.max(...costs) / Math.min(...costs));
}

export interface LogScale {
  readonly domain: number[];
  readonly ticks: number[];
  /** px from the top of the plot. */
  readonly pixel: (cost: number) => number;
}

/** Room of a factor below and above the costs, and `headroom` px more for notes. */
export function logScale(costs: readonly number[], height: number, headroom: number): LogScale {
  const exponents = costs.map(Math.log10);
  const low = (exponents.length > 0 ? Math.min(...exponents) : 0) - 0.15;
  const body = (exponents.length > 0 ? Math.max(...exponents) : 1) + 0.1 - low;
  const high = low + (body * height) / (height - headroom);
  const decades = Math.floor(high) - Math.ceil(low) + 1;
  const step = Math.max(1, Math.ceil(decades / 9));
  const leading = decades <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let exponent = Math.floor(low); exponent <= high; exponent += 1) {
    if (exponent % step !== 0) continue;
    // From text, since powers of ten computed by multiplication are not exact.
    for (const digit of leading) ticks.push(Number(`${digit}e${exponent}`));
  }
  const shown = ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high);
  return {
    // Rounded: a power's last bits are left to the machine.
    domain: [10 ** low, 10 ** high].map((end) => Number(end.toPrecision(6))),
    ticks: shown,
    pixel: (cost: number) => ((high - Math.log10(cost)) / (high - low)) * height,
  };
}
