import { COLORS, FONT, INK, QUIET_INK } from "../charts/theme.js";
import { normalizers } from "../model/normalizers/index.js";
import type { Normalizer } from "../model/normalizers/normalizer.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";

/** Entries of a layer that are drawn, and groups of units where there are groups. */
const [UNITS, SAMPLES, GROUPS] = [6, 6, 2];
/** The entry whose statistic is colored. */
const POINTED = { unit: 1, sample: 2 };
/** Px: an entry, a panel with its title and what is below it, and panels beside each other. */
const [CELL, PANEL, COLUMNS] = [15, { width: 150, height: 158 }, 4];
const GRID = { left: 24, top: 26 };

/**
 * What shares a statistic, for every normalizer by its definition: a layer's values, units down and samples across, in
 * color those by whose statistic the marked one is normalized.
 */
export function sharedStatistics(): Markup {
  // Of dense layers: what normalizes images alone leaves them as they are.
  const panels = Object.entries<Normalizer>(normalizers).filter(
    ([, definition]) => definition.acts === "kernels" || definition.imagesOnly !== true,
  );
  const width = COLUMNS * PANEL.width;
  const height = Math.ceil(panels.length / COLUMNS) * PANEL.height;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}" font-size="11"><title>What shares a statistic</title>
<desc>${panels.map(([name, definition]) => `${name}: ${spanOf(definition)}.`).join(" ")}</desc>
<rect width="${width}" height="${height}" fill="white"/>
${panels.map(([name, definition], place) => panel(name, definition, place))}</svg>
`;
}

function panel(name: string, definition: Normalizer, place: number): Markup {
  const [x, y] = [(place % COLUMNS) * PANEL.width, Math.floor(place / COLUMNS) * PANEL.height];
  const color = COLORS[place % COLORS.length]?.color ?? INK;
  const cells = Array.from({ length: UNITS * SAMPLES }, (_, i) => {
    const [unit, sample] = [Math.floor(i / SAMPLES), i % SAMPLES];
    const isMarked = unit === POINTED.unit && sample === POINTED.sample;
    const fill = isShared(definition, unit, sample) ? color : "#eeeeee";
    return html`<rect x="${GRID.left + sample * CELL}" y="${GRID.top + unit * CELL}" width="${CELL - 1}" height="${CELL - 1}" fill="${fill}"${isMarked ? html` stroke="${INK}" stroke-width="2"` : ""}/>`;
  });
  const [right, bottom] = [GRID.left + SAMPLES * CELL, GRID.top + UNITS * CELL];
  const words = spanOf(definition);
  return html`<g transform="translate(${x} ${y})"><text x="${GRID.left}" y="18" font-size="13" font-weight="bold" fill="${INK}">${name}</text>
${cells}
<text transform="translate(${GRID.left - 6} ${bottom}) rotate(-90)" fill="${QUIET_INK}">units</text>
<text x="${right}" y="${bottom + 12}" text-anchor="end" fill="${QUIET_INK}">samples</text>
<text x="${GRID.left}" y="${bottom + 27}" fill="${INK}">${words}</text></g>
`;
}

function isShared(definition: Normalizer, unit: number, sample: number): boolean {
  const own = statisticAt(definition, POINTED.unit, POINTED.sample);
  return own !== undefined && own === statisticAt(definition, unit, sample);
}

function statisticAt(definition: Normalizer, unit: number, sample: number): number | undefined {
  if (definition.acts !== "activations") return undefined;
  return definition.statisticOf?.({ unit, sample, units: UNITS, options: { groups: GROUPS } });
}

/** In words, from which entries are shared. */
function spanOf(definition: Normalizer): string {
  if (definition.acts === "kernels") return t`the kernel's length, per unit`;
  if (definition.statisticOf === undefined) return t`no statistic`;
  const units = Array.from({ length: UNITS }, (_, unit) => unit).filter((unit) =>
    isShared(definition, unit, POINTED.sample),
  ).length;
  const samples = Array.from({ length: SAMPLES }, (_, sample) => sample).filter((sample) =>
    isShared(definition, POINTED.unit, sample),
  ).length;
  if (units === 1 && samples === SAMPLES) return t`a unit, over the batch`;
  return units === UNITS ? t`a sample, over its units` : t`a sample, a group of units`;
}
