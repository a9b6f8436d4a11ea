import type { Viewport } from "../../charts/chart.js";
import { panelsOf } from "../../charts/layers/extents.js";
import { valueTicks } from "../../charts/layers/layout.js";
import { panelParams } from "../../charts/layers/spec.js";
import { layerName } from "../../tables/table.js";
import type { Columns, Player } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import type { Clock } from "./clock.js";
import { button, choice, menu, row } from "./controls.js";
import { framesOf } from "./player-frames.js";
import { watchViewport, whenIdleOrNear } from "./viewport.js";

/** How long the bars are on their way from one update to the next, ms. */
const MOTION = 450;

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
  const frames = framesOf(source, tables);
  const labels = quantities[0]?.arms.map(({ label }) => label) ?? [];
  const canvas = made("div", "canvas live");
  canvas.tabIndex = 0;
  const caption = made("p", "here live");
  const leftOut = made("p", "notes live");
  let quantity = 0;
  /** Places of the arms that are shown: the first above the axis, the second below it. */
  let pair: readonly number[] = labels.length > 1 ? [0, 1] : [0];
  let chart: ChartView | undefined;
  let viewport: Viewport | undefined;
  /** Of the update that the clock is at, and of what is drawn, which may lie between two. */
  let place = 0;
  let shown = 0;
  /** Counts motions: of two that overlap the later one goes on. */
  let motion = 0;
  let tallest = 0;

  const nameOf = () => quantities[quantity]?.quantity ?? "preActivation";
  const armsShown = () => pair.flatMap((arm) => quantities[quantity]?.arms[arm] ?? []);
  const draw = async (at: number, fit = false) => {
    shown = at;
    const update = updates[Math.ceil(at)] ?? 0;
    const arms = armsShown().map(({ label }) => label);
    await chart?.update({ shownUpdates: [update] }, { ...frames(at, nameOf(), arms) }, fit);
  };
  /** The axes of the arms and values that are chosen, the same at every update. */
  const redraw = async () => {
    if (chart === undefined || viewport === undefined) return;
    motion += 1;
    const view = { viewport, interactive: true };
    const panels = panelsOf(armsShown(), [updates[place] ?? 0], updates, layers);
    await chart.update(panelParams(panels, nameOf(), view), { "layer-ticks": valueTicks(panels, view) });
    // The last update has the widest numbers.
    await draw(updates.length - 1, true);
    await draw(place);
  };
  /** Where motion is not wanted, or more than one step lies between, the update is there at once. */
  const moveTo = (next: number) => {
    place = next;
    motion += 1;
    const own = motion;
    const from = shown;
    if (Math.abs(next - from) > 1 || matchMedia("(prefers-reduced-motion: reduce)").matches) return void draw(next);
    const start = performance.now();
    const step = async (now: number) => {
      if (own !== motion) return;
      const share = Math.min(1, Math.max(0, now - start) / MOTION);
      await draw(share === 1 ? next : from + (next - from) * share * share * (3 - 2 * share));
      if (share < 1) requestAnimationFrame((later) => void step(later));
    };
    requestAnimationFrame((later) => void step(later));
  };
  /** What the layers of both arms look like at the update that is shown. */
  const describe = () => {
    const clauses = pair.flatMap((arm, index) => {
      const name = made("b", `arm arm-${arm}`);
      name.textContent = labels[arm] ?? "";
      return [index === 0 ? "" : "; ", name, ` ${quantities[quantity]?.arms[arm]?.captions[place] ?? ""}`];
    });
    caption.replaceChildren(...clauses, ".");
    // What is below does not move back and forth with the sentence's length.
    caption.style.removeProperty("min-height");
    tallest = Math.max(tallest, caption.offsetHeight);
    caption.style.setProperty("min-height", `${tallest}px`);
  };
  /** Moves the living picture to the figure of the values that are chosen, whose words explain them. */
  const choose = () => {
    for (const [at, figure] of figures.entries()) figure.classList.toggle("chosen", at === quantity);
    const figure = figures[quantity];
    figure?.querySelector("figcaption")?.append(caption);
    figure?.querySelector(".canvas.of-still")?.before(canvas);
    figure?.querySelector(".how")?.append(leftOut);
    describe();
    void redraw();
  };

  const sideBySide = button("updates side by side", () => {
    const isStill = part.classList.toggle("still");
    sideBySide.textContent = isStill ? "one update at a time" : "updates side by side";
    clock.stop();
  });
  const names = layers.drawn.map((layer) => layerName(layer, layers.count));
  // A kind of values that is not drawn has nothing that says how to read it.
  const kinds = quantities.slice(0, figures.length).map(({ name }) => name);
  const chooseQuantity = (chosen: number) => {
    quantity = chosen;
    choose();
  };
  const choosePair = (chosen: readonly number[]) => {
    pair = chosen;
    describe();
    void redraw();
  };
  part.prepend(
    row(
      ...(kinds.length > 1 ? [choice("Which values", kinds, chooseQuantity)] : []),
      ...pairMenus(labels, choosePair),
      menu("highlight", ["no layer", ...names], (chosen) => shared.link.pin(names[chosen - 1] ?? null)),
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
  choose();
  clock.watch((update) => {
    // The last record that is not later.
    moveTo(
      Math.max(
        0,
        updates.findLastIndex((own) => own <= update),
      ),
    );
    describe();
  });
  const start = async () => {
    if (chart === undefined || viewport === undefined) return;
    await chart.draw(shared.specAt(source.specs[viewport]));
    await redraw();
  };
  watchViewport(canvas, (now) => {
    viewport = now;
    tallest = 0;
    if (chart === undefined) canvas.replaceChildren(emptyPicture(shared.specAt(source.specs[now])));
    void start();
  });
  whenIdleOrNear(canvas, () => {
    chart = makeChartView(canvas, "Histograms of every layer at one update.", shared);
    void start();
  });
}

function made<Name extends "b" | "div" | "p">(element: Name, className: string): HTMLElementTagNameMap[Name] {
  const created = document.createElement(element);
  created.className = className;
  return created;
}

/** Takes the space of a drawing that is to come, so that nothing below it moves when it does. */
function emptyPicture({ width, height }: { readonly width?: unknown; readonly height?: unknown }): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", `0 0 ${Number(width) + 60} ${Number(height) + 90}`);
  return picture;
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
