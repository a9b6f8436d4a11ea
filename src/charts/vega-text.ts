import { patternOf } from "../text/language.js";

/** Texts as Vega expressions, the same that `text/numbers` writes. */

/** A text in quotes. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text);
  return text.includes("'") ? escaped : `'${escaped.slice(1, -1)}'`;
}

/** A sentence in the language spoken, or a part of one; what is inserted are expressions. */
export function textExpr(english: TemplateStringsArray, ...inserted: readonly string[]): string {
  const { texts, places } = patternOf(english);
  const parts = texts.flatMap((text, i) => [
    ...(i === 0 ? [] : [inserted[places[i - 1] ?? 0] ?? ""]),
    ...(text === "" ? [] : [quoted(text)]),
  ]);
  return parts.join(" + ");
}

/** A value of the data as people read it, where the language has other words for it. */
export function wordExpr(value: string, words: Readonly<Record<string, string>>): string {
  const isOther = Object.entries(words).some(([own, word]) => own !== word);
  return isOther ? `(${JSON.stringify(words)}[${value}] || ${value})` : value;
}

/** Such values in a legend. */
export function legendLabels(words: Readonly<Record<string, string>>): { readonly labelExpr?: string } {
  const labelExpr = wordExpr("datum.value", words);
  return labelExpr === "datum.value" ? {} : { labelExpr };
}

/** A share in percent, as `percentText` writes it. */
export function shareExpr(share: string): string {
  const percent = `(${share} * 100)`;
  const power = `replace(format(${percent}, '.0~e'), 'e+', 'e')`;
  const few = `${percent} < 1e-3 ? ${power} : format(${percent}, '.1~r')`;
  return `(${percent} > 99 && ${percent} < 100 ? '>99' : ${percent} <= 0 || ${percent} >= 1 ? format(${percent}, 'd') : ${few}) + '\u00a0%'`;
}

/** 15000 → "15 000"; four digits stay together. */
export function countExpr(count: string): string {
  return `(${count} < 1e4 ? format(${count}, 'd') : replace(format(${count}, ',d'), /,/g, '\u00a0'))`;
}

/** Three significant digits, as `numberText` writes them; a dash for what is missing. */
export function numberExpr(value: string): string {
  const size = `abs(${value})`;
  const power = `replace(replace(format(${value}, '.1~e'), 'e+', 'e'), '.0e', 'e')`;
  const whole = `replace(format(${value}, ',.0f'), /,/g, ${size} < 9999.5 ? '' : '\u00a0')`;
  return `(!isValid(${value}) ? '–' : ${value} === 0 ? '0' : ${size} >= 99999.5 || ${size} < 1e-3 ? ${power} : ${size} >= 999.5 ? ${whole} : format(${value}, '.3~r'))`;
}
