import { costs } from "../charts/costs/index.js";
import { data } from "../charts/data/index.js";
import { dataSource } from "../charts/data-sets.js";
import { drawableOf } from "../charts/index.js";
import { type Drawable, drawn } from "../charts/picture.js";
import { alone } from "../charts/runs.js";
import { FONT } from "../charts/theme.js";
import type { Result } from "../record/result.js";
import { html } from "../text/html.js";
import { t } from "../text/language.js";
import { merged, motionRules } from "./merged-svg.js";
import { titleOf } from "./setup-words.js";
import { slimSvg } from "./slim-svg.js";
import { stillsOf } from "./stage.js";

/** A column of the animation, px. */
const COLUMN = 344;

/** Fits, costs and layers of a run's first two arms, moving through its frames, as an SVG file; undefined without frames. */
export async function animationOf(run: Result): Promise<string | undefined> {
  const stills = stillsOf(run);
  if (stills === undefined) return undefined;
  const source = dataSource(alone(run));
  const view = { viewport: "narrow", interactive: true } as const;
  const [fit, cost] = [data, costs].map((chart) => drawableOf(chart, alone(run), source, view));
  const left = [
    ...(fit === undefined || run.data.grid === undefined ? [] : [stills.map(({ fits }) => withRows(fit, { fits }))]),
    ...(cost === undefined ? [] : [stills.map(({ update }) => withParam(cost, "clockUpdate", update))]),
  ];
  const columns = [left, [stills.map(({ layers }) => layers)]];
  const parts: string[] = [];
  let height = 0;
  for (const [column, charts] of columns.entries()) {
    let y = 0;
    for (const [row, chart] of charts.entries()) {
      const id = `c${column}${row}`;
      const pictures: string[] = [];
      for (const drawable of chart) pictures.push(bare((await drawn(drawable, id)).bare));
      const [, , high = "0"] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(pictures[0] ?? "") ?? [];
      parts.push(`<g transform="translate(${column * COLUMN},${y})">${slimSvg(merged(pictures), id)}</g>`);
      y += Number(high);
      height = Math.max(height, y);
    }
  }
  const size = `width="${columns.length * COLUMN}" height="${height}"`;
  const title = html`<title>${t`Training, update by update: ${titleOf(run)}`}</title>`.text;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${columns.length * COLUMN} ${height}" font-family='${FONT}' role="img">${title}<style>${motionRules(stills.length)}</style><rect ${size} fill="white"/>${parts.join("")}</svg>\n`;
}

/** Without what a picture says for itself alone. */
function bare(svg: string): string {
  return svg.replace(/(<(title|desc)[^>]*>)[^<]*(<\/\2>)/g, "$1$3");
}

function withRows(drawable: Drawable, sets: Drawable["sets"]): Drawable {
  return { ...drawable, sets: { ...drawable.sets, ...sets } };
}

function withParam(drawable: Drawable, name: string, value: unknown): Drawable {
  const params = drawable.spec.params?.map((param) => (param.name === name ? { ...param, value } : param)) ?? [];
  return { ...drawable, spec: { ...drawable.spec, params } };
}
