import { patternOf } from "./language.js";

/**
 * A text for one medium, in which everything that came from a file or a flag is escaped for that medium. Only the
 * medium's own file in this room makes one, and what writes to the medium takes nothing else: a name that was not
 * escaped is an error of types.
 */
export class Safe<Medium extends string> {
  readonly #text: string;
  constructor(
    readonly medium: Medium,
    text: string,
  ) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

/** What may stand in a template: plain text and numbers, which it escapes, and what is of this medium already. */
export type Content<Medium extends string> = Safe<Medium> | string | number | undefined | readonly Content<Medium>[];

/** A medium's template: its literal parts are the program's, everything between them is content. */
export interface Template<Medium extends string> {
  (parts: TemplateStringsArray, ...contents: readonly Content<Medium>[]): Safe<Medium>;
  /** The contents with the program's own text between them. */
  readonly joined: (contents: readonly Content<Medium>[], separator: string) => Safe<Medium>;
}

/** Makes a medium's template from its escaping; `before` is what stands in the template so far. */
export function templateOf<Medium extends string>(
  medium: Medium,
  escaped: (text: string, before: string) => string,
): Template<Medium> {
  const append = (before: string, content: Content<Medium>): string => {
    if (content === undefined) return before;
    if (content instanceof Safe) return before + content.text;
    if (typeof content === "object") return content.reduce<string>(append, before);
    return before + escaped(String(content), before);
  };
  const template = (parts: TemplateStringsArray, ...contents: readonly Content<Medium>[]) => {
    const { texts, places } = patternOf(parts);
    return new Safe(
      medium,
      texts.reduce((before, text, i) => append(before, contents[places[i - 1] ?? 0]) + text),
    );
  };
  const joined = (contents: readonly Content<Medium>[], separator: string) =>
    new Safe(
      medium,
      contents.reduce<string>((before, content, place) => append(place === 0 ? "" : before + separator, content), ""),
    );
  return Object.assign(template, { joined });
}
