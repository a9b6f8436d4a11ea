import type { CheckSettings } from "../config/keys.js";
import { usageError } from "../errors.js";
import type { Experiment } from "../experiment/prepare.js";
import { hasMovingAverages } from "../model/network.js";
import type { Baseline } from "../record/baseline.js";
import { ownEntry } from "../record/own-entry.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { parseQuantity, QUANTITY_KINDS, type Quantity } from "./quantities.js";
import { readTolerance, type Tolerance } from "./tolerance.js";

/** A quantity and how much worse it may get. */
export interface Gate {
  readonly quantity: Quantity;
  readonly tolerance: Tolerance;
}

/** Unless the experiment says otherwise. */
export const DEFAULT_TOLERANCE = "5%";

/**
 * The experiment's gates, or where it names none: the final cost, in both modes where there are two, of every arm that
 * normalizes and that the baseline saw trained in two of the experiment's seeds or more, as a comparison needs. Plain arms
 * are not gated by themselves: rounding alone moves the tutorial's plain tanh net twofold.
 */
export function gatesOf(settings: CheckSettings, experiment: Experiment, baseline: Baseline): Gate[] {
  const named = Object.entries(settings.gates ?? defaultGates(experiment, baseline));
  return named.map(([name, own]) => {
    const quantity = parseQuantity(name);
    const plan = quantity === undefined ? undefined : ownEntry(experiment.arms, quantity.arm);
    if (quantity === undefined || plan === undefined) {
      const arms = Object.keys(experiment.arms);
      throw usageError(
        t`check.gates.${excerpt(name)}: there is no such quantity; name an arm (${arms.join(", ")}) with ${QUANTITY_KINDS.map((kind) => `.${kind}`).join(", ")}`,
      );
    }
    if (quantity.kind === "effect" && plan.against === undefined) {
      throw usageError(t`check.gates.${name}: ${quantity.arm} is the control, which has no effect of its own`);
    }
    if ((quantity.kind === "gap" || quantity.kind === "recalibrated") && !hasMovingAverages(plan.spec)) {
      throw usageError(
        t`check.gates.${name}: ${quantity.arm} has no moving averages, and so only one cost; gate ${quantity.arm}.train`,
      );
    }
    const tolerance = readTolerance(own ?? settings.maxIncrease ?? DEFAULT_TOLERANCE) as Tolerance;
    return { quantity: { ...quantity, ...(plan.against === undefined ? {} : { control: plan.against }) }, tolerance };
  });
}

function defaultGates({ arms, seeds: own }: Experiment, baseline: Baseline): Record<string, null> {
  const least = Math.min(2, own.length);
  const trained = Object.entries(arms).filter(([name, { spec }]) => {
    const ends = baseline.seeds.filter(
      ({ seed, arms }) => own.includes(seed) && ownEntry(arms, name)?.status === "trained",
    );
    return spec.normalization !== undefined && ends.length >= least;
  });
  return Object.fromEntries(
    trained.flatMap(([name, { spec }]) => [
      [`${name}.train`, null],
      ...(hasMovingAverages(spec) ? [[`${name}.inference`, null]] : []),
    ]),
  );
}
