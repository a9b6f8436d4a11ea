import type { Statistic } from "../record/values.js";
import { numberText, percentText } from "../text/numbers.js";
import type { Frame } from "./session.js";

/** Both nets at the update that a step looks at. */
export interface Seen {
  readonly plain: Frame;
  readonly bn: Frame;
}

/** One step: a question, a run, and what came of it in this page's numbers. */
export interface Step {
  readonly title: string;
  readonly ask: string;
  readonly options: readonly string[];
  /** The run that answers. */
  readonly line: string;
  /** The update to look at; the last one where absent. */
  readonly update?: number;
  /** The place of the option that came true. */
  readonly answer: (seen: Seen) => number;
  readonly says: (seen: Seen) => string;
}

/** Costs within this factor of each other count as the same. */
const ALIKE = 1.25;
/** A net that ends below this share of the cost of its start has learned. */
const LEARNED = 0.5;
/** What predicting the mean costs on the tutorial's points, about (docs/semantics.md). */
const START = 746;

const costOf = ({ isDiverged, train, inference }: Frame) =>
  isDiverged ? Number.POSITIVE_INFINITY : (inference ?? train);
const hasLearned = (frame: Frame) => costOf(frame) < LEARNED * START;
const endOf = (name: string, frame: Frame) =>
  frame.isDiverged
    ? `${name} diverged at update ${frame.update}`
    : `${name} ends at a cost of ${numberText(costOf(frame))}`;
const ends = ({ plain, bn }: Seen) => `${endOf("plain", plain)}, ${endOf("bn", bn)}`;
const place = (conditions: readonly boolean[]) => Math.max(0, conditions.indexOf(true));

/** Root mean square of what a hidden layer's activation receives; the first and the last one. */
function sizesOf({ layers }: Frame): readonly [number, number] {
  const root = (secondMoment: Statistic | undefined) => Math.sqrt(Number(secondMoment ?? Number.NaN));
  return [root(layers[0]?.health.secondMoment), root(layers.at(-2)?.health.secondMoment)];
}

const flattest = ({ layers }: Frame) => Math.max(...layers.map(({ flatShare = 0 }) => flatShare));

export const LESSON: readonly Step[] = [
  {
    title: "One rate for two nets",
    ask: "Seven layers of 30 ReLU units, weights from N(0, 1), learning rate 0.001. Both nets start from the same weights. Which one learns?",
    options: ["both", "only plain", "only bn", "neither"],
    line: "bn-compare run",
    answer: ({ plain, bn }) => [3, 2, 1, 0][(hasLearned(plain) ? 2 : 0) + (hasLearned(bn) ? 1 : 0)] ?? 3,
    says: (seen) => `${ends(seen)}; the noise alone costs 64.`,
  },
  {
    title: "Why: before any training",
    ask: "Look at update 0, where nothing has been learned yet. How much larger are the values in plain's layer 7 than in its layer 1?",
    options: ["about as large", "about ten times", "more than a thousand times"],
    line: "bn-compare run",
    update: 0,
    answer: ({ plain }) => {
      const [first, last] = sizesOf(plain);
      return place([last < 3 * first, last < 300 * first, true]);
    },
    says({ plain, bn }) {
      const [[first, last], [firstBn, lastBn]] = [sizesOf(plain), sizesOf(bn)];
      return `In plain they go from ${numberText(first)} to ${numberText(last)}, in bn from ${numberText(firstBn)} to ${numberText(lastBn)} (root mean squares). Each layer multiplies the values, and BN divides by their spread again. One step along such gradients, and plain overflows.`;
    },
  },
  {
    title: "What cannot explode saturates",
    ask: "tanh stays within ±1, so nothing explodes. After 250 updates, how much of plain's worst layer lies where tanh is flat?",
    options: ["less than a quarter", "about half", "more than three quarters"],
    line: "bn-compare run --activation tanh",
    answer: ({ plain }) => place([flattest(plain) < 0.25, flattest(plain) <= 0.75, true]),
    says: (seen) =>
      `${percentText(flattest(seen.plain))} in plain, at most ${percentText(flattest(seen.bn))} in bn: where tanh is flat, almost no gradient passes. ${ends(seen)}.`,
  },
  {
    title: "A better start",
    ask: "He's initialization makes the weights just small enough that values keep their size. At the same rate, 0.001, what does plain do now?",
    options: ["it learns as well as bn", "it learns, but less than bn", "it diverges"],
    line: "bn-compare run --init he",
    answer: ({ plain, bn }) => place([costOf(plain) < ALIKE * costOf(bn), !plain.isDiverged, true]),
    says: (seen) => `${ends(seen)}: the values stay in bounds, but the steps are still too large for plain.`,
  },
  {
    title: "A smaller rate",
    ask: "The same at a tenth of the rate, 0.0001. Which net ends lower?",
    options: ["plain", "bn", "both about the same"],
    line: "bn-compare run --init he --learning-rate 0.0001",
    answer({ plain, bn }) {
      const ratio = costOf(plain) / costOf(bn);
      return place([ratio < 1 / ALIKE, ratio > ALIKE, true]);
    },
    says: (seen) =>
      `${ends(seen)}. A good initialization and a suitable rate do much of what BN does; BN also tolerates the higher rate.`,
  },
  {
    title: "The price: two modes",
    ask: "To predict, bn uses moving averages of its batches' statistics. With decay 0.99 instead of 0.5, how does its cost in inference mode compare with training mode?",
    options: ["about the same", "up to twice as high", "more than twice as high"],
    line: "bn-compare run --decay 0.99",
    answer({ bn }) {
      const ratio = costOf(bn) / bn.train;
      return place([ratio < ALIKE, ratio <= 2, true]);
    },
    says: ({ bn }) =>
      `${numberText(bn.train)} in training mode, ${numberText(costOf(bn))} in inference mode: slow averages still contain the zero they started from. More updates, a smaller decay or debias would close the gap.`,
  },
];
