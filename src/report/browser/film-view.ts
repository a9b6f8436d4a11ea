import type { Room } from "../../charts/theme.js";
import { layerTitle } from "../../charts/ticks.js";
import { type Pair, type Projector, projectorOf } from "../film-frames.js";
import type { Film, SpotText, VegaSpec } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { button, choice, menu } from "./controls.js";
import { watchRoom, whenNear } from "./room.js";
import type { UpdateLink } from "./update-link.js";

/** From one update to the next while it plays, and how long the bars are on their way, ms. */
const PACE = 1100;
const MOTION = 450;

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
  const stills = [...part.querySelectorAll("figure")];
  let shown = 0;
  let pair: Pair = film.arms.length > 1 ? [0, 1] : [0];
  /** What the layers look like at the update that is shown stands where the picture tells it of the last one. */
  const tell = (place: number) => {
    const here = caption.lastElementChild;
    if (here === null) return;
    const mark = here.querySelector(".mark");
    const clauses = pair.flatMap((arm, index) => [
      index === 0 ? "" : "; ",
      armName(film, arm),
      ` ${film.arms[arm]?.readings[shown]?.[place] ?? ""}`,
    ]);
    here.replaceChildren(...(mark === null ? [] : [mark, " "]), ...clauses, ".");
  };
  const explain = (quantity: number) => {
    shown = quantity;
    const still = stills[quantity];
    const copies = (selector: string) =>
      [...(still?.querySelectorAll(selector) ?? [])].map((node) => node.cloneNode(true));
    caption.replaceChildren(...copies("figcaption > *"));
    // It names the arms that the picture shows.
    for (const [place, arm] of pair.entries()) {
      for (const name of caption.querySelectorAll(`.arm-${place}`)) name.replaceWith(armName(film, arm));
    }
    // What of the pictures is left out is not left out here.
    notes.replaceChildren(...copies(".notes > :first-child"));
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
  const layers = film.arms[0]?.records[0]?.counts[0]?.length ?? 0;
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
  whenNear(figure, () => {
    const chart = makeChartView(canvas, "Histograms of every layer at one update.", [], shared);
    watchRoom(canvas, (room) => void player.showOn(chart, room, filled(film.layouts[room].spec)));
  });
}

function row(...parts: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "controls";
  made.append(...parts);
  return made;
}

/** What a player shows on, once there is something. */
interface Screen {
  readonly chart: ChartView;
  readonly room: Room;
  readonly spec: object;
  readonly project: Projector;
}

function makePlayer(
  film: Film,
  updates: UpdateLink,
  explain: (quantity: number) => void,
  tell: (place: number) => void,
) {
  let quantity = 0;
  let pair: Pair = film.arms.length > 1 ? [0, 1] : [0];
  let screen: Screen | undefined;
  let timer: number | undefined;
  /** What is drawn: the place of an update, or between two of them. */
  let shown = 0;
  /** Counts motions: of two that overlap the later one goes on. */
  let motion = 0;
  const last = film.updates.length - 1;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(last);
  const label = document.createElement("label");
  label.className = "slider";
  const figures = document.createElement("output");
  label.append("update ", slider, figures);

  const draw = async (place: number, fit = false) => {
    if (screen === undefined) return;
    shown = place;
    const update = film.updates[Math.ceil(place)] ?? 0;
    const { marks, layers } = screen.project(place);
    const { frames, rules, outlines, boxes, zeros, labels } = marks;
    const spots = frames.map(({ x, x2, y, y2 }, spot) => ({ spot, x, x2, y, y2, at: null, layer: layers[spot] }));
    const said = layers.map((layer) => spotText(film, pair, quantity, update, layer));
    await screen.chart.update({ frames, rules, outlines, boxes, zeros, labels, spots }, said, fit);
  };
  const redraw = async () => {
    if (screen === undefined) return;
    motion += 1;
    await screen.chart.draw(screen.spec);
    // The last update has the widest numbers.
    await draw(last, true);
    await draw(Number(slider.value));
  };
  /** Where motion is not wanted, or more than one step lies between, the update stands there at once. */
  const moveTo = (place: number) => {
    slider.value = String(place);
    const update = film.updates[place] ?? 0;
    figures.textContent = String(update);
    slider.setAttribute("aria-valuetext", `update ${update}`);
    tell(place);
    motion += 1;
    const own = motion;
    const from = shown;
    if (Math.abs(place - from) > 1 || matchMedia("(prefers-reduced-motion: reduce)").matches) return void draw(place);
    const start = performance.now();
    const step = async (now: number) => {
      if (own !== motion) return;
      const share = Math.min(1, Math.max(0, now - start) / MOTION);
      const eased = share * share * (3 - 2 * share);
      await draw(share === 1 ? place : from + (place - from) * eased);
      if (share < 1) requestAnimationFrame((next) => void step(next));
    };
    requestAnimationFrame((next) => void step(next));
  };
  const goTo = (place: number) => {
    moveTo(place);
    updates.goTo(film.updates[place] ?? 0, slider);
  };
  updates.watch(slider, (update) => {
    stop();
    // The last record that is not later.
    moveTo(
      Math.max(
        0,
        film.updates.findLastIndex((recorded) => recorded <= update),
      ),
    );
  });
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "play";
  };
  const play = button("play", () => {
    if (timer !== undefined) return stop();
    goTo(Number(slider.value) === last ? 0 : Number(slider.value) + 1);
    play.textContent = "pause";
    timer = window.setInterval(() => {
      if (Number(slider.value) === last) return stop();
      goTo(Number(slider.value) + 1);
      if (Number(slider.value) === last) stop();
    }, PACE);
  });
  slider.addEventListener("input", () => {
    stop();
    goTo(Number(slider.value));
  });
  slider.value = "0";
  figures.textContent = String(film.updates[0] ?? 0);
  slider.setAttribute("aria-valuetext", `update ${film.updates[0] ?? 0}`);
  const changed = () => {
    explain(quantity);
    tell(Number(slider.value));
    if (screen === undefined) return;
    screen = { ...screen, project: projectorOf(film, quantity, film.layouts[screen.room].panels, pair) };
    void redraw();
  };
  explain(quantity);
  tell(0);
  return {
    controls: [play, label],
    stop,
    chooseQuantity(chosen: number) {
      quantity = chosen;
      changed();
    },
    choosePair(chosen: Pair) {
      pair = chosen;
      changed();
    },
    async showOn(chart: ChartView, room: Room, spec: object) {
      screen = { chart, room, spec, project: projectorOf(film, quantity, film.layouts[room].panels, pair) };
      await redraw();
    },
  };
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
  return ["above", "below"].map((side, place) =>
    menu(
      side,
      names,
      (chosen) => {
        pair[place] = chosen;
        choose([...pair]);
      },
      place,
    ),
  );
}

/** What is known of a layer at an update, an arm a line. */
function spotText({ arms }: Film, pair: Pair, quantity: number, update: number, layer: number): SpotText {
  const layers = arms[0]?.records[0]?.counts[quantity]?.length ?? 0;
  const shown = pair.flatMap((place) => arms[place] ?? []);
  const lines = shown.map(({ name, records, divergedAt }) => {
    const record = records.find((candidate) => candidate.update === update);
    const gone = divergedAt === undefined ? "not recorded" : `diverged at update ${divergedAt}`;
    return `${name}: ${record?.notes[quantity]?.[layer] ?? gone}`;
  });
  return { layer, lines: [`${layerTitle(layer, layers)}, update ${update}`, ...lines] };
}
