import { layerTitle } from "../../charts/ticks.js";
import { filmFrames } from "../film-frames.js";
import type { Film, SpotText } from "../payload.js";
import { type ChartView, makeChartView, type Shared } from "./chart-view.js";
import { button, choice, menu } from "./controls.js";

/** From one update to the next while it plays, ms. */
const PACE = 900;

/** The layers' histograms with a slider over the updates, in place of the pictures that show all of them. */
export async function showFilm(film: Film, part: HTMLElement, shared: Shared): Promise<void> {
  const figure = document.createElement("figure");
  figure.className = "chart film";
  const caption = document.createElement("figcaption");
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.tabIndex = 0;
  const chart = makeChartView(canvas, "Histograms of every layer at one update.", [], shared);
  const captions = [...part.querySelectorAll("figcaption")];
  const player = await makePlayer(film, chart, (quantity) => {
    const still = captions[quantity];
    if (still !== undefined) caption.replaceChildren(...[...still.childNodes].map((node) => node.cloneNode(true)));
  });
  const stills = button("all updates side by side", () => {
    const isStill = part.classList.toggle("still");
    stills.textContent = isStill ? "one update at a time" : "all updates side by side";
    player.stop();
  });
  const layers = film.arms[0]?.records[0]?.counts[0]?.length ?? 0;
  const titles = Array.from({ length: layers }, (_, layer) => layerTitle(layer, layers));
  const highlight = menu("highlight", ["no layer", ...titles], (chosen) => shared.link.pin(chosen - 1));
  const names = film.quantities.map(({ name }) => name);
  const quantity = choice("Which values", names, (chosen) => void player.chooseQuantity(chosen));
  const top = row(quantity, highlight, stills);
  figure.append(top, caption, row(...player.controls), canvas);
  part.prepend(figure);
  part.classList.add("filmed");
}

function row(...parts: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "controls";
  made.append(...parts);
  return made;
}

async function makePlayer(film: Film, chart: ChartView, explain: (quantity: number) => void) {
  let quantity = 0;
  let frames = filmFrames(film, quantity);
  let timer: number | undefined;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(film.updates.length - 1);
  const label = document.createElement("label");
  label.className = "slider";
  const shown = document.createElement("output");
  label.append("update ", slider, shown);

  const show = async (place = Number(slider.value), fit = false) => {
    const update = film.updates[place] ?? 0;
    shown.textContent = String(update);
    slider.setAttribute("aria-valuetext", `update ${update}`);
    const frame = frames[place];
    if (frame === undefined) return;
    const { frames: panels, rules, outlines, boxes, zeros, labels } = frame.marks;
    const { layers } = frame;
    const rows = panels.map(({ x, x2, y, y2 }, spot) => ({ spot, x, x2, y, y2, at: null, layer: layers[spot] }));
    const data = { frames: panels, rules, outlines, boxes, zeros, labels, spots: rows };
    await chart.update(
      data,
      layers.map((layer) => spotText(film, quantity, update, layer)),
      fit,
    );
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "play";
  };
  const play = button("play", () => {
    if (timer !== undefined) return stop();
    if (slider.value === slider.max) slider.value = "0";
    else slider.value = String(Number(slider.value) + 1);
    void show();
    play.textContent = "pause";
    timer = window.setInterval(() => {
      slider.value = String(Number(slider.value) + 1);
      void show();
      if (slider.value === slider.max) stop();
    }, PACE);
  });
  slider.addEventListener("input", () => {
    stop();
    void show();
  });
  const chooseQuantity = async (chosen: number) => {
    quantity = chosen;
    frames = filmFrames(film, quantity);
    explain(quantity);
    await chart.draw(film.spec);
    // The last update has the widest number.
    await show(film.updates.length - 1, true);
    await show();
  };
  slider.value = "0";
  await chooseQuantity(0);
  return { controls: [play, label], chooseQuantity, stop };
}

/** What is known of a layer at an update, an arm a line. */
function spotText({ arms }: Film, quantity: number, update: number, layer: number): SpotText {
  const layers = arms[0]?.records[0]?.counts[quantity]?.length ?? 0;
  const lines = arms.map(({ name, records, divergedAt }) => {
    const record = records.find((candidate) => candidate.update === update);
    const gone = divergedAt === undefined ? "not recorded" : `diverged at update ${divergedAt}`;
    return `${name}: ${record?.notes[quantity]?.[layer] ?? gone}`;
  });
  return { layer, lines: [`${layerTitle(layer, layers)}, update ${update}`, ...lines] };
}
