import { armStyles } from "../charts/theme.js";

/** How a chart is turned for a dark page; `invert` is less than 1, so that its ground is the page's and not black. */
const INVERT = 0.92;
const DARK_FILTER = `invert(${INVERT}) hue-rotate(180deg)`;

/** Of marks that are pixels of an image, by their names: turned twice they keep their colors. */
const PIXELS = `.chart svg [class*=" pixels"]`;

/** Charts on a dark page, and as they are on paper. */
export const CHART_FILTERS = `${PIXELS}{shape-rendering:crispEdges}@media (prefers-color-scheme:dark){.chart svg{filter:${DARK_FILTER}}${PIXELS}{filter:invert(1) hue-rotate(180deg)}}@media print{.chart svg,${PIXELS}{filter:none}}`;

/** Classes `arm-0`, `arm-1`, … within a scope, in the charts' own colors, for light and for dark. */
export function armColors(names: readonly string[], scope = ""): string {
  const inks = armStyles(names).map(({ ink }) => ink);
  return colorRules(inks, `${scope}.arm-`, "--arm");
}

/** Rules `SELECTOR0`, `SELECTOR1`, … that set a variable to each color. */
export function colorRules(colors: readonly string[], selector: string, variable: string): string {
  const rules = (turned: (color: string) => string) =>
    colors.map((color, place) => `${selector}${place}{${variable}:${turned(color)}}`).join("");
  const light = rules((color) => color);
  return `${light}@media (prefers-color-scheme:dark){${rules(darkened)}}@media print{${light}}`;
}

/** What DARK_FILTER makes of a color, by the matrices of CSS Filter Effects, so that text and charts are the same. */
export function darkened(hex: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((channel) => channel * (1 - 2 * INVERT) + INVERT);
  const turned = [
    -0.574 * r + 1.43 * g + 0.144 * b,
    0.426 * r + 0.43 * g + 0.144 * b,
    0.426 * r + 1.43 * g - 0.856 * b,
  ];
  return `#${turned.map((channel) => hexOf(Math.min(1, Math.max(0, channel)))).join("")}`;
}

function hexOf(channel: number): string {
  return Math.round(channel * 255)
    .toString(16)
    .padStart(2, "0");
}
