import { layerName } from "../../tables/table.js";
import type { Columns, Player } from "../payload.js";
import type { Shared } from "./chart-view.js";
import type { Clock } from "./clock.js";
import { button, choice, made, menu, row } from "./controls.js";
import { type Choice, showLayers } from "./layers-view.js";

/** The histograms of every layer at one update, in the place of the pictures that show some updates side by side. */
export function showPlayer(
  source: Player,
  tables: readonly Columns[],
  part: HTMLElement,
  clock: Clock,
  shared: Shared,
): void {
  const { updates, recorded, layers, quantities } = source;
  const figures = [...part.querySelectorAll("figure")];
  const labels = quantities[0]?.arms.map(({ label }) => label) ?? [];
  const canvas = made("div", "canvas live");
  canvas.tabIndex = 0;
  const caption = made("p", "here live");
  const leftOut = made("p", "notes live");
  const chosen: Choice = { quantity: 0, pair: labels.length > 1 ? [0, 1] : [0] };

  /** Moves the living picture to the figure of the values that are chosen, whose words explain them. */
  const enter = () => {
    for (const [at, figure] of figures.entries()) figure.classList.toggle("chosen", at === chosen.quantity);
    const figure = figures[chosen.quantity];
    figure?.querySelector("figcaption")?.append(caption);
    figure?.querySelector(".canvas.of-still")?.before(canvas);
    figure?.querySelector(".how")?.append(leftOut);
  };
  const sideBySide = button("updates side by side", () => {
    const isStill = part.classList.toggle("still");
    sideBySide.textContent = isStill ? "one update at a time" : "updates side by side";
    clock.stop();
  });
  const changed = () => {
    describe();
    void view.redraw();
  };
  const names = layers.drawn.map((layer) => layerName(layer, layers.count));
  // A kind of values that is not drawn has nothing that says how to read it.
  const kinds = quantities.slice(0, figures.length).map(({ name }) => name);
  const chooseQuantity = (quantity: number) => {
    chosen.quantity = quantity;
    enter();
    changed();
  };
  const choosePair = (pair: readonly number[]) => {
    chosen.pair = pair;
    changed();
  };
  const highlight = menu("highlight", ["no layer", ...names], (layer) => shared.link.pin(names[layer - 1] ?? null));
  shared.link.watchPinned((layer) => {
    const select = highlight.querySelector("select");
    if (select !== null) select.selectedIndex = layer === null ? 0 : names.indexOf(layer) + 1;
  });
  part.prepend(
    row(
      ...(kinds.length > 1 ? [choice("Which values", kinds, chooseQuantity)] : []),
      ...pairMenus(labels, choosePair),
      highlight,
      sideBySide,
    ),
    row(...clock.controls()),
  );
  const missing = [
    ...(layers.drawn.length < layers.count ? [`${layers.drawn.length} of ${layers.count} layers`] : []),
    ...(updates.length < recorded ? [`${updates.length} of ${recorded} recorded updates`] : []),
  ];
  leftOut.textContent = missing.length === 0 ? "" : `Shown: ${missing.join(", ")}.`;
  part.classList.add("played");
  enter();
  const view = showLayers(source, tables, canvas, chosen, shared);
  let tallest = 0;
  /** What the layers of both arms look like at the update that is shown. */
  const describe = () => {
    caption.replaceChildren(...clausesAbout(chosen.pair, labels, view.captionOf));
    // What is below does not move back and forth with the sentence's length.
    caption.style.removeProperty("min-height");
    tallest = Math.max(tallest, caption.offsetHeight);
    caption.style.setProperty("min-height", `${tallest}px`);
  };
  describe();
  clock.watch((update) => {
    view.moveTo(update);
    describe();
  });
}

/** "plain at update 50 …; bn at update 50 ….", with the arms' names in their colors. */
export function clausesAbout(
  arms: readonly number[],
  labels: readonly string[],
  clause: (arm: number) => string,
): (string | HTMLElement)[] {
  const clauses = arms.flatMap((arm, index) => {
    const name = made("b", `arm arm-${arm}`);
    name.textContent = labels[arm] ?? "";
    return [index === 0 ? "" : "; ", name, ` ${clause(arm)}`];
  });
  return [...clauses, "."];
}

/** Of more than two arms, which one is above the axis and which below it. */
function pairMenus(names: readonly string[], choose: (pair: readonly number[]) => void): HTMLElement[] {
  if (names.length < 3) return [];
  const pair = [0, 1];
  const menus: HTMLElement[] = ["above", "below"].map((side, place) => {
    const chooseOne = (chosen: number) => {
      // An arm on both sides would say nothing: the other side takes what this one had.
      if (pair[1 - place] === chosen) {
        pair[1 - place] = pair[place] ?? 0;
        const other = menus[1 - place]?.querySelector("select");
        if (other !== null && other !== undefined) other.selectedIndex = pair[1 - place] ?? 0;
      }
      pair[place] = chosen;
      choose([...pair]);
    };
    return menu(side, names, chooseOne, place);
  });
  return menus;
}
