/**
 * A language: English templates, with `{0}`, `{1}`, … for what is inserted, and the same in that language, which may insert
 * in another order, or leave something out.
 */
export type Catalog = Readonly<Record<string, string>>;

/** The language that templates speak: its code, as in `<html lang>`, and what differs from English. */
export interface Language {
  readonly code: string;
  readonly catalog?: Catalog;
}

let spoken: Language = { code: "en" };

/** From here on templates speak this language; what its catalog lacks stays English. */
export function speak(language: Language): void {
  spoken = language;
}

export function spokenLanguage(): Language {
  return spoken;
}

/** A sentence that people read, or a part of one, in the language spoken. Media's templates translate by themselves. */
export function t(english: TemplateStringsArray, ...inserted: readonly unknown[]): string {
  const { texts, places } = patternOf(english);
  return texts.reduce((before, text, i) => `${before}${inserted[places[i - 1] ?? 0]}${text}`);
}

/** What a template says: the texts, and which insertion is between each and the next. */
export interface Pattern {
  readonly texts: readonly string[];
  readonly places: readonly number[];
}

/** A template in the language spoken. */
export function patternOf(english: TemplateStringsArray): Pattern {
  const translation = spoken.catalog?.[templateKey(english)];
  if (translation === undefined) return { texts: english, places: IN_ORDER };
  const parts = translation.split(/\{(\d+)\}/);
  return {
    texts: parts.filter((_, i) => i % 2 === 0),
    places: parts.filter((_, i) => i % 2 === 1).map(Number),
  };
}

const IN_ORDER: readonly number[] = Array.from({ length: 99 }, (_, i) => i);

/** A template as catalogs name it: "{0} diverged at update {1}". */
function templateKey(texts: readonly string[]): string {
  return texts.reduce((before, text, i) => `${before}{${i - 1}}${text}`);
}
