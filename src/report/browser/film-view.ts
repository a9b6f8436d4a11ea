import type { Room } from "../../charts/theme.js";
import { layerTitle } from "../../charts/ticks.js";
import type { Pair } from "../film-frames.js";
import type { Film, VegaSpec } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { button, choice, menu } from "./controls.js";
import { makePlayer } from "./film-player.js";
import { markRoom, watchRoom, whenIdleOrNear } from "./room.js";

/** The layers' histograms with a slider over the updates, in place of the pictures that show all of them. */
export function showFilm(film: Film, part: HTMLElement, shared: Shared, filled: (spec: VegaSpec) => object): void {
  const figure = document.createElement("figure");
  figure.className = "chart film";
  const caption = document.createElement("figcaption");
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.tabIndex = 0;
  const notes = document.createElement("p");
  notes.className = "notes";
  const drawn = film.arms[0]?.records[0]?.counts[0] ?? [];
  const some = drawn.filter((counts) => counts.length > 0).length;
  const leftOut = some === drawn.length ? [] : [` Drawn: ${some} of ${drawn.length} layers.`];
  const stills = [...part.querySelectorAll("figure")];
  let shown = 0;
  let tallest = 0;
  let pair: Pair = film.arms.length > 1 ? [0, 1] : [0];
  /** What the layers look like at the update that is shown stands where the picture tells it of the last one. */
  const tell = (place: number) => {
    const here = caption.lastElementChild;
    if (!(here instanceof HTMLElement)) return;
    const mark = here.querySelector(".mark");
    const clauses = pair.flatMap((arm, index) => [
      index === 0 ? "" : "; ",
      armName(film, arm),
      ` ${film.arms[arm]?.readings[shown]?.[place] ?? ""}`,
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
    for (const { arm, marks } of named) for (const mark of marks) mark.replaceWith(armName(film, arm));
    // What of the pictures is left out is not left out here.
    notes.replaceChildren(...copies(".notes > :first-child"), ...leftOut);
  };
  const player = makePlayer(film, shared.updates, explain, tell);
  const choosePair = (chosen: Pair) => {
    pair = chosen;
    player.choosePair(pair);
  };
  const showsAll = button("updates side by side", () => {
    const isStill = part.classList.toggle("still");
    showsAll.textContent = isStill ? "one update at a time" : "updates side by side";
    player.stop();
  });
  const layers = drawn.length;
  const titles = Array.from({ length: layers }, (_, layer) => layerTitle(layer, layers));
  const highlight = menu("highlight", ["no layer", ...titles], (chosen) => shared.link.pin(chosen - 1));
  // A kind of values that is not drawn has nothing that says how to read it.
  const names = film.quantities.slice(0, stills.length).map(({ name }) => name);
  const quantity = choice("Which values", names, (chosen) => player.chooseQuantity(chosen));
  figure.append(
    row(...(names.length > 1 ? [quantity] : []), ...pairMenus(film, choosePair), highlight, showsAll),
    caption,
    row(...player.controls),
    canvas,
    notes,
  );
  part.prepend(figure);
  part.classList.add("filmed");
  let chart: ChartView | undefined;
  let room: Room | undefined;
  const draw = () => {
    if (chart !== undefined && room !== undefined) void player.showOn(chart, room, filled(film.layouts[room].spec));
  };
  watchRoom(canvas, (now) => {
    room = now;
    tallest = 0;
    markRoom(canvas, now);
    if (chart === undefined) canvas.replaceChildren(emptyPicture(film.layouts[now].spec));
    draw();
  });
  whenIdleOrNear(figure, () => {
    chart = makeChartView(canvas, "Histograms of every layer at one update.", [], shared);
    draw();
  });
}

/** Takes the room of a drawing that is to come, so that nothing below it moves when it does. */
function emptyPicture({ width, height, padding }: VegaSpec): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const [wide, tall] = [width, height].map((size) => Number(size) + 2 * Number(padding ?? 0));
  picture.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  return picture;
}

function row(...parts: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "controls";
  made.append(...parts);
  return made;
}

/** An arm's name in its colour. */
function armName({ arms }: Film, place: number): HTMLElement {
  const name = document.createElement("b");
  name.className = `arm arm-${place}`;
  name.textContent = arms[place]?.name ?? "";
  return name;
}

/** Of more than two arms, which one stands above the axis and which hangs below it. */
function pairMenus({ arms }: Film, choose: (pair: Pair) => void): HTMLElement[] {
  if (arms.length < 3) return [];
  const pair = [0, 1];
  const names = arms.map(({ name }) => name);
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
