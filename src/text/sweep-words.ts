import type { CellFate, Factor, Sweep } from "../record/sweep.js";
import { FATE_WORDS } from "./endings.js";
import { t } from "./language.js";
import { countedText, countText, numberText } from "./numbers.js";

/** What a sweep found, in sentences that more than one medium speaks. */

type Values = Readonly<Record<string, string | number | boolean>>;

/** "learning rate", of `learningRate`. */
export function keyWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** "learning rate 0.01, width 30". */
export function valuesWords(values: Values): string {
  return Object.entries(values)
    .map(([key, value]) => `${keyWords(key)} ${valueWord(value)}`)
    .join(", ");
}

/** "13 learning rates, 2 arms, 10 seeds: 260 cells." */
export function aboutSweep({ axes, arms, seeds, points }: Sweep): string {
  const grid = Object.entries(axes).map(([name, values]) => t`${countText(values.length)} values of ${keyWords(name)}`);
  const cells = new Set(points.flatMap((point) => Object.values(point.arms).flatMap(({ cells }) => cells))).size;
  return `${[...grid, countedText(arms.length, "arm"), countedText(seeds.length, "seed")].join(" × ")}: ${countedText(cells, "cell")}.`;
}

/** How far each arm is from its control at the control's best values, and where each is at its own. */
export function bestSentences({ best, against, axes }: Sweep): string[] {
  if (best === undefined) return [];
  const [axis, ...more] = Object.keys(axes);
  const word = axis === undefined || more.length > 0 ? t`values` : keyWords(axis);
  const told = (values: Values) =>
    more.length > 0 ? valuesWords(values) : Object.values(values).map(valueWord).join("");
  return Object.entries(against).map(([arm, control]) => {
    const [chosen, other] = [best.arms[arm], best.arms[control]];
    if (chosen === undefined || other === undefined) {
      const lost = [control, arm].filter((name) => best.arms[name] === undefined);
      return t`${lost.join(t` and `)} diverged in more than half of the runs at every point, so there is no best to compare.`;
    }
    const [same, own] = [best.atControls[arm], best.effects[arm]];
    const at = t`At the same ${word} (${control}’s best, ${told(other.value)}) ${changeText(arm, same)}`;
    const each = t`each at its own best ${word} (${arm} ${told(chosen.value)}, ${control} ${told(other.value)}) ${changeText(undefined, own)}`;
    return t`${at}; ${each}. The values are chosen on ${countedText(chosen.chosenOn.length, "seed")} and measured on ${best.measuredOn.length} others.`;
  });
}

/** Over how many decades of the axis each arm learns. */
export function widthSentence({ axes, arms, learnedOver }: Sweep): string | undefined {
  const [axis] = Object.keys(axes);
  if (learnedOver === undefined || axis === undefined) return undefined;
  const said = arms.map((arm) => {
    const own = learnedOver[arm];
    if (own === undefined) return t`${arm} at none of those tried`;
    const { from, to, decades } = own;
    if (from === to) return t`${arm} at ${numberText(from)} alone`;
    return t`${arm} over ${countedText(Number(decades.toFixed(2)), "decade")} (${numberText(from)} to ${numberText(to)})`;
  });
  return t`At least half of the seeds learn, by ${keyWords(axis)}: ${said.join("; ")}.`;
}

function valueWord(value: string | number | boolean): string {
  return typeof value === "number" ? numberText(value) : String(value);
}

/** "bn divides the cost by 4.2 (95 % CI 3.1–5.7)"; a factor below 1 multiplies. */
function changeText(arm: string | undefined, factor: Factor | undefined): string {
  const who = arm ?? t`it`;
  if (factor === undefined) return t`${who} has no cost to compare: in every pair of runs one diverges`;
  const { factor: value, low, high, pairs, undefinedPairs } = factor;
  const isLess = value < 1;
  const shown = (times: number) => numberText(isLess ? 1 / times : times);
  const [from, to] = isLess ? [high, low] : [low, high];
  const interval = from === undefined || to === undefined ? undefined : t`95 % CI ${shown(from)}–${shown(to)}`;
  const holds =
    low !== undefined && high !== undefined && low <= 1 && high >= 1 ? t`which includes no effect` : undefined;
  const left =
    undefinedPairs === 0 ? undefined : t`in ${pairs} of ${pairs + undefinedPairs} pairs; in the others a run diverges`;
  const notes = [interval, holds, left].filter((note) => note !== undefined).join(", ");
  const by = `${shown(value)}${notes === "" ? "" : ` (${notes})`}`;
  return isLess ? t`${who} multiplies the cost by ${by}` : t`${who} divides the cost by ${by}`;
}

/** "learned little". */
export function fateWords(fate: CellFate): string {
  return fate === "missing" ? t`missing` : FATE_WORDS[fate];
}
