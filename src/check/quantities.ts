import { naturalLogarithm } from "../data/logarithm.js";
import type { SeedArm } from "../record/arms.js";
import { ownEntry } from "../record/own-entry.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";

/** What can be gated of an arm. */
export const QUANTITY_KINDS = ["train", "inference", "recalibrated", "effect", "gap"] as const;
export type QuantityKind = (typeof QUANTITY_KINDS)[number];

/** One gated number a seed: `bn.train`, `bn.effect`. */
export interface Quantity {
  readonly arm: string;
  readonly kind: QuantityKind;
  /** The arm that an effect is measured against. */
  readonly control?: string;
}

/** The final outcomes of one seed's arms. */
export type SeedFinals = Readonly<Record<string, Final | undefined>>;

/** Two runs' finals by seed. */
export interface Finals {
  readonly seed: number;
  readonly baseline: SeedFinals;
  readonly current: SeedFinals;
}

/** An arm's end: its costs, or where it diverged. */
export type Final =
  | Pick<Extract<SeedArm, { status: "trained" }>, "status" | "final">
  | Pick<Extract<SeedArm, { status: "diverged" }>, "status" | "divergence">;

export function quantityName({ arm, kind }: Quantity): string {
  return `${arm}.${kind}`;
}

/** `bn.train` → arm and kind; an arm's name may hold dots itself. */
export function parseQuantity(name: string): Pick<Quantity, "arm" | "kind"> | undefined {
  const dot = name.lastIndexOf(".");
  const kind = QUANTITY_KINDS.find((known) => known === name.slice(dot + 1));
  return dot < 1 || kind === undefined ? undefined : { arm: name.slice(0, dot), kind };
}

/** A quantity's value for a seed, larger is worse; or why there is none. */
export type Measured = { readonly value: number } | { readonly missing: string };

export function measure({ arm, kind, control }: Quantity, finals: SeedFinals): Measured {
  const own = ownEntry(finals, arm);
  if (kind === "effect") {
    const [ours, theirs] = [cost(arm, own, "train"), cost(control ?? "", ownEntry(finals, control ?? ""), "train")];
    if ("missing" in theirs) return theirs;
    if ("missing" in ours) return ours;
    return logRatio(ours.value, theirs.value);
  }
  if (kind !== "gap") return cost(arm, own, kind);
  const [train, inference] = [cost(arm, own, "train"), cost(arm, own, "inference")];
  if ("missing" in train) return train;
  if ("missing" in inference) return inference;
  const ratio = logRatio(inference.value, train.value);
  return "missing" in ratio ? ratio : { value: Math.abs(ratio.value) };
}

/** Of costs, so positive and finite, or there is no logarithm. */
function logRatio(a: number, b: number): Measured {
  return a > 0 && b > 0
    ? { value: naturalLogarithm(a) - naturalLogarithm(b) }
    : { missing: t`a cost of 0 has no logarithm` };
}

function cost(arm: string, final: Final | undefined, mode: "train" | "inference" | "recalibrated"): Measured {
  if (final === undefined) return { missing: t`${arm} has no final cost recorded` };
  if (final.status === "diverged") return { missing: `${arm} ${divergedText(final.divergence.update)}` };
  const value = final.final[mode];
  if (value === undefined) return { missing: t`${arm} has no ${mode} cost recorded` };
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return { missing: t`${arm}'s final cost (${mode}) is ${value}` };
  }
  return { value };
}
