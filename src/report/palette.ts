import { armStyles } from "../charts/theme.js";

/** How a chart is turned for a dark page; `invert` is less than 1, so that its ground is the page's and not black. */
const INVERT = 0.92;
export const DARK_FILTER = `invert(${INVERT}) hue-rotate(180deg)`;

/** Classes `arm-0`, `arm-1`, … in the charts' own colours, for light and for dark. */
export function armColors(names: readonly string[]): string {
  const styles = armStyles(names);
  const rules = (color: (style: (typeof styles)[number]) => string) =>
    styles.map((style, place) => `.arm-${place}{--arm:${color(style)}}`).join("");
  const light = rules(({ ink }) => ink);
  const dark = rules(({ ink }) => darkened(ink));
  return `${light}@media (prefers-color-scheme:dark){${dark}.chart svg{filter:${DARK_FILTER}}}@media print{${light}.chart svg{filter:none}}`;
}

/** What DARK_FILTER makes of a colour, by the matrices of CSS Filter Effects, so that text and charts are the same. */
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
