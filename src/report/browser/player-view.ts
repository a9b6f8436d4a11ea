import type { Viewport } from "../../charts/chart.js";
import { layerName } from "../../tables/table.js";
import type { PackedTable, Player } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { button, choice, menu } from "./controls.js";
import type { Filled } from "./filled.js";
import { makePlayer, type Pair } from "./player.js";
import { framesOf } from "./player-frames.js";
import { watchViewport, whenIdleOrNear } from "./viewport.js";

/** The layers' histograms with a slider over the updates, in place of the pictures that show some of them side by side. */
export function showPlayer(
  source: Player,
  tables: readonly PackedTable[],
  part: HTMLElement,
  shared: Shared,
  filled: Filled,
): void {
  const figure = document.createElement("figure");
  figure.className = "chart player";
  const caption = document.createElement("figcaption");
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.tabIndex = 0;
  const notes = document.createElement("p");
  notes.className = "notes";
  const { layers, updates, recorded } = source;
  const arms = source.quantities[0]?.arms ?? [];
  const missing = [
    ...(layers.drawn.length < layers.count ? [`${layers.drawn.length} of ${layers.count} layers`] : []),
    ...(updates.length < recorded ? [`${updates.length} of ${recorded} recorded updates`] : []),
  ];
  const leftOut = missing.length === 0 ? [] : [` Shown: ${missing.join(", ")}.`];
  const stills = [...part.querySelectorAll("figure")];
  let shown = 0;
  let tallest = 0;
  let pair: Pair = arms.length > 1 ? [0, 1] : [0];
  /** What the layers look like at the update that is shown stands where the picture says it of the last one. */
  const report = (place: number) => {
    const here = caption.lastElementChild;
    if (!(here instanceof HTMLElement)) return;
    const mark = here.querySelector(".mark");
    const clauses = pair.flatMap((arm, index) => [
      index === 0 ? "" : "; ",
      armName(source, arm),
      ` ${source.quantities[shown]?.arms[arm]?.captions[place] ?? ""}`,
    ]);
    here.replaceChildren(...(mark === null ? [] : [mark, " "]), ...clauses, ".");
    // What stands below does not move back and forth with the sentence's length.
    here.style.removeProperty("min-height");
    tallest = Math.max(tallest, here.offsetHeight);
    here.style.setProperty("min-height", `${tallest}px`);
  };
  const explain = (quantity: number) => {
    shown = quantity;
    const still = stills[quantity];
    const copies = (selector: string) =>
      [...(still?.querySelectorAll(selector) ?? [])].map((node) => node.cloneNode(true));
    caption.replaceChildren(...copies("figcaption > *"));
    // It names the arms that the picture shows.
    const named = pair.map((arm, place) => ({ arm, marks: [...caption.querySelectorAll(`.arm-${place}`)] }));
    for (const { arm, marks } of named) for (const mark of marks) mark.replaceWith(armName(source, arm));
    // What of the pictures is left out is not left out here.
    notes.replaceChildren(...copies(".notes > :first-child"), ...leftOut);
  };
  const player = makePlayer(source, framesOf(source, tables), shared.updates, { explain, report });
  const choosePair = (chosen: Pair) => {
    pair = chosen;
    player.choosePair(pair);
  };
  const showsAll = button("updates side by side", () => {
    const isStill = part.classList.toggle("still");
    showsAll.textContent = isStill ? "one update at a time" : "updates side by side";
    player.stop();
  });
  const titles = layers.drawn.map((layer) => layerName(layer, layers.count));
  const highlight = menu("highlight", ["no layer", ...titles], (chosen) => shared.link.pin(titles[chosen - 1] ?? null));
  // A kind of values that is not drawn has nothing that says how to read it.
  const names = source.quantities.slice(0, stills.length).map(({ name }) => name);
  const quantity = choice("Which values", names, (chosen) => player.chooseQuantity(chosen));
  figure.append(
    row(
      ...(names.length > 1 ? [quantity] : []),
      ...pairMenus(
        arms.map(({ label }) => label),
        choosePair,
      ),
      highlight,
      showsAll,
    ),
    caption,
    row(...player.controls),
    canvas,
    notes,
  );
  part.prepend(figure);
  part.classList.add("played");
  let chart: ChartView | undefined;
  let viewport: Viewport | undefined;
  const draw = () => {
    if (chart !== undefined && viewport !== undefined)
      void player.showOn(chart, viewport, filled(source.specs[viewport]));
  };
  watchViewport(canvas, (now) => {
    viewport = now;
    tallest = 0;
    if (chart === undefined) canvas.replaceChildren(emptyPicture(filled(source.specs[now])));
    draw();
  });
  whenIdleOrNear(figure, () => {
    chart = makeChartView(canvas, "Histograms of every layer at one update.", shared);
    draw();
  });
}

/** Takes the room of a drawing that is to come, so that nothing below it moves when it does. */
function emptyPicture({ width, height }: { readonly width?: unknown; readonly height?: unknown }): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", `0 0 ${Number(width) + 60} ${Number(height) + 90}`);
  return picture;
}

function row(...parts: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "controls";
  made.append(...parts);
  return made;
}

/** An arm's name in its color. */
function armName({ quantities }: Player, place: number): HTMLElement {
  const name = document.createElement("b");
  name.className = `arm arm-${place}`;
  name.textContent = quantities[0]?.arms[place]?.label ?? "";
  return name;
}

/** Of more than two arms, which one stands above the axis and which hangs below it. */
function pairMenus(names: readonly string[], choose: (pair: Pair) => void): HTMLElement[] {
  if (names.length < 3) return [];
  const pair = [0, 1];
  const menus: HTMLElement[] = ["above", "below"].map((side, place) =>
    menu(
      side,
      names,
      (chosen) => {
        // An arm on both sides would say nothing: the other side takes what this one had.
        if (pair[1 - place] === chosen) {
          pair[1 - place] = pair[place] ?? 0;
          const other = menus[1 - place]?.querySelector("select");
          if (other !== null && other !== undefined) other.selectedIndex = pair[1 - place] ?? 0;
        }
        pair[place] = chosen;
        choose([...pair]);
      },
      place,
    ),
  );
  return menus;
}
