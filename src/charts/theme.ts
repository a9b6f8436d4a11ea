import type { Config } from "vega-lite";
import { t } from "../text/language.js";
import { shortened } from "./text-metrics.js";
import { nameText } from "./wording.js";

/** Of a drawing on a phone, px. */
export const NARROW_WIDTH = 316;
/** An entry of a legend on a phone, px. */
export const NARROW_LABEL = 215;
/** Around every drawing, px. */
export const PADDING = 16;

export const FONT = 'Helvetica, Arial, "Liberation Sans", sans-serif';
export const INK = "#1a1a1a";
export const QUIET_INK = "#5f5f5f";
export const GRID = "#e3e3e3";
export const FRAME = "#c8c8c8";
/** The frame of a panel that is a band along x, and of one that is also a band along y. */
export const COLUMN_FRAME = {
  type: "rect",
  fill: null,
  stroke: FRAME,
  strokeOpacity: 1,
  width: { expr: "bandwidth('x')" },
};
export const PANEL_FRAME = { ...COLUMN_FRAME, height: { expr: "bandwidth('y')" } };
/** Drawn over what is pointed at; the same on a light and on a dark page. */
export const HIGHLIGHT = "#8a8a8a";
/** The smallest text, px. */
export const LABEL_SIZE = 11;

export const TITLE_SIZE = 16;
export const TITLE_LINE = TITLE_SIZE + 4;
export const SUBTITLE_SIZE = 12;
export const SUBTITLE_LINE = SUBTITLE_SIZE + 4;
export const LEGEND_SIZE = 12;
/** An entry of a legend beside a plot, px. */
export const LEGEND_LABEL = 290;

export interface ArmStyle {
  /** As in result.json: whatever a file says. */
  readonly name: string;
  /** For drawing: clean, at most `LABEL_LIMIT` px wide, and no other arm's. */
  readonly label: string;
  readonly longName: string;
  /** For areas and lines. */
  readonly color: string;
  /** For text: the same hue with a contrast of at least 4.5 on white. */
  readonly ink: string;
  /** Tells the arm without color. */
  readonly dash: readonly number[];
}

/** The widest name of an arm, px at the size of a legend. */
const LABEL_LIMIT = 230;

/** Okabe & Ito's color-blind-safe colors, in the order further arms get them, each with its ink. */
const FURTHER_COLORS: readonly Pick<ArmStyle, "color" | "ink">[] = [
  { color: "#009E73", ink: "#007a59" },
  { color: "#CC79A7", ink: "#a34479" },
  { color: "#E69F00", ink: "#8a6000" },
  { color: "#56B4E9", ink: "#1c70a3" },
];
const FURTHER_DASHES: readonly (readonly number[])[] = [
  [1, 3],
  [12, 3],
  [6, 2, 1, 2, 1, 2],
  [3, 3],
];

const plain: ArmStyle = {
  name: "plain",
  label: "plain",
  longName: "plain",
  color: "#D55E00",
  ink: "#ad4a00",
  dash: [9, 3, 2, 3],
};
const bn: ArmStyle = {
  name: "bn",
  label: "bn",
  longName: t`batch-normalized`,
  color: "#0072B2",
  ink: "#00659e",
  dash: [],
};

/** Of lines that are no arms: those of plain and bn come last. */
export const COLORS: readonly Pick<ArmStyle, "color" | "ink">[] = [...FURTHER_COLORS, bn, plain];

/**
 * One style per arm, in the order of the result; plain and bn look the same in every picture. Sixteen further arms differ
 * in color or dash; those beyond look like earlier ones and are told apart by their labels.
 */
export function armStyles(names: readonly string[]): ArmStyle[] {
  const taken = new Set<string>();
  let further = 0;
  return names.map((name) => {
    if (name === "plain") return plain;
    if (name === "bn") return bn;
    const round = Math.floor(further / FURTHER_COLORS.length);
    const { color, ink } = FURTHER_COLORS[further % FURTHER_COLORS.length] ?? plain;
    const dash = FURTHER_DASHES[(further + round) % FURTHER_DASHES.length] ?? [];
    further += 1;
    const label = uniqueLabel(name, names, taken);
    return { name, label, longName: label, color, ink, dash };
  });
}

/** Names that differ may look the same once they are clean and short; then they are numbered. */
function uniqueLabel(name: string, names: readonly string[], taken: Set<string>): string {
  const clean = shortened(nameText(name), LABEL_LIMIT, LEGEND_SIZE) || t`unnamed`;
  // Vega looks names up in plain objects, and would find "constructor" in any of them.
  const short = clean in {} ? `${clean}\u00a0` : clean;
  let label = short;
  for (let number = 2; taken.has(label) || (label !== name && names.includes(label)); number += 1) {
    label = `${short} (${number})`;
  }
  taken.add(label);
  return label;
}

export const themeConfig: Config = {
  background: "white",
  font: FONT,
  aria: false,
  padding: PADDING,
  countTitle: "count",
  title: {
    anchor: "start",
    frame: "group",
    color: INK,
    fontSize: TITLE_SIZE,
    fontWeight: "bold",
    lineHeight: TITLE_LINE,
    subtitleColor: QUIET_INK,
    subtitleFontSize: SUBTITLE_SIZE,
    subtitleLineHeight: SUBTITLE_LINE,
    subtitlePadding: 6,
    offset: 14,
    limit: 0,
  },
  axis: {
    labelColor: INK,
    labelFontSize: LABEL_SIZE,
    labelLimit: 0,
    labelFlush: false,
    labelSeparation: 6,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titleLimit: 0,
    titlePadding: 8,
    gridColor: GRID,
    domainColor: FRAME,
    tickColor: FRAME,
    tickSize: 4,
  },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 0,
    title: null,
    orient: "top",
    direction: "horizontal",
    columnPadding: 18,
    symbolStrokeWidth: 2.2,
    symbolOpacity: 1,
    offset: 10,
  },
  text: { font: FONT, fontSize: LABEL_SIZE, color: INK },
  view: { stroke: FRAME },
};
