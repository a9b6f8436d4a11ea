import { type Activation, activations } from "../../model/activations.js";
import { limit } from "../../outcome/limits.js";
import type { Maps } from "../../record/maps.js";
import { ownEntry } from "../../record/own-entry.js";
import type { Result } from "../../record/result.js";
import { t } from "../../text/language.js";
import { countText, percentText } from "../../text/numbers.js";

/** What feature maps and kernels come to: clauses behind an arm's name. */

/** How many channels an arm's convolutions have lost for the image, before training and at the end. */
export function mapsClause(result: Result, arm: string): string {
  const states = ownEntry(result.arms, arm)?.maps?.states ?? [];
  const isRelu = hasReluEnd(result, arm);
  const what = isRelu ? t`without a pixel above 0` : t`of one value`;
  const counts = states.map(({ update, layers }) => lostIn(update, layers, isRelu));
  const told = counts.map(({ update, lost, of }) =>
    update === 0
      ? t`${lost} of ${of} channels ${what} before training`
      : t`${lost} of ${of} at update ${countText(update)}`,
  );
  const last = counts.at(-1);
  if (last === undefined) return t`has no feature maps`;
  const where = last.lost === 0 ? "" : t`, most in layer ${last.most.layer + 1} (${last.most.lost} of ${last.most.of})`;
  return t`has ${told.join(t` and `)}${where}`;
}

/** Of all layers, and of the one that has lost most. */
function lostIn(update: number, layers: readonly Maps[], isRelu: boolean) {
  const counts = layers.map((maps, layer) => ({ layer, of: maps.low.length, lost: lostChannels(maps, isRelu) }));
  const sum = (of: "lost" | "of") => counts.reduce((total, one) => total + one[of], 0);
  const [most = { layer: 0, lost: 0, of: 0 }] = [...counts].sort((one, other) => other.lost - one.lost);
  return { update, lost: sum("lost"), of: sum("of"), most };
}

/** Channels that say nothing of an image: at most 0 everywhere in front of ReLU, else the same everywhere. */
export function lostChannels({ low, high }: Maps, isRelu: boolean): number {
  return low.filter((least, channel) => {
    const most = high[channel] ?? least;
    if (isRelu) return most <= 0;
    return most - least <= limit("constant-unit") * Math.max(Math.abs(least), Math.abs(most));
  }).length;
}

/** Whether an activation is 0 below 0: an arm's, or the run's. */
export function hasReluEnd({ config }: Result, arm?: string): boolean {
  const name = (arm === undefined ? undefined : ownEntry(config.arms, arm)?.activation) ?? config.activation;
  return Object.entries<Activation>(activations).some(([own, { silentBelowZero }]) => own === name && silentBelowZero);
}

/** How far the recorded kernels moved. */
export function kernelsClause({ arms }: Result, arm: string): string {
  const states = ownEntry(arms, arm)?.maps?.states ?? [];
  const [first = [], last = []] = [states[0], states.at(-1)].map((state) => state?.kernels.values.map(Number) ?? []);
  return states.length < 2
    ? t`has one record of its kernels`
    : t`changed its kernels by ${percentText(movedBy(first, last))} of their norm by update ${countText(states.at(-1)?.update ?? 0)}`;
}

/** Length of the difference over the length of the first. */
export function movedBy(first: readonly number[], last: readonly number[]): number {
  const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length(last.map((value, place) => value - (first[place] ?? 0))) / length(first);
}
