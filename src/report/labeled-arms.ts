import { type StyledArm, styledArms } from "../charts/runs.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";

/** With more arms a sentence about each would not be one. */
export const MOST_TOLD = 4;

/** Its mark stands for the arm in a sentence, until it is written. */
export type LabeledArm = StyledArm & { readonly mark: string };

/** The arms with the names that the charts give them. */
export function labeledArms(result: Result): LabeledArm[] {
  return styledArms(result).map((styled, place) => ({ ...styled, mark: markOf(place) }));
}

/** A clause about each arm, and how many have none: "plain …; bn …; 3 more arms are drawn". */
export function aboutArms(arms: readonly LabeledArm[], clause: (arm: LabeledArm) => string): string {
  const more = arms.length - MOST_TOLD;
  const said = arms.slice(0, MOST_TOLD).map((arm) => `${arm.mark} ${clause(arm)}`);
  return [...said, ...(more > 0 ? [t`${more} more ${more === 1 ? t`arm is` : t`arms are`} drawn`] : [])].join("; ");
}

/** Of characters that are nobody's: no name holds them after `nameText`. */
function markOf(place: number): string {
  return `\ue000${place}\ue001`;
}

const MARK = /\ue000(\d+)\ue001/;

/** A sentence with the arms' names in their colors. */
export function sentenceMarkup(sentence: string, result: Result): Markup {
  return html`${named(sentence, result, (label, place) => html`<b class="arm arm-${place}">${label}</b>`)}`;
}

/** The same without colors. */
export function sentenceText(sentence: string, result: Result): string {
  return named(sentence, result, (label) => label).join("");
}

function named<Name>(sentence: string, result: Result, name: (label: string, place: string) => Name) {
  const labels = labeledArms(result).map(({ label }) => label);
  return sentence.split(MARK).map((part, index) => (index % 2 === 0 ? part : name(labels[Number(part)] ?? "", part)));
}
