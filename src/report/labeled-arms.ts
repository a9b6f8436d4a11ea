import { armStyles } from "../charts/theme.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";

/**
 * How a chart is read, and what it shows in this run: two sentences for someone who sees such a chart for the first time.
 * Arms stand in them as their marks.
 */
export type Reading = readonly [how: string, here: string];

/** With more arms a sentence about each would be no sentence. */
export const MOST_TOLD = 4;

export interface LabeledArm {
  readonly name: string;
  readonly label: string;
  /** Stands for the arm in a sentence, until it is written. */
  readonly mark: string;
  readonly arm: ArmResult;
}

/** The arms with the names that the charts give them. */
export function labeledArms(result: Result): LabeledArm[] {
  return armStyles(Object.keys(result.arms)).flatMap(({ name, label }, place) => {
    const arm = result.arms[name];
    return arm === undefined ? [] : [{ name, label, mark: markOf(place), arm }];
  });
}

/** Of characters that are nobody's: no name holds them after `nameText`. */
function markOf(place: number): string {
  return `\ue000${place}\ue001`;
}

/** A sentence with the arms' names in their colors. */
export function sentenceMarkup(sentence: string, result: Result): Markup {
  const labels = labeledArms(result).map(({ label }) => label);
  const parts = sentence.split(/\ue000(\d+)\ue001/);
  return html`${parts.map((part, index) =>
    index % 2 === 0 ? part : html`<b class="arm arm-${part}">${labels[Number(part)] ?? ""}</b>`,
  )}`;
}

/** The same without colors. */
export function sentenceText(sentence: string, result: Result): string {
  const labels = labeledArms(result).map(({ label }) => label);
  return sentence.replace(/\ue000(\d+)\ue001/g, (_, place: string) => labels[Number(place)] ?? "");
}
