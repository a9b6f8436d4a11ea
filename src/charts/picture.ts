import type { DataSets } from "./data-sets.js";
import { renderSpec } from "./render.js";
import type { Spec } from "./spec.js";
import { themeConfig } from "./theme.js";
import { titleLines, withTitle } from "./title.js";

/** A chart with all that it is drawn from. */
export interface Drawable {
  /** Names its file, and starts the ids in it. */
  readonly name: string;
  readonly title: string;
  /** For screen readers. */
  readonly description: string;
  /** What the axes do not say. */
  readonly notes: readonly string[];
  /** What was run, under the notes of a picture that stands alone. */
  readonly about: string;
  readonly spec: Spec;
  readonly sets: DataSets;
}

/** A chart and what was drawn of it: the same bytes for the same input. */
export interface Picture extends Drawable {
  /** An SVG file that stands alone. */
  readonly file: string;
  /** The same without its title, for a page that has headings of its own. */
  readonly bare: string;
}

export async function drawn(drawable: Drawable, name = drawable.name): Promise<Picture> {
  const { title, description, notes, about, spec, sets } = drawable;
  const bare = await renderSpec(spec, sets, { title, description, idPrefix: name });
  return { ...drawable, name, bare, file: withTitle(bare, { text: title, paragraphs: [...notes, about] }) };
}

/** Of a title in a specification, px. */
const TITLE_WIDTH = 1000;

/** A Vega-Lite specification that stands alone, for people to change and other tools to draw. */
export function specFile({ title, notes, about, spec, sets }: Drawable): object {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: titleLines({ text: title, paragraphs: [...notes, about] }, TITLE_WIDTH),
    ...spec,
    config: themeConfig,
    datasets: sets,
  };
}
