import type { Row } from "../../tables/table.js";
import { type Columns, type Payload, rowsOf } from "../payload.js";
import type { Shared } from "./chart-view.js";
import type { Clock } from "./clock.js";
import { made, row } from "./controls.js";
import { showLayers } from "./layers-view.js";
import { clausesAbout } from "./player.js";

/** What the page opens with: fits and layers of two nets, moving with the clock. */
export function showStage(
  { stage, players, tables }: Payload,
  clock: Clock,
  shared: Shared,
  refreshFits: (rows: readonly Row[]) => void,
): void {
  const part = document.getElementById("stage");
  const canvas = part?.querySelector<HTMLElement>(".of-layers");
  const player = players["stage"];
  if (part === null || canvas === null || canvas === undefined || player === undefined) return;
  const labels = player.quantities[0]?.arms.map(({ label }) => label) ?? [];
  const pair = labels.map((_, arm) => arm);
  const caption = made("p", "here");
  canvas.before(row(...clock.controls()), caption);
  const view = showLayers(player, tables, canvas, { quantity: 0, pair }, shared);
  const fitsAt = fitsOf(stage?.fits === undefined ? undefined : tables[stage.fits]);
  const show = (update: number) => {
    view.moveTo(update);
    caption.replaceChildren(...clausesAbout(pair, labels, view.captionOf));
    refreshFits(fitsAt(update));
  };
  clock.watch(show);
  show(clock.update());
}

/** Each arm's fit at its last frame that is not later than an update. */
function fitsOf(table: Columns | undefined): (update: number) => readonly Row[] {
  const byArm = new Map<unknown, Map<number, Row[]>>();
  for (const fit of rowsOf(table)) {
    const own = byArm.get(fit["arm"]) ?? new Map<number, Row[]>();
    byArm.set(fit["arm"], own);
    const update = Number(fit["updates"]);
    own.set(update, [...(own.get(update) ?? []), fit]);
  }
  return (update) =>
    [...byArm.values()].flatMap((own) => {
      const last = Math.max(...[...own.keys()].filter((at) => at <= update));
      // Vega writes into rows that it is given.
      return (own.get(last) ?? []).map((fit) => ({ ...fit }));
    });
}
