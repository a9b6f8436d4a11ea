import { tallyOf } from "../charts/verdicts/index.js";
import { capitalized, listText } from "../charts/wording.js";
import { divergedAt } from "../outcome/ending.js";
import { type Failure, firstFailure } from "../outcome/failure.js";
import type { ArmResult } from "../record/arms.js";
import type { Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { cutOffText, evidenceOf, inputScaleText } from "../text/findings.js";
import { t } from "../text/language.js";
import { percentText } from "../text/numbers.js";
import { layerName, unitNoun, verdictWord } from "../text/places.js";
import { aboutArms, labeledArms } from "./labeled-arms.js";
import { seedText } from "./lead.js";
import { pileOf } from "./net-state.js";

/** How far what the first two arms' layers receive is piled up, at the last record of each. */
export function receivedHere(result: Result): string {
  const said = labeledArms(result)
    .slice(0, 2)
    .map(({ mark, arm }) => receivedBy(mark, arm));
  return `${capitalized(said.join("; "))}.`;
}

/** A clause about an arm: what is worst in its last record. */
function receivedBy(mark: string, arm: ArmResult): string {
  const record = arm.checkpoints.at(-1);
  if (record === undefined) return t`${mark} has no record here`;
  const { layers, update } = record;
  const isEnd = divergedAt(arm) === update;
  const name = (layer: Layer | undefined) => layerName(layer?.layer ?? 0, layers.length);
  const where = isEnd ? t`in ${mark}, which ${divergedText(update)},` : t`in ${mark} at update ${update},`;
  const lost = layers.find(({ layerInput }) => layerInput.nonFinite > 0);
  if (lost !== undefined) return t`${where} the inputs of ${name(lost)} are the first to contain NaN or ∞`;
  const most = layers
    .slice(1)
    .map((layer) => ({ layer, ...pileOf(layer.layerInput) }))
    .sort((one, other) => other.share - one.share)[0];
  return most === undefined
    ? t`${mark} has only one layer`
    : t`${where} values pile up most in the input of ${name(most.layer)}, where ${percentText(most.share)} of them ${most.where}`;
}

/** How the layers of many arms end, without their names. */
export function verdictsInShort(result: Result): string {
  const arms = Object.values(result.arms);
  const failing = arms.flatMap(({ checkpoints }) => {
    const verdicts = tallyOf(checkpoints.at(-1)?.layers ?? []).map(([verdict]) => verdict);
    return verdicts.find((verdict) => verdict !== "healthy") ?? [];
  });
  const healthy = arms.length - failing.length;
  const kinds = [...new Set(failing)].map((verdict) => {
    const count = failing.filter((other) => other === verdict).length;
    const word = verdictWord(verdict);
    return count === 1 ? t`1 ends with layers that are ${word}` : t`${count} end with layers that are ${word}`;
  });
  return capitalized(
    t`${seedText(result)}every layer ends healthy in ${healthy} of ${arms.length} nets${kinds.map((kind) => `; ${kind}`).join("")}.`,
  );
}

/** How many layers fail at the end, and which one failed first. */
export function verdictsHere(result: Result): string {
  return `${aboutArms(labeledArms(result), ({ arm }) => t`ends with ${tally(arm)}${firstFault(arm, result)}`)}.`;
}

/** "5 saturated and 3 healthy of 8 layers", of the last record. */
function tally({ checkpoints }: ArmResult): string {
  const layers = checkpoints.at(-1)?.layers ?? [];
  const sorted = tallyOf(layers);
  const [only, ...others] = sorted;
  if (only === undefined) return t`no record`;
  if (others.length === 0 && layers.length === 1) return t`its one layer ${verdictWord(only[0])}`;
  if (others.length === 0)
    return t`${layers.length === 2 ? t`both` : t`all ${layers.length}`} layers ${verdictWord(only[0])}`;
  return t`${listText(sorted.map(([verdict, count]) => `${count} ${verdictWord(verdict)}`))} of ${layers.length} layers`;
}

function firstFault(arm: ArmResult, result: Result): string {
  const fault = firstFailure(arm);
  return fault === undefined
    ? t`, and none failed earlier`
    : t`, and ${layerName(fault.layer, fault.layers)} failed first (${faultText(fault, result)})`;
}

/** "saturated at update 0: 60 % of its values". */
export function faultText(fault: Failure, { config }: Result): string {
  const { verdict, update, layer, health, inputScale } = fault;
  const scale = inputScale === undefined ? "" : t`, because of ${inputScaleText(inputScale)}`;
  return t`${verdictWord(verdict)} at update ${update}: ${evidenceOf(health, unitNoun(config, layer))}${cutOffText(fault)}${scale}`;
}
