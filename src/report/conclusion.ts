import { capitalized, listText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { limit } from "../outcome/limits.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import { labeledArms } from "./labeled-arms.js";
import { normalizerNamed } from "./normalizers.js";

/** An arm that changes one thing in the arm that is measured, or in its control. */
interface Change {
  readonly what: string;
  /** Whether it leaves a part of the normalization and takes the rest away. */
  readonly isPart: boolean;
  /** Its effect over that of the arm that is measured: 1 is all of it, below 0 it does harm. */
  readonly share: number;
  readonly evidence: string;
}

const SHARES: readonly (readonly [text: string, holds: (share: number) => boolean, isWithoutOf?: boolean])[] = [
  [t`nearly all`, (share) => share >= limit("nearly-all")],
  [t`most`, (share) => share >= limit("most") && share < limit("nearly-all")],
  [t`part`, (share) => share > limit("hardly-any") && share < limit("most")],
  [t`almost nothing`, (share) => share >= 0 && share <= limit("hardly-any"), true],
  [t`harm`, (share) => share < 0, true],
];

/** With fewer there is nothing to sum up. */
const FEWEST = 2;

/**
 * What of a normalization's effect remains when one thing is changed, by the effects of the arms that change one thing;
 * undefined where there are too few. The effect is that of the first arm that changes nothing, in logarithms and in
 * inference mode; where its control diverges in every seed, the share of seeds that do not diverge is. `parts`: of the
 * arms that leave a part of the normalization alone.
 */
export function conclusionOf(result: Result, which: "parts" | "all"): string | undefined {
  const found = Object.entries(result.effects).find(([name]) => isWhole(result, name));
  if (found === undefined) return undefined;
  const [name, { against, inference }] = found;
  const all = inference.mean?.estimate;
  const labels = new Map(labeledArms(result).map((arm) => [arm.name, arm.label]));
  const [arm, control] = [labels.get(name) ?? "", labels.get(against) ?? ""];
  const lost = (of: string) => finalsOver(result.seeds, of, "train").diverged;
  const seeds = result.seeds.length;
  const isRescue = all === undefined;
  if (isRescue ? lost(against) !== seeds || lost(name) === seeds : !(all > Math.log(limit("equal-ends"))))
    return undefined;
  const changes = Object.entries(result.effects).flatMap(([other, effect]): Change[] => {
    const change = other === name || effect.against !== against ? undefined : changeOf(result, other);
    if (change === undefined || (which === "parts" && !change.isPart)) return [];
    if (isRescue) {
      const kept = seeds - lost(other);
      return [{ ...change, share: kept / (seeds - lost(name)), evidence: t`diverges in ${lost(other)} of ${seeds}` }];
    }
    const mean = effect.inference.mean?.estimate;
    return mean === undefined ? [] : [{ ...change, share: mean / all, evidence: numberText(Math.exp(mean)) }];
  });
  if (changes.length < FEWEST) return undefined;
  const sorted = changes.toSorted((one, other) => other.share - one.share);
  const groups = SHARES.flatMap(([text, holds, isWithoutOf = false]) => {
    const members = sorted.filter(({ share }) => holds(share));
    if (members.length === 0) return [];
    const [evidence, ...others] = new Set(members.map((member) => member.evidence));
    const isCommon = others.length === 0;
    const names = members.map((member) => (isCommon ? member.what : `${member.what} (${member.evidence})`));
    const verb = members.length === 1 ? t`does` : t`do`;
    return [{ names: listText(names), verb, text, isWithoutOf, evidence: isCommon ? ` (${evidence})` : "" }];
  });
  const rescued = lost(name) === 0 ? t`none` : lost(name);
  const whole = isRescue
    ? t`While ${control} diverges in ${seeds === 1 ? t`its one seed` : t`all ${seeds} seeds`}, ${arm} diverges in ${rescued}`
    : t`Compared with ${control}, ${arm} divides the cost by ${numberText(Math.exp(all))}`;
  const said = groups.map(({ names, verb, text, isWithoutOf, evidence }, place) => {
    const of = place === 0 ? t` of that` : t` of it`;
    return `${names} ${verb} ${text}${isWithoutOf ? "" : of}${evidence}`;
  });
  return `${whole}. ${capitalized(said.join("; "))}.`;
}

/** Whether an arm normalizes as the experiment does, and nothing else. */
function isWhole({ config }: Result, name: string): boolean {
  return config.normalize !== "none" && Object.keys(ownOf(config.arms, name)).length === 0;
}

function ownOf(arms: Result["config"]["arms"], name: string): Readonly<Record<string, unknown>> {
  const { against, ...own } = ownEntry(arms, name) ?? {};
  return own;
}

/** What an arm changes, where it is one thing. */
function changeOf({ config }: Result, name: string): Pick<Change, "what" | "isPart"> | undefined {
  const own = ownOf(config.arms, name);
  const part = PARTS[settingsText(own)];
  if (part !== undefined) return { what: part, isPart: true };
  const { normalize, ...others } = own;
  const isPlain = normalize === "none";
  const [entry, ...more] = Object.entries(isPlain || normalize === undefined ? others : { normalize, ...others });
  if (entry === undefined || more.length > 0) return undefined;
  const [key, value] = entry;
  const setting = settingsText({ [key]: value });
  if (isPlain) return { what: t`${setting} without normalization`, isPart: false };
  const variant = key === "normalizer" ? normalizerNamed(value).label : VARIANTS[key]?.replace("*", String(value));
  return { what: variant ?? setting, isPart: false };
}

function settingsText(settings: object): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .sort()
    .join(", ");
}

const PARTS: Readonly<Record<string, string>> = {
  "affine false, normalize input": t`standardizing the input alone`,
  "transform scale": t`scaling alone`,
  "transform center": t`centering alone`,
  "normalize hidden": t`normalizing the hidden layers alone`,
  "normalize input": t`normalizing the input alone`,
};

const VARIANTS: Readonly<Record<string, string>> = {
  affine: t`normalizing without gamma and beta`,
  position: t`normalizing after the activation`,
  ghostBatchSize: t`statistics of * points`,
};
