import { html, type Markup } from "../text/html.js";
import type { Rows } from "../text/rows.js";

/** A table in a frame that scrolls where it is too wide; the first column names the row. */
export function tableMarkup({ head, rows, left }: Rows, caption: string): Markup {
  const side = (column: number) => (column < left ? "" : "number");
  const cell = (content: string, column: number) =>
    column === 0 ? html`<th scope="row">${content}</th>` : html`<td class="${side(column)}">${content}</td>`;
  return html`<div class="table" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((text, column) => html`<th scope="col" class="${side(column)}">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`;
}

/** What of a run is best said in rows; made where the terminal's tables are made, so that both say the same. */
export interface RunTables {
  readonly finals: Rows;
  /** What costs are read against. */
  readonly referenceCosts: readonly string[];
  readonly seeds?: Rows;
  readonly effects?: { readonly table: Rows; readonly note: string };
  /** What arithmetic alone may change. */
  readonly rounding: readonly string[];
  /** Layers that are not healthy. */
  readonly verdicts: Rows;
  readonly gaps: { readonly table: Rows; readonly note: string };
  /** Decay in the words of other libraries. */
  readonly momentum: string;
  readonly certificate: Rows;
  readonly differences: readonly string[];
}
