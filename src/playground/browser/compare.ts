import { digestEvery } from "../../experiment/digests.js";
import { SHORT_DIGEST } from "../../record/names.js";
import { ownEntry } from "../../record/own-entry.js";
import { excerpt } from "../../text/excerpt.js";
import { countText } from "../../text/numbers.js";

/** The digests of a recorded run's states, by arm. Throws where the text is not a result with digests. */
export function recordedDigests(text: string): Readonly<Record<string, string>> {
  const result: unknown = JSON.parse(text);
  const arms = isGroup(result) && isGroup(result.arms) ? Object.entries(result.arms) : [];
  const digests = arms.flatMap(([name, arm]) => {
    const own = isGroup(arm) ? arm.stateDigests : undefined;
    return typeof own === "string" ? [[name, own]] : [];
  });
  if (digests.length === 0) throw new Error("this is not the result.json of a run with the fused engine");
  return Object.fromEntries(digests);
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether every state that a run of so many updates keeps has its recorded digest; `trained` has one of each update. */
export function comparedText(
  names: readonly string[],
  recorded: Readonly<Record<string, string>>,
  trained: readonly (readonly string[])[],
  updates: number,
): string {
  const every = digestEvery(updates);
  let states = 0;
  const partings = names.flatMap((name, place) => {
    const ours = (trained[place] ?? []).filter((_, update) => update % every === 0);
    const theirs = ownEntry(recorded, name);
    if (theirs === undefined) return [`the run has no arm ${name}`];
    const most = Math.max(ours.length, theirs.length / SHORT_DIGEST);
    for (let at = 0; at < most; at++) {
      if (ours[at] !== theirs.slice(at * SHORT_DIGEST, (at + 1) * SHORT_DIGEST))
        return [`${excerpt(name)} differs from the recorded run from update ${countText(at * every)} on`];
    }
    states += most;
    return [];
  });
  if (partings.length > 0) return `✗ ${partings.join("; ")}.`;
  return `✓ The same digests as the run: all ${countText(states)} states.`;
}
