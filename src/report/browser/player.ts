import type { Viewport } from "../../charts/chart.js";
import { panelsOf } from "../../charts/layers/panels.js";
import { panelParams, valueTicks } from "../../charts/layers/spec.js";
import type { Player } from "../payload.js";
import type { ChartView } from "./chart-view.js";
import { button } from "./controls.js";
import type { Frames } from "./player-frames.js";
import type { UpdateLink } from "./update-link.js";

/** From one update to the next while it plays, and how long the bars are on their way, ms. */
const PACE = 1100;
const MOTION = 450;

/** Places of the arms that are shown: the first one above the axis, the second below it. */
export type Pair = readonly number[];

/** Whom a player reports to. */
export interface Audience {
  /** Which values are shown now. */
  readonly explain: (quantity: number) => void;
  /** At which place among its updates it stands. */
  readonly report: (place: number) => void;
}

/** What a player shows on, once there is something. */
interface Screen {
  readonly chart: ChartView;
  readonly viewport: Viewport;
}

/** Moves a chart of layers to an update, by a slider or by itself, and draws it where it can be seen. */
export function makePlayer(player: Player, frames: Frames, updates: UpdateLink, { explain, report }: Audience) {
  let quantity = 0;
  let pair: Pair = (player.quantities[0]?.arms.length ?? 0) > 1 ? [0, 1] : [0];
  let screen: Screen | undefined;
  let timer: number | undefined;
  /** What is drawn: the place of an update, or between two of them. */
  let shown = 0;
  /** Counts motions: of two that overlap the later one goes on. */
  let motion = 0;
  const last = player.updates.length - 1;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(last);
  const label = document.createElement("label");
  label.className = "slider";
  const figures = document.createElement("output");
  label.append("update ", slider, figures);

  const armsShown = () => pair.flatMap((place) => player.quantities[quantity]?.arms[place] ?? []);
  const nameOf = () => player.quantities[quantity]?.quantity ?? "preActivation";
  const draw = async (place: number, fit = false) => {
    if (screen === undefined) return;
    shown = place;
    const update = player.updates[Math.ceil(place)] ?? 0;
    const labels = armsShown().map(({ label }) => label);
    await screen.chart.update({ shownUpdates: [update] }, { ...frames(place, nameOf(), labels) }, fit);
  };
  /** The axes of the arms and values that are chosen, the same at every update. */
  const redraw = async () => {
    if (screen === undefined) return;
    motion += 1;
    const place = Number(slider.value);
    const { chart, viewport } = screen;
    const panels = panelsOf(armsShown(), [player.updates[place] ?? 0], player.updates, player.layers);
    await chart.update(
      { ...panelParams(panels, nameOf(), { viewport, interactive: true }) },
      { "layer-ticks": valueTicks(panels, { viewport, interactive: true }) },
    );
    // The last update has the widest numbers.
    await draw(last, true);
    await draw(Number(slider.value));
  };
  /** Where motion is not wanted, or more than one step lies between, the update stands there at once. */
  const moveTo = (place: number) => {
    slider.value = String(place);
    const update = player.updates[place] ?? 0;
    figures.textContent = String(update);
    slider.setAttribute("aria-valuetext", `update ${update}`);
    report(place);
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
    updates.goTo(player.updates[place] ?? 0, slider);
  };
  updates.watch(slider, (update) => {
    stop();
    // The last record that is not later.
    moveTo(
      Math.max(
        0,
        player.updates.findLastIndex((recorded) => recorded <= update),
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
  figures.textContent = String(player.updates[0] ?? 0);
  slider.setAttribute("aria-valuetext", `update ${player.updates[0] ?? 0}`);
  const changed = () => {
    explain(quantity);
    report(Number(slider.value));
    void redraw();
  };
  explain(quantity);
  report(0);
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
    async showOn(chart: ChartView, viewport: Viewport, spec: object) {
      await chart.draw(spec);
      screen = { chart, viewport };
      await redraw();
    },
  };
}
