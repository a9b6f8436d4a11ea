import { textWidth } from "./text-metrics.js";
import { numberText } from "./wording.js";

const TEXT = 10;
/** Between the texts of neighbouring ticks, px. */
const GAP = 8;
/** For effects smaller than a doubling, finer and finer. */
const FACTORS = [
  [2, 4],
  [1.5, 2, 3],
  [1.2, 1.5, 2],
  [1.1, 1.2, 1.5],
  [1.05, 1.1, 1.2],
  [1.02, 1.05, 1.1],
  [1.01, 1.02, 1.05],
] as const;

export interface FactorTick {
  /** Natural logarithm of the factor; positive where the arm ends lower. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** An axis of log ratios, labelled in factors. */
export interface FactorAxis {
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly FactorTick[];
  /** px from the left end. */
  readonly pixel: (logRatio: number) => number;
}

/** An axis of `width` px that holds the log ratios and "no effect", with ticks at whole doublings where it can. */
export function factorAxis(logRatios: readonly number[], width: number): FactorAxis {
  // Without any, from half to double.
  const shown = logRatios.length > 0 ? logRatios : [-Math.LN2, Math.LN2];
  const low = shown.reduce((least, ratio) => Math.min(least, ratio), 0);
  const high = shown.reduce((most, ratio) => Math.max(most, ratio), 0);
  const room = Math.max((high - low) * 0.06, 0.02);
  const domain = [low - room, high + room] as const;
  const pixel = (logRatio: number) => ((logRatio - domain[0]) / (domain[1] - domain[0])) * width;
  return { domain, pixel, ticks: ticksFor(domain, pixel) };
}

function ticksFor(domain: FactorAxis["domain"], pixel: FactorAxis["pixel"]): FactorTick[] {
  const doublings = (domain[1] - domain[0]) / Math.LN2;
  const within = ({ at }: FactorTick) => at >= domain[0] && at <= domain[1];
  if (doublings < 2.5) {
    const candidates = FACTORS.map((factors) => {
      // Rounded: a logarithm's last bits are left to the machine.
      const logs = factors.map((factor) => ({ factor, at: Number(Math.log(factor).toPrecision(6)) }));
      return [
        ...logs.map(({ factor, at }) => tick(-at, factor)).reverse(),
        noEffect,
        ...logs.map(({ factor, at }) => tick(at, factor)),
      ].filter(within);
    });
    const readable = candidates.map((ticks) => withoutTouching(ticks, pixel));
    return readable.find((ticks) => ticks.length > 2) ?? readable.at(-1) ?? [noEffect];
  }
  for (let unit = 1; unit <= doublings; unit *= 10) {
    for (const step of [unit, 2 * unit, 5 * unit]) {
      const ticks: FactorTick[] = [];
      for (let power = -Math.ceil(doublings); power <= doublings; power += 1) {
        if (power % step !== 0) continue;
        ticks.push(power === 0 ? noEffect : tick(power * Math.LN2, powerOfTwo(Math.abs(power))));
      }
      const shown = ticks.filter(within);
      if (withoutTouching(shown, pixel).length === shown.length) return shown;
    }
  }
  return [noEffect];
}

const noEffect: FactorTick = { at: 0, lines: ["no", "effect"] };

function tick(at: number, factor: number): FactorTick {
  return { at, lines: [`×${numberText(factor)}`, at > 0 ? "lower" : "higher"] };
}

/** Exact. */
function powerOfTwo(power: number): number {
  let value = 1;
  for (let step = 0; step < power; step += 1) value *= 2;
  return value;
}

/** "No effect" stays; of the others those nearest to it give way. */
function withoutTouching(ticks: readonly FactorTick[], pixel: FactorAxis["pixel"]): FactorTick[] {
  const half = ({ lines }: FactorTick) => Math.max(...lines.map((line) => textWidth(line, TEXT))) / 2;
  const kept: FactorTick[] = [noEffect];
  for (const candidate of [...ticks].sort((one, other) => Math.abs(other.at) - Math.abs(one.at))) {
    if (candidate.at === 0) continue;
    const touches = kept.some(
      (other) => Math.abs(pixel(other.at) - pixel(candidate.at)) < half(other) + half(candidate) + GAP,
    );
    if (!touches) kept.push(candidate);
  }
  return kept.sort((one, other) => one.at - other.at);
}
