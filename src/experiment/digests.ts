import { shortDigest, shortDigestOfText } from "../data/digest.js";
import type { ArmState } from "../engines/engine.js";
import type { ArmDigests, RunDigests } from "../record/digests.js";
import { SHORT_DIGEST } from "../record/names.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { type ResultFault, when } from "./result-fault.js";

/** What of a run's digests does not fit its result; empty is good. */
export function digestFaults(digests: RunDigests, { arms, config }: Result): ResultFault[] {
  const names = Object.keys(arms);
  const isSame = Object.keys(digests).length === names.length && names.every((name) => Object.hasOwn(digests, name));
  return [
    ...when(!isSame, [], t`its arms are not the result's`),
    ...Object.entries(digests).flatMap(([arm, { updates }]) => {
      const rises = updates.every(
        ([update], place) => update <= config.updates && update > (updates[place - 1]?.[0] ?? -1),
      );
      return when(!rises, [arm, "updates"], t`do not rise to at most the run's last`);
    }),
  ];
}

/** Every update is kept up to here; longer runs keep this many, evenly. */
const KEPT_UPDATES = 1000;

/** From one update whose digests are kept to the next. */
export function digestEvery(updates: number): number {
  return Math.ceil(updates / KEPT_UPDATES);
}

/** The same in short: one digest of each kept state, of its tensors' digests, one behind the other. */
export function stateDigests({ updates }: ArmDigests): string {
  return updates.map(([, digests]) => shortDigestOfText(digests)).join("");
}

/** Collects digests while an arm trains; `add` takes every state in turn. */
export function startDigests(updates: number) {
  const every = digestEvery(updates);
  const kept: [number, string][] = [];
  let tensors: string[] = [];
  return {
    add(state: ArmState): void {
      if (state.update % every !== 0) return;
      tensors = [...state.tensors.keys()];
      const short = [...state.tensors.values()].map(({ data }) => shortDigest(data));
      kept.push([state.update, short.join("")]);
    },
    collected: (): ArmDigests => ({ tensors, updates: kept }),
  };
}

/** Where two runs first hold different parameters or moving statistics. */
export interface Parting {
  readonly arm: string;
  readonly update: number;
  readonly tensor: string;
}

/**
 * The earliest update at which the arms' states differ, or at which one of them has none; in it the first tensor in the
 * order of the backward pass, the deepest layer first. Undefined when all digests are the same.
 */
export function firstParting(recorded: RunDigests, again: RunDigests): Parting | undefined {
  const partings = Object.keys(recorded).flatMap(
    (arm) => partingOf(arm, ownEntry(recorded, arm), ownEntry(again, arm)) ?? [],
  );
  return partings.sort((a, b) => a.update - b.update)[0];
}

function partingOf(arm: string, recorded: ArmDigests | undefined, again: ArmDigests | undefined): Parting | undefined {
  if (recorded === undefined || again === undefined) return { arm, update: 0, tensor: t`every tensor` };
  for (let i = 0; i < Math.max(recorded.updates.length, again.updates.length); i++) {
    const [ours, theirs] = [recorded.updates[i], again.updates[i]];
    if (ours === undefined || theirs === undefined) {
      return { arm, update: (ours ?? theirs)?.[0] as number, tensor: t`the state, which only one of the runs reached` };
    }
    if (ours[1] === theirs[1]) continue;
    const differs = (n: number) =>
      ours[1].slice(n * SHORT_DIGEST, (n + 1) * SHORT_DIGEST) !==
      theirs[1].slice(n * SHORT_DIGEST, (n + 1) * SHORT_DIGEST);
    const differing = recorded.tensors.filter((_, n) => differs(n));
    return { arm, update: ours[0], tensor: deepestFirst(differing)[0] ?? t`the state` };
  }
  return undefined;
}

/** `layers.7.…` before `norms.7.…` (which normalizes layer 6) before `layers.6.…`, as the backward pass meets them. */
export function deepestFirst(names: readonly string[]): string[] {
  const depth = (name: string) => {
    const [kind, index] = name.split(".") as [string, string];
    return kind === "layers" ? 2 * Number(index) + 1 : 2 * Number(index);
  };
  return [...names].sort((a, b) => depth(b) - depth(a));
}
