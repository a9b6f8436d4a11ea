import type { Room } from "../../charts/theme.js";
import { layerTitle } from "../../charts/ticks.js";
import { type Pair, type Projector, projectorOf } from "../film-frames.js";
import type { Film, SpotText } from "../payload.js";
import type { ChartView } from "./chart-view.js";
import { button } from "./controls.js";
import type { UpdateLink } from "./update-link.js";

/** From one update to the next while it plays, and how long the bars are on their way, ms. */
const PACE = 1100;
const MOTION = 450;

/** What a player shows on, once there is something. */
interface Screen {
  readonly chart: ChartView;
  readonly room: Room;
  readonly spec: object;
  readonly project: Projector;
}

/** Moves a film to an update, by a slider or by itself, and draws it where it can be seen. */
export function makePlayer(
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
