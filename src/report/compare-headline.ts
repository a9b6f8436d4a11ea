import { armStyles } from "../charts/theme.js";
import { listText, numberText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { ownEntry } from "../experiment/own-entry.js";
import type { NamedRun } from "./named-runs.js";

const MOST_ARMS = 3;
/** Costs within this factor are told as equal. */
const EQUAL = 1.02;

/** What sets the runs' ends apart, arm by arm; undefined where their costs are of other points. */
export function compareHeadline(runs: readonly NamedRun[]): string | undefined {
  const [first] = runs;
  if (runs.some(({ result }) => result.referenceCosts.predictMean !== first?.result.referenceCosts.predictMean))
    return undefined;
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))];
  const told = armStyles(names).flatMap(({ name, label }) => {
    const having = runs.filter(({ result }) => ownEntry(result.arms, name) !== undefined);
    return having.length < 2 ? [] : [`${label} ${endsOf(having, name)}`];
  });
  if (told.length === 0) return undefined;
  return `By the final cost of prediction${told.length > MOST_ARMS ? ", for example" : ""}: ${told.slice(0, MOST_ARMS).join("; ")}.`;
}

function endsOf(runs: readonly NamedRun[], name: string): string {
  const all = runs.map(({ label, result }) => ({
    label,
    cost: finalsOver(result.seeds, name, "inference").quartiles?.median,
  }));
  const ended = all.flatMap(({ label, cost }) => (cost === undefined ? [] : [{ label, cost }]));
  const lost = all.filter(({ cost }) => cost === undefined).map(({ label }) => label);
  const [lowest, ...others] = ended.toSorted((one, other) => one.cost - other.cost);
  const highest = others.at(-1);
  if (lowest === undefined) return "diverges in all of these runs";
  const gone = lost.length === 0 ? "" : ` and diverges in ${listText(lost)}`;
  const text = ({ label, cost }: { label: string; cost: number }) => `${label} (${numberText(cost)})`;
  if (highest === undefined) return `ends at ${numberText(lowest.cost)} in ${lowest.label}${gone}`;
  if (highest.cost < EQUAL * lowest.cost) return `ends about equal in ${listText(ended.map(text))}${gone}`;
  return `ends lowest in ${text(lowest)} and highest in ${text(highest)}${gone}`;
}
