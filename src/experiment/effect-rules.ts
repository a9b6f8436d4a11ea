import type { PairedEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { type Path, type ResultFault, when } from "./result-fault.js";

/**
 * Beyond this no logarithm of a ratio of two costs lies: a cost is at least the smallest number of float64, 4.9e-324, and
 * at most its largest, 1.8e308.
 */
const LARGEST_LOG_RATIO = 1500;

/** What must fit together in the effects, and what of them is drawn. */
export function effectFaults({ arms, effects, seeds }: Result): ResultFault[] {
  const isArm = (name: string) => Object.hasOwn(arms, name);
  return Object.entries(effects).flatMap(([name, { against, train, inference }]) => [
    ...when(
      !(isArm(name) && isArm(against)) || name === against,
      ["effects", name],
      t`is about no two arms of the result`,
    ),
    ...pairFaults(train, seeds.length, ["effects", name, "train"]),
    ...pairFaults(inference, seeds.length, ["effects", name, "inference"]),
  ]);
}

function pairFaults(effect: PairedEffect, seeds: number, path: Path): ResultFault[] {
  const { pairs, defined, undefinedPairs, logRatios, quartiles, mean, wins, pairingGain } = effect;
  const { q25 = 0, median = 0, q75 = 0 } = quartiles ?? {};
  const { estimate = 0, low = estimate, high = estimate, confidence = 0.95 } = mean ?? {};
  const drawn = [...logRatios.map(({ logRatio }) => logRatio), q25, median, q75, estimate, low, high];
  const undefinedOnes = Object.values(undefinedPairs).reduce((sum, count) => sum + count, 0);
  const { share = 0, low: fewest = 0, high: most = 1 } = wins ?? {};
  const counted = wins === undefined || (wins.of === pairs && wins.treated + wins.control + wins.ties === pairs);
  const gains = [pairingGain.unpairedVariance, pairingGain.pairedVariance, pairingGain.gain];
  return [
    ...when(pairs !== seeds, [...path, "pairs"], t`is not the number of seeds, ${seeds}`),
    ...when(defined + undefinedOnes !== pairs, path, t`defined and undefined pairs do not add up to pairs`),
    ...when(logRatios.length !== defined, [...path, "logRatios"], t`are not as many as defined`),
    ...when(
      drawn.some((value) => Math.abs(value) > LARGEST_LOG_RATIO),
      path,
      t`contains a log ratio beyond ±${LARGEST_LOG_RATIO}, which no two costs have`,
    ),
    ...when(!(q25 <= median && median <= q75), [...path, "quartiles"], t`do not ascend`),
    ...when(low > high, [...path, "mean"], t`low is above high`),
    ...when(!(confidence > 0 && confidence < 1), [...path, "mean", "confidence"], t`is not between 0 and 1`),
    ...when(!counted, [...path, "wins"], t`do not add up to pairs`),
    ...when(
      [share, fewest, most].some((part) => part < 0 || part > 1),
      [...path, "wins"],
      t`contains no share`,
    ),
    ...when(
      gains.some((value = 0) => value < 0),
      [...path, "pairingGain"],
      t`is below 0`,
    ),
  ];
}
